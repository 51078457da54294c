"""Merges one team into another: who and what goes along, what stays, the undo within some days."""
