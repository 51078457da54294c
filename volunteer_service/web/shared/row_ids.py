"""Ids in a form that is shown again, before any schema has checked them."""

from collections.abc import Iterable

#: Digits that fit every column of ids.
_DIGITS = 18


def read(text: str) -> int | None:
    """Return the id that was sent, or None for an impossible one, such as thousands of digits."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else None


def read_all(texts: Iterable[str]) -> list[int]:
    """Return the ids among the ticked values."""
    return [id_ for id_ in map(read, texts) if id_ is not None]
