"""Merges one team into another: what moves, what stays, and the undo within some days."""
