"""Merges the two entries themselves: kept values, the account that ends, search keys."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from volunteer_service import crypto
from volunteer_service.areas import lookup as areas
from volunteer_service.db import Base, db
from volunteer_service.merging import moved_rows
from volunteer_service.people.authentication import sessions
from volunteer_service.people.changes.change_models import Merging
from volunteer_service.people.models import Account, Volunteer
from volunteer_service.people.search import people_lists, search_keys

_volunteers = Base.metadata.tables[Volunteer.__tablename__]
_accounts = Base.metadata.tables[Account.__tablename__]

#: Values of which a person has one, with the columns that go along.
FIELDS: dict[str, tuple[str, ...]] = {
    "name": ("name",),
    "phone": ("phone", "phone_key", "phone_confirmed_at", "phone_confirmed_by"),
    "identity": ("identity", "identity_key"),
    "born_on": ("born_on",),
    "sex": ("sex",),
    "area_id": ("area_id",),
}


def missing(kept: Volunteer, merged: Volunteer) -> set[str]:
    """Return the fields that only the merged entry has a value for."""
    return {
        field
        for field in FIELDS
        if getattr(kept, field) is None and getattr(merged, field) is not None
    }


def differing(kept: Volunteer, merged: Volunteer) -> list[str]:
    """Return the fields that both entries know with different values."""
    return [
        field
        for field in FIELDS
        if None not in (one := (getattr(kept, field), getattr(merged, field))) and one[0] != one[1]
    ]


def merge(merging: Merging, *, at: datetime) -> None:
    """Swap the chosen values, end the merged entry and its account; search then finds one entry."""
    kept, merged = merging.kept, merging.merged
    _exchange(kept, merged, merging.taken)
    stood = {field: [_hash(kept, field), _hash(merged, field)] for field in merging.taken}
    moved_rows.note(merging, moved_rows.EXCHANGED, kept.id, {}, **stood)
    _join_dates(merging, kept, merged)
    for id_ in _led_to(merged.id):
        moved_rows.change(merging, _volunteers, id_, {"merged_into_id": kept.id})
    ended = {"state": "left", "merged_into_id": kept.id}
    moved_rows.change(merging, _volunteers, merged.id, ended)
    _close_account(merging, at)
    db.session.flush()
    db.session.expire_all()
    find_one(merging)


def exchange_back(merging: Merging) -> None:
    """Give both entries their own values back; a home that was closed since is replaced by the one
    above it.
    """
    _exchange(merging.kept, merging.merged, merging.taken)
    for entry in (merging.kept, merging.merged):
        entry.area_id = areas.nearest_open(entry.area_id)


def exchanged_since(merging: Merging) -> bool:
    """Tell whether one of the exchanged values has changed since."""
    return any(
        hashes != [_hash(merging.kept, field), _hash(merging.merged, field)]
        for move in moved_rows.of(merging, moved_rows.EXCHANGED)
        for field, hashes in move.stood.items()
    )


def find_one(merging: Merging) -> None:
    """Rewrite the search keys of both entries."""
    for volunteer_id in (merging.kept_id, merging.merged_id):
        search_keys.rewrite(db.session.get_one(Volunteer, volunteer_id))


def _exchange(kept: Volunteer, merged: Volunteer, fields: Iterable[str]) -> None:
    columns = [column for field in fields for column in FIELDS[field]]
    values = {column: (getattr(kept, column), getattr(merged, column)) for column in columns}
    if "identity_key" in values:
        # The values move one at a time: two rows must not have the same.
        kept.identity_key = merged.identity_key = None
        db.session.flush()
    for column, (mine, theirs) in values.items():
        setattr(kept, column, theirs)
        setattr(merged, column, mine)
    db.session.flush()


def _join_dates(merging: Merging, kept: Volunteer, merged: Volunteer) -> None:
    """Keep the earlier day of registration and the earlier block."""
    registered_on = min(kept.registered_on, merged.registered_on)
    blocks = [row.no_show_blocked_at for row in (kept, merged) if row.no_show_blocked_at]
    blocked_at = min(blocks) if blocks else None
    values: dict[str, Any] = {"registered_on": registered_on, "no_show_blocked_at": blocked_at}
    changed = {name: value for name, value in values.items() if value != getattr(kept, name)}
    if changed:
        moved_rows.change(merging, _volunteers, kept.id, changed)


def _close_account(merging: Merging, at: datetime) -> None:
    account = people_lists.account_of(merging.merged_id)
    if account is None:
        return
    sessions.end_everything(account, at=at)
    if account.disabled_at is None:
        moved_rows.change(merging, _accounts, account.id, {"disabled_at": at})


def _led_to(volunteer_id: int) -> Sequence[int]:
    query = select(Volunteer.id).where(Volunteer.merged_into_id == volunteer_id)
    return db.session.scalars(query).all()


def _hash(row: Volunteer, field: str) -> str:
    return crypto.vault().key_of(f"{field}={getattr(row, field)}", "merging.exchanged")
