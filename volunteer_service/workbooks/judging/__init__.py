"""Judges each row against what is known: taken, or refused with its reason and cure."""
