"""Declared households: two people of one household neither decide on each other nor confirm for
each other.

The person or staff declare it, with the other's number and name. The other side confirms or denies
a one-sided declaration. Only somebody else takes it back, and it counts for as long again as one
account depends on another, so that nobody ends a true one in order to decide; one that a third
person finds untrue stops counting at once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import func, select

from volunteer_service import db as database
from volunteer_service import journal, policies
from volunteer_service.db import db, fit
from volunteer_service.errors import Invalid, NotAllowed, NotFound, Refused
from volunteer_service.identifiers import check_characters
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.conflicts import (
    first_conflict,
    need_other,
    need_second,
    who_may,
)
from volunteer_service.people.authorization.households import ties_of
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import (
    home_of,
    may_on_person,
    need_on_person,
    need_to_act_on,
    others_at_home,
)
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Account, Grant, HouseholdTie, Volunteer
from volunteer_service.people.search.person_names import folded
from volunteer_service.visible_text import said


class HouseholdUnknown(Refused):
    """No registration has this number and name together."""

    message = "没有编号和姓名都相符的志愿者。请核对志愿者卡。"


class HouseholdNeverSo(Refused):
    """A third person found that the two never lived together: neither can declare it
    again alone.
    """

    message = "已经核实你们不是同住的家人。情况有变化的，请社区工作人员登记。"


class TooManyHouseholds(Refused):
    """The person has declared too many people within the policy's days."""

    status = 409
    message = "%(days)s 天内最多登记 %(most)s 位家人。还有家人的，请社区工作人员登记。"


@dataclass(frozen=True)
class Housemate:
    """A person's housemate, and the declaration of it."""

    tie_id: int
    volunteer_id: int
    name: str
    number: str
    declared_at: datetime
    #: Staff declared it or both sides said so.
    is_firm: bool
    #: It waits for this person's word, and not only for the other's.
    waits_for_this: bool
    #: Staff declared it about staff: it counts for nobody until somebody else confirms it.
    is_pending: bool


def declare_household(
    volunteer_id: int, *, housemate: str, housemate_name: str, by: Actor, at: datetime
) -> HouseholdTie:
    """Declare that this person and the one of number ``housemate`` live together; both are told.

    The person declares it, or a coordinator of their home area. Declaring twice changes nothing. A
    declaration of staff about somebody who holds a role is pending: it counts once one of the two
    or a second member of staff confirms it, so that nobody keeps their peers from deciding.
    """
    person = database.fetch(Volunteer, volunteer_id, lock=True)
    need_to_act_on(by, Right.VOLUNTEER_EDIT, person, own=True)
    other = _named(housemate, housemate_name)
    if other.id == person.id:
        raise Invalid(field="housemate", why="请填家人的编号，不是本人的")
    tie = _between(person.id, other.id)
    declarer = _declarer(person, other, by, at)
    if tie is not None and tie.ended_at is None:
        if _is_said(tie, declarer, by):
            return tie
        if tie.is_pending or declarer == _other_side(tie):
            return confirm_household(tie.id, by=by, at=at)
    if declarer is not None:
        _need_allowed(tie, declarer, at)
    tie = tie or HouseholdTie(one_id=min(person.id, other.id), other_id=max(person.id, other.id))
    return _declared(tie, declarer, by, at)


def _declared(tie: HouseholdTie, declarer: int | None, by: Actor, at: datetime) -> HouseholdTie:
    """Store a declaration that is new, or renewed; both are told."""
    counted = tie.id is not None and _counted(tie, at)
    tie.declared_at, tie.declared_by_id, tie.declarer_id = at, by.account_id, declarer
    tie.ended_at = tie.never_at = tie.never_why = tie.confirmed_at = None
    tie.is_pending = declarer is None and not counted and _is_about_staff(tie, by)
    db.session.add(tie)
    db.session.flush()
    for id_ in (tie.one_id, tie.other_id):
        messages.tell(id_, "household_pending" if tie.is_pending else "household_declared", at=at)
    _record("people.declare_household", tie, by, at)
    return tie


def end_household(tie_id: int, *, by: Actor, at: datetime) -> HouseholdTie:
    """Take a declaration back, as a coordinator of one's home area who is tied to neither, except
    by a declaration of the same side. It counts for ``independence_days`` more.
    """
    tie = database.fetch(HouseholdTie, tie_id, lock=True)
    _need_over_either(tie, by)
    people = (tie.one_id, tie.other_id)
    who = others_at_home(Right.VOLUNTEER_EDIT, people, at=at)
    need_other(by, people, at=at, who=who, but_of=tie.declarer_id)
    if tie.ended_at is None:
        tie.ended_at = at
        _record("people.end_household", tie, by, at)
    return tie


def confirm_household(tie_id: int, *, by: Actor, at: datetime) -> HouseholdTie:
    """Confirm a declaration as the other side: chains of ties now follow it.

    A declaration of staff about other staff is confirmed by one of the two, or by a second member
    of staff who is tied to neither.
    """
    tie = _said_of_me(tie_id, by, at)
    if tie.confirmed_at is None:
        _tell_first(tie, "upheld", by, at)
        tie.confirmed_at, tie.is_pending = at, False
        _record("people.confirm_household", tie, by, at)
    return tie


def deny_household(tie_id: int, *, by: Actor, at: datetime) -> HouseholdTie:
    """Deny a declaration as the other side: it ends, and counts for ``independence_days`` more."""
    tie = _said_of_me(tie_id, by)
    if tie.confirmed_at is None:
        _tell_first(tie, "dismissed", by, at)
        tie.ended_at = at
        _record("people.deny_household", tie, by, at)
    return tie


@said("reason")
def household_never_so(tie_id: int, *, reason: str, by: Actor, at: datetime) -> HouseholdTie:
    """Find, as a third person, that a one-sided declaration was never true: it ends at once.

    This takes a coordinator of one's home area who is tied to neither, except by a declaration of
    that side; so a coordinator who was named with many others can undo it for another.
    """
    tie = database.fetch(HouseholdTie, tie_id, lock=True)
    _need_over_either(tie, by)
    people = (tie.one_id, tie.other_id)
    who = others_at_home(Right.VOLUNTEER_EDIT, people, at=at)
    need_other(by, people, at=at, who=who, but_of=tie.declarer_id)
    if tie.is_firm or tie.is_pending:
        raise NotAllowed()
    fit(HouseholdTie, never_why=reason)
    if tie.never_at is None:
        tie.ended_at, tie.never_at, tie.never_why = tie.ended_at or at, at, reason
        for id_ in people:
            messages.tell(id_, "household_never_so", at=at)
        _record("people.household_never_so", tie, by, at, reason=reason)
    return tie


def household_of(volunteer_id: int, *, by: Actor) -> list[Housemate]:
    """Return whom this person lives with, for the person and for staff who keep registrations
    there.
    """
    person = database.fetch(Volunteer, volunteer_id)
    need_on_person(by, Right.VOLUNTEER_EDIT, person, own=True)
    found = []
    for tie in db.session.scalars(ties_of([volunteer_id]).where(HouseholdTie.ended_at.is_(None))):
        other_id = tie.other_id if tie.one_id == volunteer_id else tie.one_id
        other = database.fetch(Volunteer, other_id)
        waits = tie.is_pending or (not tie.is_firm and tie.declarer_id == other_id)
        found.append(
            Housemate(
                tie.id,
                other.id,
                other.name,
                other.number,
                tie.declared_at,
                tie.is_firm,
                waits,
                tie.is_pending,
            )
        )
    return found


def _declarer(person: Volunteer, other: Volunteer, by: Actor, at: datetime) -> int | None:
    """Return the side that declares it; None for staff who are tied to neither of the two."""
    if by.volunteer_id in (person.id, other.id):
        return by.volunteer_id
    tied = first_conflict(by, [person.id, other.id], at=at)
    return None if tied is None else person.id


def _is_said(tie: HouseholdTie, declarer: int | None, by: Actor) -> bool:
    """Tell whether declaring it again adds nothing."""
    if tie.is_pending:
        return by.account_id == tie.declared_by_id
    return tie.is_firm or declarer == tie.declarer_id


def _counted(tie: HouseholdTie, at: datetime) -> bool:
    """Tell whether a declaration counts today; one that counts is never made to wait."""
    since = at - timedelta(days=policies.guarding(at).independence_days)
    has_ended = tie.ended_at is not None and tie.ended_at <= since
    return tie.never_at is None and not tie.is_pending and not has_ended


def _is_about_staff(tie: HouseholdTie, by: Actor) -> bool:
    """Tell whether one of the two holds a role; the operator's word needs no confirmation."""
    holders = select(Grant.id).join(Account, Account.id == Grant.account_id)
    of_them = holders.where(Account.volunteer_id.in_((tie.one_id, tie.other_id)))
    return by.account_id is not None and db.session.scalar(of_them.limit(1)) is not None


def _other_side(tie: HouseholdTie) -> int:
    return tie.other_id if tie.declarer_id == tie.one_id else tie.one_id


def _need_allowed(tie: HouseholdTie | None, declarer: int, at: datetime) -> None:
    if tie is not None and tie.never_at is not None:
        raise HouseholdNeverSo(field="housemate")
    policy = policies.guarding(at)
    most, days = policy.household_most, policy.household_days
    since = at - timedelta(days=days)
    said = select(func.count()).where(
        HouseholdTie.declarer_id == declarer,
        HouseholdTie.declared_at > since,
        HouseholdTie.id != (tie.id if tie else 0),
    )
    if (db.session.scalar(said) or 0) >= most:
        raise TooManyHouseholds(days=days, most=most, field="housemate")


def _said_of_me(tie_id: int, by: Actor, at: datetime | None = None) -> HouseholdTie:
    """Return the declaration that waits for this actor's word; with ``at`` as a second
    person too.
    """
    tie = database.fetch(HouseholdTie, tie_id, lock=True)
    people = (tie.one_id, tie.other_id)
    if tie.ended_at is not None or tie.never_at is not None:
        raise NotFound()
    if tie.is_pending and by.volunteer_id in people:
        return tie
    if tie.is_pending and at is not None:
        _need_over_either(tie, by)
        home = home_of(tie.one_id)
        who = partial(who_may, Right.VOLUNTEER_EDIT, home, tie.declared_by_id, at=at, but=people)
        need_other(by, people, at=at, who=who)
        need_second(by, tie.declared_by_id, at=at, who=who)
        return tie
    if tie.declarer_id is None or by.volunteer_id != _other_side(tie):
        raise NotFound()
    return tie


def _need_over_either(tie: HouseholdTie, by: Actor) -> None:
    one, other = (database.fetch(Volunteer, id_) for id_ in (tie.one_id, tie.other_id))
    if not may_on_person(by, Right.VOLUNTEER_EDIT, one):
        need_on_person(by, Right.VOLUNTEER_EDIT, other)


def _named(number: str, name: str) -> Volunteer:
    read = check_characters.read_volunteer_number(number) or number.strip()
    found = db.session.scalars(select(Volunteer).where(Volunteer.number == read)).one_or_none()
    if found is None or folded(found.name) != folded(name):
        raise HouseholdUnknown(field="housemate")
    heir = found.merged_into_id
    return found if heir is None else database.fetch(Volunteer, heir)


def _between(one: int, two: int) -> HouseholdTie | None:
    first, second = sorted((one, two))
    query = select(HouseholdTie).where(
        HouseholdTie.one_id == first, HouseholdTie.other_id == second
    )
    return db.session.scalars(query.with_for_update()).one_or_none()


def _tell_first(tie: HouseholdTie, outcome: str, by: Actor, at: datetime) -> None:
    """Send the result to the member of staff whose declaration waited for somebody else."""
    if tie.is_pending:
        first = tie.declared_by_id
        messages.tell_first(first, "household_answered", second=by, at=at, outcome=outcome)


def _record(verb: str, tie: HouseholdTie, by: Actor, at: datetime, **facts: object) -> None:
    people = {"one": tie.one_id, "other": tie.other_id}
    journal.record(verb, tie, account_id=by.account_id, door=by.door, at=at, **people, **facts)
