"""Undoing a whole import: its effect, and what stays because somebody changed it."""
