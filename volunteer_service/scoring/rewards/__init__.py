"""Gifts, stock, redemptions, and the desk's day."""
