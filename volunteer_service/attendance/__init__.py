"""Check-in and check-out, and the service records that result from them."""
