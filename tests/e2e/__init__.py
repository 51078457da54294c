"""Journeys in Debian's chromium against a server of its own over the demo town."""
