"""Keyset paging for every list: a cursor never skips or repeats a row while others insert."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

from volunteer_service.db import db
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
        query = query.where(_after(sort, id_, descending, _decode(cursor, sort.key)))
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
    kind = "t" if isinstance(value, datetime) else "d" if isinstance(value, date) else "v"
    plain = value.isoformat() if kind in "td" else value
    raw = json.dumps([sort, kind, plain, getattr(row, id_)], ensure_ascii=False)
    return urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def _decode(cursor: str, sort: str) -> tuple[Any, int]:
    try:
        raw = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        made_for, kind, value, last = json.loads(raw)
        read = {"t": datetime.fromisoformat, "d": date.fromisoformat, "v": lambda v: v}[kind]
        if made_for != sort or not isinstance(last, int) or isinstance(value, (dict, list)):
            raise CursorInvalid()
        at = read(value)
        if kind == "t" and at.tzinfo is None:
            raise CursorInvalid()
    except (ValueError, TypeError, KeyError, UnicodeDecodeError):
        raise CursorInvalid() from None
    return at, last
