"""Exports everything that is stored about a person, found by the tables' own links, so that none is
forgotten.
"""

from base64 import b64encode
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, or_, select

from volunteer_service import db as database
from volunteer_service.db import Base, db
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import need_on_person
from volunteer_service.people.merged_entries import entries_of
from volunteer_service.people.models import Account, Volunteer
from volunteer_service.people.personal_data.personal_data import log_look

#: Hashes and secrets say nothing to the person and must not leave the database.
_SECRET = ("_hash", "_key", "signature")
#: An account's other rows are its work on other people's data, not data about its owner.
_OF_ACCOUNT = ("grants", "tokens", "sessions", "devices", "sign_in_codes", "journal")

#: The format: tables and columns by their names; a new meaning of a name is the next format.
EXPORT_FORMAT = 1

Export = dict[str, list[dict[str, Any]]]


def export_of(volunteer_id: int, why: str = "", *, by: Actor, at: datetime) -> Export:
    """Return all rows held about a person, by table; staff give a reason, which is kept."""
    volunteer = database.fetch(Volunteer, volunteer_id)
    need_on_person(by, Right.PERSONAL_SEE, volunteer, own=True)
    if by.volunteer_id != volunteer_id:
        log_look(volunteer, "export", why, by=by, at=at)
    # Rows of an entry that was merged into this one are theirs too.
    entries = set(entries_of([volunteer_id]))
    found: dict[str, set[int]] = {"volunteers": entries}
    export: Export = {"volunteers": _rows(Volunteer.__table__, "id", entries)}
    for table in Base.metadata.sorted_tables:
        if table.name not in {"volunteers", "accounts"}:
            _follow(table, found, export)
    account = select(Account.id).where(Account.volunteer_id.in_(entries))
    accounts = set(db.session.scalars(account))
    export["accounts"] = _rows(Account.__table__, "id", accounts)
    for name in _OF_ACCOUNT:
        export[name] = _rows(Base.metadata.tables[name], "account_id", accounts)
    # Messages to the account from before its volunteer was known.
    told = _rows(Base.metadata.tables["messages"], "account_id", accounts)
    export["messages"] = export.get("messages", []) + told
    return {name: rows for name, rows in sorted(export.items()) if rows}


def _follow(table: Table, found: dict[str, set[int]], export: Export) -> None:
    """Add the rows of ``table`` that refer to rows found so far; parents come before children."""
    links = [
        column.in_(found[key.column.table.name])
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name in found
    ]
    if not links:
        return
    rows = _read(table, or_(*links))
    export[table.name] = [_plain(row, table) for row in rows]
    if "id" in table.columns:
        found[table.name] = {row.id for row in rows}


def _rows(table: Any, column: str, values: Iterable[int]) -> list[dict[str, Any]]:
    return [_plain(row, table) for row in _read(table, table.c[column].in_(values))]


def _read(table: Any, where: ColumnElement[bool]) -> list[Row[Any]]:
    """Return the rows in the order they were entered, so that two exports of the same rows are
    equal.
    """
    query = select(table).where(where).order_by(*table.primary_key.columns)
    return list(db.session.execute(query))


def _plain(row: Row[Any], table: Table) -> dict[str, Any]:
    return {
        column.name: _json(value)
        for column, value in zip(table.columns, row, strict=True)
        if value is not None and not column.name.endswith(_SECRET)
    }


def _json(value: Any) -> Any:
    if isinstance(value, bytes):
        # A photo that the person handed in.
        return b64encode(value).decode()
    return value.isoformat() if isinstance(value, (date, datetime)) else value
