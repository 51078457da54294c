"""Formats of data that is kept permanently: each has a number, and old ones stay readable.

The data are dataclasses. A field that was added later declares its format; its default never
changes, because data without the field mean it.
"""

from collections.abc import Callable
from dataclasses import Field, field, fields
from functools import cache
from typing import Any


class NewerFormat(ValueError):
    """The data were written by a newer program: ``kind`` in format ``number``; ours knows up to
    ``known``.
    """

    def __init__(self, kind: str, number: int, known: int) -> None:
        super().__init__(
            f"{kind} of format {number}: a newer program wrote it, this one reads up to {known}"
        )
        self.kind = kind
        self.number = number
        self.known = known


def since(number: int, *, meant: Any) -> Any:
    """Return a field that exists since this format; data of an older one mean ``meant``."""
    return field(default=meant, metadata={"since": number})


def first(one: Field[Any]) -> int:
    """Return the format in which a field was added; 1 if it declares none."""
    return int(one.metadata.get("since", 1))


def _names(kind: type[Any], number: int) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind) if first(one) <= number)


def _newest(kind: type[Any]) -> int:
    return max(first(one) for one in fields(kind))


#: The fields of this format, in their order.
names: Callable[[Any, int], tuple[str, ...]] = cache(_names)
#: The format that is written: the one in which the last field was added.
newest: Callable[[Any], int] = cache(_newest)


def need_known(kind: str, number: int, known: int) -> None:
    """Raise `NewerFormat` for a format of a newer program."""
    if number > known:
        raise NewerFormat(kind, number, known)
