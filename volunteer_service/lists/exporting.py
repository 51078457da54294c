"""Exports exactly what a list shows, with its filters, order and columns, but all rows."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import IO, Any

from flask_babel import lazy_gettext as _l

from volunteer_service import journal, settings
from volunteer_service.db import after_commit, fetch
from volunteer_service.identifiers.masks import mask_phone
from volunteer_service.lists import reading, spreadsheets
from volunteer_service.lists.asking import Asked
from volunteer_service.lists.declaration import Column
from volunteer_service.lists.filters import Named, Search
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Account
from volunteer_service.people.personal_data import audit_looks

_PER_HOUR, _PER_POINT = 60, 100
_SOURCES = {"record": _l("服务记录"), "order": _l("订单")}


def written(asked: Asked, kind: str, *, at: datetime) -> IO[bytes]:
    """Return the file; record in the journal who downloads it, and the people whose data an auditor
    downloads.

    Phones are masked as on the page.
    """
    return spreadsheets.filled(lambda out: write(asked, kind, out, at=at))


def write(
    asked: Asked,
    kind: str,
    out: IO[bytes],
    noted: Callable[[Iterator[reading.Row]], Iterator[reading.Row]] = iter,
    *,
    at: datetime,
) -> None:
    """As :func:`written`, into an open file; ``noted`` gets the rows and passes them on."""
    lines = _Counted(asked)
    if kind == "pdf" and asked.declared.papers is not None:
        count = asked.declared.papers(asked, out, noted, at)
        _record(asked, kind, count, at)
        return
    taken = audit_looks.taken_along(lines, lambda row: row.person_id, by=asked.by, at=at)
    spreadsheets.write(
        kind,
        out,
        str(asked.declared.title),
        [str(each.label) for each in asked.columns],
        (_line(asked, row) for row in noted(taken)),
    )
    _record(asked, kind, lines.count, at)


class _Counted:
    """All rows of a list, counted while they are read."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.count = 0

    def __iter__(self) -> Iterator[reading.Row]:
        for row in reading.every_row(self.asked):
            self.count += 1
            yield row


def _line(asked: Asked, row: reading.Row) -> list[Any]:
    return [value_of(each, value) for each, value in zip(asked.columns, row.values, strict=True)]


def value_of(column: Column, value: Any) -> Any:
    """Return a value as a spreadsheet holds it: hours and points as numbers, codes in words."""
    if value is None:
        return ""
    if column.kind == "code":
        return str(column.codes[value][0]) if value in column.codes else str(value)
    return _WRITTEN[column.kind](value) if column.kind in _WRITTEN else value


def _source(value: str) -> str:
    kind, _colon, id_ = value.partition(":")
    return f"{_SOURCES[kind]} {id_}"


def _when(value: datetime) -> str:
    return value.astimezone(settings.current().zone).strftime("%Y-%m-%d %H:%M")


def reasons_by(worded: Callable[[dict[str, Any]], str]) -> None:
    """Register, once at the start, the function that words a reason of stars; pages have the
    sentences.
    """
    _WRITTEN["reasons"] = lambda reasons: "；".join(worded(each) for each in reasons)


#: How a spreadsheet holds the values of a kind of column, if not as they are.
_WRITTEN: dict[str, Callable[[Any], Any]] = {
    "hours": lambda minutes: round(minutes / _PER_HOUR, 2),
    "points": lambda centi: centi / _PER_POINT,
    "movement": lambda centi: centi / _PER_POINT,
    "phone": mask_phone,
    "when": _when,
    "day": lambda day: day.isoformat(),
    "source": _source,
}


def _record(asked: Asked, kind: str, rows: int, at: datetime) -> None:
    """Record who downloaded which list; the searched text may name somebody and is left out."""
    facts = {
        "list": asked.declared.name,
        "kind": kind,
        "rows": rows,
        "columns": [each.name for each in asked.columns],
        "filters": {
            each.name: "…" if isinstance(each, Search | Named) else each.words(value)
            for each, value in asked.filters
        },
    }
    after_commit(lambda: _keep(asked.by, facts, at))


def _keep(by: Actor, facts: dict[str, Any], at: datetime) -> None:
    if by.account_id is not None:
        account = fetch(Account, by.account_id)
        journal.record(
            "lists.export", account, account_id=by.account_id, door=by.door, at=at, **facts
        )
