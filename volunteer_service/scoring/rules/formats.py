"""Formats of data that is kept permanently: each has a number, and old ones stay readable.

A kept thing is a dataclass. A field that came later says since which format it is there; its
default is frozen with it, because that is what older data means by not having it.
"""

from collections.abc import Callable
from dataclasses import Field, field, fields
from functools import cache
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


def since(number: int, *, meant: Any) -> Any:
    """Return a field that is there since this format; what is of an older one means ``meant``."""
    return field(default=meant, metadata={"since": number})


def first(one: Field[Any]) -> int:
    """Return the format in which a field came; 1 where it says nothing."""
    return int(one.metadata.get("since", 1))


def _names(kind: type[Any], number: int) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind) if first(one) <= number)


def _newest(kind: type[Any]) -> int:
    return max(first(one) for one in fields(kind))


#: The fields that data of this format has, in the order in which they stand.
names: Callable[[Any, int], tuple[str, ...]] = cache(_names)
#: The format that is written: the one in which the last field came.
newest: Callable[[Any], int] = cache(_newest)


def need_known(kind: str, number: int, known: int) -> None:
    """Raise `NewerFormat` for a format that a newer program gave."""
    if number > known:
        raise NewerFormat(kind, number, known)
