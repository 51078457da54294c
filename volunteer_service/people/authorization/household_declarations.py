"""Who declared to live in one household: neither decides on the other, nor confirms for them.

Declared by the person or by staff, with the other's number and name; taken back by somebody else
only, and counting for as long again as one account depends on another.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from volunteer_service import db as database
from volunteer_service import journal
from volunteer_service.db import db
from volunteer_service.errors import Invalid, Refused
from volunteer_service.identifiers import check_characters
from volunteer_service.people import messages
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.conflicts import need_other
from volunteer_service.people.authorization.households import ties_of
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import need_on_person
from volunteer_service.people.models import HouseholdTie, Volunteer
from volunteer_service.people.person_names import folded


class HouseholdUnknown(Refused):
    """Number and name do not meet in one registration."""

    message = "没有编号和姓名都相符的志愿者。请核对志愿者卡。"


@dataclass(frozen=True)
class Housemate:
    """Somebody who lives with a person, and the declaration that says so."""

    tie_id: int
    volunteer_id: int
    name: str
    number: str
    declared_at: datetime


def declare_household(
    volunteer_id: int, *, housemate: str, housemate_name: str, by: Actor, at: datetime
) -> HouseholdTie:
    """Say that this person and the one of number ``housemate`` live together; both are told.

    By the person, or by a coordinator of where they live. Declaring twice changes nothing.
    """
    person = database.fetch(Volunteer, volunteer_id, lock=True)
    need_on_person(by, Right.VOLUNTEER_EDIT, person, own=True)
    other = _named(housemate, housemate_name)
    if other.id == person.id:
        raise Invalid(field="housemate", why="请填家人的编号，不是本人的")
    tie = _between(person.id, other.id)
    if tie is not None and tie.ended_at is None:
        return tie
    if tie is None:
        one, two = sorted((person.id, other.id))
        tie = HouseholdTie(one_id=one, other_id=two)
        db.session.add(tie)
    tie.declared_at, tie.declared_by_id, tie.ended_at = at, by.account_id, None
    db.session.flush()
    for id_ in (tie.one_id, tie.other_id):
        messages.tell(id_, "household_declared", at=at)
    _record("people.declare_household", tie, by, at)
    return tie


def end_household(tie_id: int, *, by: Actor, at: datetime) -> HouseholdTie:
    """Take a declaration back: a coordinator of where one of them lives, and neither of them."""
    tie = database.fetch(HouseholdTie, tie_id, lock=True)
    person = database.fetch(Volunteer, tie.one_id)
    need_on_person(by, Right.VOLUNTEER_EDIT, person)
    need_other(by, [tie.one_id, tie.other_id])
    if tie.ended_at is None:
        tie.ended_at = at
        _record("people.end_household", tie, by, at)
    return tie


def household_of(volunteer_id: int, *, by: Actor) -> list[Housemate]:
    """Whom this person lives with, for the person and for who keeps registrations there."""
    person = database.fetch(Volunteer, volunteer_id)
    need_on_person(by, Right.VOLUNTEER_EDIT, person, own=True)
    found = []
    for tie in db.session.scalars(ties_of([volunteer_id]).where(HouseholdTie.ended_at.is_(None))):
        other_id = tie.other_id if tie.one_id == volunteer_id else tie.one_id
        other = database.fetch(Volunteer, other_id)
        found.append(Housemate(tie.id, other.id, other.name, other.number, tie.declared_at))
    return found


def _named(number: str, name: str) -> Volunteer:
    read = check_characters.read_volunteer_number(number) or number.strip()
    found = db.session.scalars(select(Volunteer).where(Volunteer.number == read)).one_or_none()
    if found is None or folded(found.name) != folded(name):
        raise HouseholdUnknown(field="housemate")
    return found


def _between(one: int, two: int) -> HouseholdTie | None:
    first, second = sorted((one, two))
    query = select(HouseholdTie).where(
        HouseholdTie.one_id == first, HouseholdTie.other_id == second
    )
    return db.session.scalars(query.with_for_update()).one_or_none()


def _record(verb: str, tie: HouseholdTie, by: Actor, at: datetime) -> None:
    people = {"one": tie.one_id, "other": tie.other_id}
    journal.record(verb, tie, account_id=by.account_id, door=by.door, at=at, **people)
