"""Search keys of people; they are updated whenever name, number or phone changes.

Phones are sealed, so the whole number and its last four to eight digits are kept as keyed hashes,
which search can match but a thief of the database cannot read.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, delete, event, insert, inspect, select
from sqlalchemy.orm import Mapper

from volunteer_service import crypto
from volunteer_service.db import db
from volunteer_service.people.models import SearchKey, Volunteer
from volunteer_service.people.search.name_spelling import spellings

#: Lengths of the tails of a phone number that find a person, in digits.
TAILS = range(4, 9)
#: 96 bits of the keyed hash, enough that no two phones collide.
_HASH = 16
#: The prefix of a row whose number is not known yet.
PROVISIONAL = "~"

_FIELDS = ("name", "number", "phone")
_table = SearchKey.metadata.tables[SearchKey.__tablename__]


def phone_key(digits: str) -> str:
    """Return the key of a whole phone number or of its tail."""
    return crypto.vault().key_of(digits, "volunteer.phone_tail")[:_HASH]


def number_key(text: str) -> str:
    """Return the key of a volunteer number; for a tail, the beginning of that key."""
    return text.upper()[::-1]


def keys_of(
    volunteer_id: int, *, name: str | None, number: str | None, phone: str | None
) -> Iterator[dict[str, Any]]:
    """Return the key rows of one person for the given fields."""
    found = {("name", spelling) for spelling in (spellings(name) if name else ())}
    if number:
        found.add(("number", number_key(number)))
    if phone:
        found |= {("phone", phone_key(text)) for text in (phone, *(phone[-n:] for n in TAILS))}
    for kind, key in sorted(found):
        yield {"kind": kind, "key": key, "volunteer_id": volunteer_id}


def _add(connection: Connection, rows: Iterable[dict[str, Any]]) -> None:
    keys = list(rows)
    if keys:
        connection.execute(insert(_table), keys)


def rewrite(row: Volunteer) -> None:
    """Rewrite a person's keys; a merged entry has none, and its number finds the kept entry."""
    connection = db.session.connection()
    connection.execute(delete(_table).where(_table.c.volunteer_id == row.id))
    if row.merged_into_id is not None:
        return
    rows = list(keys_of(row.id, name=row.name, number=row.number, phone=row.phone))
    merged = select(Volunteer.number).where(Volunteer.merged_into_id == row.id)
    for number in db.session.scalars(merged):
        rows += keys_of(row.id, name=None, number=number, phone=None)
    _add(connection, rows)


@event.listens_for(Volunteer, "after_insert")
def _entered(_mapper: Mapper[Any], connection: Connection, row: Volunteer) -> None:
    if not row.number.startswith(PROVISIONAL):
        _add(connection, keys_of(row.id, name=row.name, number=row.number, phone=row.phone))


@event.listens_for(Volunteer, "after_update")
def _changed(_mapper: Mapper[Any], connection: Connection, row: Volunteer) -> None:
    attributes = inspect(row).attrs
    changed = [field for field in _FIELDS if attributes[field].history.has_changes()]
    if not changed or row.merged_into_id is not None:
        return
    old = attributes["number"].history.deleted
    if old and old[0].startswith(PROVISIONAL):
        changed = list(_FIELDS)
    else:
        mine = _table.c.volunteer_id == row.id, _table.c.kind.in_(changed)
        connection.execute(delete(_table).where(*mine))
    known = {field: getattr(row, field) if field in changed else None for field in _FIELDS}
    _add(connection, keys_of(row.id, **known))
