"""The traditional characters of the words of lists: headers, units, times, totals.

Names of people, teams and places stay as they are written.
"""

from volunteer_service.people.search.traditional_characters import simplified

#: Two forms that are used in headers and are missing in the table for names (OpenCC 1.4).
_PRINTED = str.maketrans("録説", "录说")


def simple(words: str) -> str:
    """Return the same words in simplified characters."""
    return simplified(words).translate(_PRINTED)
