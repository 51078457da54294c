"""Lists of staff: every declared one, whatever its subject."""
