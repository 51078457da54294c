"""Formats of what is kept for ever: each has a number, and the old ones are read for ever.

A kept thing is a dataclass. A field that came later says since which format it is there; its
default is frozen with it, because that is what older data means by not having it.
"""

from dataclasses import Field, fields
from typing import Any


class NewerFormat(ValueError):
    """A newer program wrote this: ``kind`` in format ``number``; ours knows up to ``known``."""

    def __init__(self, kind: str, number: int, known: int) -> None:
        super().__init__(
            f"{kind} of format {number}: a newer program wrote it, this one reads up to {known}"
        )
        self.kind = kind
        self.number = number
        self.known = known


def first(one: Field[Any]) -> int:
    """The format in which a field came; 1 where it says nothing."""
    return int(one.metadata.get("since", 1))


def names(kind: type[Any], number: int) -> tuple[str, ...]:
    """The fields that data of this format has, in the order in which they stand."""
    return tuple(one.name for one in fields(kind) if first(one) <= number)


def newest(kind: type[Any]) -> int:
    """The format that is written: the one in which the last field came."""
    return max(first(one) for one in fields(kind))


def need_known(kind: type[Any], number: int) -> None:
    """Raise `NewerFormat` for a format that a newer program gave."""
    if number > newest(kind):
        raise NewerFormat(kind.__name__.lower(), number, newest(kind))
