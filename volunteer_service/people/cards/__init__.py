"""Printed volunteer cards: a code that a leader scans, so that an elder needs no phone."""
