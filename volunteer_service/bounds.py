"""Bounds that a verb checks itself, whatever calls it; forms only explain them better.

There are three levels. A verb names its own bounds (:func:`whole`, :func:`one_of`); a value written
to a column is checked against that column's type (:func:`of_column`), so that both databases refuse
the same; a value that no column could hold is refused where a query uses it (:func:`unstorable`).
"""

from collections.abc import Callable, Collection
from functools import partial
from typing import Any

from sqlalchemy import BigInteger, Boolean, Integer, SmallInteger, String
from sqlalchemy.types import TypeEngine

from volunteer_service.errors import Invalid, Refused

#: Pieces of one gift in one act.
MOST_PIECES = 100_000
#: Hundredths of a point in one act: a million points.
MOST_CENTI = 100_000_000
#: Places of a shift.
MOST_PLACES = 100_000
#: Characters of a text whose column names no length.
LONGEST_TEXT = 20_000

Check = Callable[[object], None]

#: Text too long, number too large, NUL, a character that UTF-8 does not have.
_TOO_LONG_OR_LARGE = frozenset({"22001", "22003", "22021", "22P05"})
_BITS: tuple[tuple[type[TypeEngine[Any]], int], ...] = (
    (SmallInteger, 15),
    (BigInteger, 63),
    (Integer, 31),
)


class Unstorable(Refused):
    """A number or text that no column can store: beyond 64 bits, NUL, half a character."""

    message = "有一个数字太大，或文字里有不能保存的字符。请改过再试。"


def whole(value: int, least: int, most: int, field: str) -> int:
    """Return ``value`` if it is a whole number from ``least`` to ``most``."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise Invalid(
            field=field, why="请填写 %(least)s 到 %(most)s 之间的整数", least=least, most=most
        )
    return value


def one_of(value: str, known: Collection[str], field: str) -> str:
    """Return ``value`` if it is one of these words."""
    if value not in known:
        raise Invalid(field=field, why="没有这个选项，请重新选择")
    return value


def text(value: str, longest: int, field: str) -> str:
    """Return ``value`` if it has at most ``longest`` characters and each can be stored."""
    if len(value) > longest:
        raise Invalid(field=field, why="最多 %(longest)s 个字", longest=longest)
    if "\0" in value or (not value.isascii() and _has_half_characters(value)):
        raise Invalid(field=field, why="里面有不能保存的字符，请删去")
    return value


def of_column(type_: TypeEngine[Any], field: str) -> Check | None:
    """Return the check of values for a column of this type; None where there is nothing to
    check.
    """
    if isinstance(type_, String):
        return partial(_text, longest=type_.length or LONGEST_TEXT, field=field)
    if not isinstance(type_, Boolean):
        for kind, bits in _BITS:
            if isinstance(type_, kind):
                return partial(_whole, bits=bits, field=field)
    return None


def unstorable(error: BaseException) -> bool:
    """Tell whether a driver or a database could not take a value, whatever the statement."""
    if isinstance(error, OverflowError | UnicodeEncodeError):
        return True
    if "pattern too complex" in str(error):
        # SQLite's message for a LIKE pattern of more than 50,000 bytes.
        return True
    state = getattr(error, "sqlstate", None)
    # Psycopg refuses NUL by itself, without a state.
    return state in _TOO_LONG_OR_LARGE or (state is None and type(error).__name__ == "DataError")


def _text(value: object, *, longest: int, field: str) -> None:
    if isinstance(value, str):
        text(value, longest, field)


def _whole(value: object, *, bits: int, field: str) -> None:
    if isinstance(value, int):
        whole(int(value), -(2**bits), 2**bits - 1, field)


def _has_half_characters(value: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in value)
