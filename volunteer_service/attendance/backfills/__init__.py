"""Service that was entered from paper."""
