"""Who registers, leaves and comes back."""
