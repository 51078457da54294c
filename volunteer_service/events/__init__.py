"""Events with posts and shifts, and who signed up for them."""
