"""Keyset paging for every list, in each of its orders.

A cursor never skips or repeats a row while others insert.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    and_,
    false,
    literal,
    or_,
)
from sqlalchemy.orm import InstrumentedAttribute

from volunteer_service import settings
from volunteer_service.bounds import one_of
from volunteer_service.db import UtcDateTime, db
from volunteer_service.errors import Refused

T = TypeVar("T")
#: A key of an order: a column of the query, or an expression of its columns.
Key = InstrumentedAttribute[Any] | ColumnElement[Any]

LARGEST_PAGE = 200


class CursorInvalid(Refused):
    """The cursor was not made by this list in this order."""

    status = 400
    message = "翻页标记无效。请从第一页重新开始。"


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows and the cursor of the next page; None after the last row."""

    items: Sequence[T]
    next: str | None


class Sorts:
    """The orders that a list offers by name; ``-name`` is the same order reversed.

    ``id`` is always one of them and breaks the ties of the others, so that every order is total.
    Empty values (NULL) come last, and first in the reverse order.
    """

    def __init__(
        self, id_: InstrumentedAttribute[int], default: str, **keys: Key | tuple[Key, ...]
    ) -> None:
        self.default = default
        self._keys: dict[str, tuple[Key, ...]] = {"id": (id_,)}
        for name, key in keys.items():
            self._keys[name] = (*(key if isinstance(key, tuple) else (key,)), id_)

    @property
    def names(self) -> tuple[str, ...]:
        """Return every name that :func:`page` accepts."""
        return tuple(turn + name for name in self._keys for turn in ("", "-"))

    def keys(self, sort: str) -> tuple[Key, ...]:
        """Return the keys of one order, the id last."""
        return self._keys[sort.removeprefix("-")]


def page(
    query: Select[T],
    sorts: Sorts,
    *,
    sort: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[T]:
    """Return the rows after ``cursor`` in the order ``sort``, or else in the list's own order."""
    sort = sort or sorts.default
    one_of(sort, sorts.names, "sort")
    keys, descending = sorts.keys(sort), sort.startswith("-")
    limit = max(1, min(limit, LARGEST_PAGE))
    if cursor:
        query = query.where(_after(keys, _decode(cursor, sort, keys), descending))
    ordered = query.add_columns(*keys).order_by(*_order(keys, descending))
    rows = db.session.execute(ordered.limit(limit + 1)).all()
    shown = rows[:limit]
    more = len(rows) > limit
    return Page([row[0] for row in shown], _encode(sort, shown[-1][1:]) if more else None)


def ordered(query: Select[T], sorts: Sorts, sort: str) -> Select[T]:
    """Return the query in one of its list's orders, for pages that are addressed by number."""
    return query.order_by(*_order(sorts.keys(sort), sort.startswith("-")))


def on_days(
    instant: InstrumentedAttribute[Any], first: date | None, last: date | None
) -> Iterator[ColumnElement[bool]]:
    """Yield the WHERE of local days from ``first`` to ``last``; both are included, None is an open
    end.
    """
    if first is not None:
        yield instant >= settings.day_begins(first)
    if last is not None:
        yield instant < settings.day_ends(last)


def _order(keys: Sequence[Key], descending: bool) -> Iterator[Any]:
    for key in keys:
        turned = key.desc() if descending else key.asc()
        if _may_be_empty(key):
            turned = turned.nulls_first() if descending else turned.nulls_last()
        yield turned


def _after(keys: Sequence[Key], values: Sequence[Any], descending: bool) -> ColumnElement[bool]:
    """Return rows past these values: past the first of them, or equal in it and past the next ones.

    The SQL is «not before it, and (past it or ...)», so that an index is entered at the right
    place.
    """
    found: ColumnElement[bool] = false()
    for key, value in zip(reversed(keys), reversed(values), strict=True):
        if value is None:
            found = or_(key.is_not(None), found) if descending else and_(key.is_(None), found)
        else:
            bound = literal(value, key.type)
            here = _or_empty(key, key <= bound if descending else key >= bound, descending)
            past = _or_empty(key, key < bound if descending else key > bound, descending)
            found = and_(here, or_(past, found))
    return found


def _or_empty(key: Key, compared: Any, descending: bool) -> ColumnElement[bool]:
    """Return the comparison; in ascending order empty values come last."""
    found: ColumnElement[bool] = compared
    return or_(found, key.is_(None)) if _may_be_empty(key) and not descending else found


def _may_be_empty(key: Key) -> bool:
    return bool(getattr(key, "nullable", False))


def _encode(sort: str, values: Sequence[Any]) -> str:
    plain = [value.isoformat() if isinstance(value, date) else value for value in values]
    raw = json.dumps([sort, *plain], ensure_ascii=False)
    return urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def _decode(cursor: str, sort: str, keys: Sequence[Key]) -> list[Any]:
    try:
        raw = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        made_for, *values = json.loads(raw)
        found = [_read(key, value) for key, value in zip(keys, values, strict=True)]
    except (ValueError, TypeError, AttributeError, ArithmeticError, RecursionError):
        raise CursorInvalid() from None
    if made_for != sort:
        raise CursorInvalid()
    return found


def _read(key: Key, value: Any) -> Any:
    """Return the value as this kind of column holds it; raise for anything else."""
    kind = key.type
    if value is None and _may_be_empty(key):
        return None
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(value).astimezone(UTC)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    if isinstance(kind, Boolean) and type(value) is bool:
        return value
    if isinstance(kind, Integer) and type(value) is int and abs(value) < 2**63:
        return value
    # A lone surrogate cannot be sent, and PostgreSQL cannot compare with NUL.
    if isinstance(kind, String) and b"\0" not in value.encode():
        return value
    raise CursorInvalid()
