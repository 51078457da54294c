"""Finds people of the service by the judges' keys.

A key is the keyed hash of the identity number or, for a person without one, the row id after a
mark.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import aliased

from volunteer_service.db import db
from volunteer_service.people.merged_entries import going_on
from volunteer_service.people.models import Volunteer

#: Marks a person without an identity number, found by row id.
_BY_ID = "#"


@dataclass(frozen=True)
class Person:
    """Somebody a preview names; id and number are None for who is not registered yet."""

    volunteer_id: int | None
    number: str | None
    name: str


def person_of(identity_key: str | None, volunteer_id: int) -> str:
    """Return the judges' key of a volunteer."""
    return identity_key or f"{_BY_ID}{volunteer_id}"


def is_person(person: str) -> ColumnElement[bool]:
    """Return the WHERE clause that finds a person by the judges' key: the kept entry."""
    if person.startswith(_BY_ID):
        return Volunteer.id == int(person.removeprefix(_BY_ID))
    behind = aliased(Volunteer)
    entry = select(func.coalesce(behind.merged_into_id, behind.id))
    # With «=», because for «in» SQLite reads everybody's records.
    return Volunteer.id == entry.where(behind.identity_key == person).scalar_subquery()


def ids_of(people: Collection[str], most: int) -> dict[str, int]:
    """Find the volunteers behind the judges' keys, of which there are at most ``most``."""
    query = select(Volunteer.identity_key, going_on().label("id"))
    # Always the same number, because SQLite's driver keeps each statement of another length, with
    # its values.
    padded = [*people, *[""] * (most - len(people))]
    rows = db.session.execute(query.where(Volunteer.identity_key.in_(padded)))
    found = {str(row.identity_key): row.id for row in rows}
    return found | {f"{_BY_ID}{number}": number for number in row_ids(people)}


def row_ids(people: Collection[str]) -> list[int]:
    """Return the row ids of those among the judges' keys who have no identity number."""
    return [int(one.removeprefix(_BY_ID)) for one in people if one.startswith(_BY_ID)]


def people_behind(people: Collection[str]) -> dict[str, Person]:
    """Find those of a few people who are registered, by the judges' keys."""
    heir = aliased(Volunteer)
    query = select(Volunteer.identity_key, Volunteer.id, heir).join(heir, heir.id == going_on())
    wanted = or_(*map(is_entry, people)) if people else false()
    return {
        person_of(key, id_): Person(row.id, row.number, row.name)
        for key, id_, row in db.session.execute(query.where(wanted))
    }


def is_entry(person: str) -> ColumnElement[bool]:
    """Return the WHERE clause that finds the entry itself, even one that was merged into
    another.
    """
    if person.startswith(_BY_ID):
        return Volunteer.id == int(person.removeprefix(_BY_ID))
    return Volunteer.identity_key == person
