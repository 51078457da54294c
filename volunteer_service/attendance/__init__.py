"""Check-in and check-out, and the service records that come of them."""
