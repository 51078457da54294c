"""Exports that take longer than a request: written beside it to a private file that is kept for
some days.
"""
