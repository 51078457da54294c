"""Phones that tie people: their own, their guardians', and those of their other entries.

An entry that was merged into another belongs to the same person, so its phones still tie.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    case,
    exists,
    or_,
    select,
    union_all,
)

from volunteer_service.db import db, in_lists
from volunteer_service.people.changes.change_models import PersonChange
from volunteer_service.people.changes.contact_numbers import phone_key
from volunteer_service.people.models import Guardian, Volunteer

#: Keyed hashes of phones, by person.
Keys = dict[int, set[str]]


@dataclass(frozen=True)
class Phones:
    """Phones by person: those that tie both sides, unconfirmed ones, guardians'."""

    firm: Keys
    said: Keys
    guardians: Keys


def of_each(volunteer_ids: Collection[int], since: datetime) -> Phones:
    """Return phones by person: present ones, and those that were theirs or a guardian's until
    lately.

    It decrypts phones only for people who have a guardian.
    """
    found = Phones({}, {}, {})
    kinds = {"phone": found.firm, "said": found.said, "guardian": found.guardians}
    for ids in in_lists(volunteer_ids):
        for entry, heir, key, kind in db.session.execute(_keys_of(ids, since)):
            _put(kinds[kind], (entry, heir), key)
        for entry, heir, phone in db.session.execute(_guardians_of(ids)):
            if phone:
                _put(found.guardians, (entry, heir), phone_key(phone))
    return found


def _put(keys: Keys, whose: tuple[int, int | None], key: str) -> None:
    """Add a phone to the entry and, where that was merged, to the kept one."""
    for id_ in whose:
        if id_ is not None:
            keys.setdefault(id_, set()).add(key)


def _guardians_of(volunteer_ids: Collection[int]) -> Select[int, int | None, str | None]:
    return (
        select(Volunteer.id, Volunteer.merged_into_id, Guardian.phone)
        .join(Guardian, Guardian.volunteer_id == Volunteer.id)
        .where(_of(volunteer_ids))
    )


def _keys_of(volunteer_ids: Collection[int], since: datetime) -> CompoundSelect[Any]:
    own = exists().where(
        PersonChange.volunteer_id == Volunteer.id,
        PersonChange.own_key == Volunteer.phone_key,
        PersonChange.asked_at > since,
    )
    kind = case((and_(own, Volunteer.phone_confirmed_at.is_(None)), "said"), else_="phone")
    whose = Volunteer.id, Volunteer.merged_into_id
    present = select(*whose, Volunteer.phone_key, kind).where(
        _of(volunteer_ids), Volunteer.phone_key.is_not(None)
    )
    past = (
        select(*whose, PersonChange.was_key, PersonChange.field)
        .join(PersonChange, PersonChange.volunteer_id == Volunteer.id)
        .where(
            _of(volunteer_ids), PersonChange.was_key.is_not(None), PersonChange.decided_at > since
        )
    )
    return union_all(present, past)


def _of(volunteer_ids: Collection[int]) -> ColumnElement[bool]:
    return or_(Volunteer.id.in_(volunteer_ids), Volunteer.merged_into_id.in_(volunteer_ids))
