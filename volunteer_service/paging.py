"""Keyset paging for every list: a cursor never skips or repeats a row while others insert."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Date, Integer, Select, String, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

from volunteer_service.db import UtcDateTime, db
from volunteer_service.errors import Refused

T = TypeVar("T")

LARGEST_PAGE = 200


class CursorInvalid(Refused):
    """The cursor was not made by this list in this order."""

    status = 400
    message = "翻页标记无效。请从第一页重新开始。"


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows and the cursor of what follows; no cursor, no more rows."""

    items: Sequence[T]
    next: str | None


def page(
    query: Select[T],
    sort: InstrumentedAttribute[Any],
    id_: InstrumentedAttribute[int],
    *,
    descending: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[T]:
    """The rows after ``cursor`` ordered by ``sort`` then ``id_``; ``sort`` must not be NULL."""
    limit = max(1, min(limit, LARGEST_PAGE))
    if cursor:
        query = query.where(_after(sort, id_, descending, _decode(cursor, sort)))
    order = (sort.desc(), id_.desc()) if descending else (sort.asc(), id_.asc())
    rows = db.session.scalars(query.order_by(*order).limit(limit + 1)).unique().all()
    shown = rows[:limit]
    more = len(rows) > limit
    return Page(shown, _encode(shown[-1], sort.key, id_.key) if more else None)


def _after(
    sort: InstrumentedAttribute[Any], id_: InstrumentedAttribute[int], descending: bool, at: Any
) -> Any:
    value, last = at
    if descending:
        return or_(sort < value, and_(sort == value, id_ < last))
    return or_(sort > value, and_(sort == value, id_ > last))


def _encode(row: Any, sort: str, id_: str) -> str:
    value = getattr(row, sort)
    plain = value.isoformat() if isinstance(value, date) else value
    raw = json.dumps([sort, plain, getattr(row, id_)], ensure_ascii=False)
    return urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def _decode(cursor: str, sort: InstrumentedAttribute[Any]) -> tuple[Any, int]:
    try:
        raw = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        made_for, value, last = json.loads(raw)
        at = _read(sort.type, value)
    except (ValueError, TypeError, AttributeError, ArithmeticError, RecursionError):
        raise CursorInvalid() from None
    if made_for != sort.key or not _is_id(last):
        raise CursorInvalid()
    return at, last


def _read(column: Any, value: Any) -> Any:
    """The value as this kind of column holds it; anything else raises."""
    if isinstance(column, UtcDateTime):
        return datetime.fromisoformat(value).astimezone(UTC)
    if isinstance(column, Date):
        return date.fromisoformat(value)
    if isinstance(column, Integer) and _is_id(value):
        return value
    # A lone surrogate cannot be sent, and PostgreSQL cannot compare with NUL.
    if isinstance(column, String) and b"\0" not in value.encode():
        return value
    raise CursorInvalid()


def _is_id(value: Any) -> bool:
    return type(value) is int and abs(value) < 2**63
