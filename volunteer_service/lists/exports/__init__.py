"""Exports that take longer than a request: written beside it to a private file, kept some days."""
