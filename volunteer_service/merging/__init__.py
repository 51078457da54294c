"""Merges two entries of one person, with all their data; a merging can be undone for some days.

Decision 0028 says what moves and what stays.
"""
