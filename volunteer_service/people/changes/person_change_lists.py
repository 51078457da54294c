"""Lists changes to people with numbers masked; plain values need a reason, which is logged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from volunteer_service.areas import lookup as areas
from volunteer_service.areas.models import Area
from volunteer_service.db import db, fetch
from volunteer_service.errors import NotFound, Refused, refusal_of
from volunteer_service.paging import Page, Sorts, on_days, page
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right, places
from volunteer_service.people.authorization.rights_over_people import (
    living_under,
    may_at_home,
    need_on_person,
)
from volunteer_service.people.changes import person_change_steps as steps
from volunteer_service.people.changes import person_changes
from volunteer_service.people.changes.change_models import PersonChange
from volunteer_service.people.changes.person_values import Value, was_and_now
from volunteer_service.people.models import Volunteer
from volunteer_service.people.personal_data import audit_looks
from volunteer_service.people.personal_data.personal_data import log_look
from volunteer_service.people.registrations import same_person
from volunteer_service.people.registrations.same_person import Entry

SORTS = Sorts(PersonChange.id, "-id")
#: The most changes of one person that a page shows, and the most that wait.
SHOWN, WAITING = 100, 200


@dataclass(frozen=True)
class Told:
    """A change, and why this reader may not decide it; None where they may."""

    row: PersonChange
    why_not: Refused | None
    #: The reader asked for it and may take it back.
    is_mine: bool


def changes_of(volunteer_id: int, *, by: Actor, at: datetime) -> Sequence[PersonChange]:
    """List a person's changes, waiting ones too, newest first; for the person and staff.

    An auditor's look is kept with its reason.
    """
    volunteer = fetch(Volunteer, volunteer_id)
    need_on_person(by, Right.AUDIT, volunteer, own=True)
    audit_looks.opened(volunteer, "change", by=by, at=at)
    query = _rows().where(PersonChange.volunteer_id == volunteer_id)
    return db.session.scalars(query.order_by(PersonChange.id.desc()).limit(SHOWN)).all()


def changes(
    *,
    by: Actor,
    from_on: date | None = None,
    to_on: date | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[PersonChange]:
    """List the changes of all people in the areas ``by`` audits, newest first; days are local."""
    query = _rows().where(PersonChange.volunteer_id.in_(_living(by, Right.AUDIT)))
    query = query.where(*on_days(PersonChange.asked_at, from_on, to_on))
    return page(query, SORTS, cursor=cursor, limit=limit)


def waiting_changes(*, by: Actor) -> Sequence[PersonChange]:
    """List the changes that wait for agreement in the areas of ``by``, oldest first."""
    query = _rows().where(PersonChange.state == "waiting", _in_care(by))
    return db.session.scalars(query.order_by(PersonChange.id).limit(WAITING)).all()


def count_asked_by_others(*, by: Actor) -> int:
    """Count the waiting changes that somebody else asked for."""
    of_others = PersonChange.asked_by_id.is_distinct_from(by.account_id)
    waiting = PersonChange.state == "waiting", of_others, _in_care(by)
    query = select(func.count(PersonChange.id)).where(*waiting)
    return db.session.scalar(query) or 0


def change(change_id: int, *, by: Actor, at: datetime) -> Told:
    """Return one change, for an actor who may decide it, asked for it or may read the history."""
    row = fetch(PersonChange, change_id)
    if not _may_see(row, by):
        raise NotFound()
    audit_looks.opened(row.volunteer, "change", by=by, at=at)
    return _told(row, by, at)


def reveal_change(
    change_id: int, why: str, *, by: Actor, at: datetime
) -> tuple[Value | None, Value | None]:
    """Return old and new value unmasked, for staff of the person and the decider; log the look."""
    row = fetch(PersonChange, change_id)
    if not any(may_at_home(by, Right.PERSONAL_SEE, home) for home in _homes(row)):
        raise NotFound()
    log_look(row.volunteer, "change", why, by=by, at=at)
    return was_and_now(row)


def namesakes(row: PersonChange) -> list[Volunteer]:
    """List registered people who may be the same as the changed name; for the decider."""
    if row.field != "name" or row.state != "waiting":
        return []
    person, (_was, now) = row.volunteer, was_and_now(row)
    home = areas.path_of(person.area_id) if person.area_id else None
    entry = Entry((now or {})["name"], person.born_on, home, person.identity_key)
    return same_person.namesakes(entry, but=person.id)


def _rows() -> Select[PersonChange]:
    return select(PersonChange).options(
        selectinload(PersonChange.volunteer),
        joinedload(PersonChange.asked_by),
        joinedload(PersonChange.decided_by),
    )


def _living(by: Actor, right: Right) -> Select[int]:
    return select(Volunteer.id).where(living_under(by, right))


def _in_care(by: Actor) -> ColumnElement[bool]:
    paths, _team_ids = places(by, Right.VOLUNTEER_EDIT)
    return or_(
        PersonChange.volunteer_id.in_(_living(by, Right.VOLUNTEER_EDIT)),
        areas.within(PersonChange.area_id, paths),
        PersonChange.asked_by_id == by.account_id,
    )


def _told(row: PersonChange, by: Actor, at: datetime) -> Told:
    why_not = refusal_of(lambda: person_changes.need_to_decide(row, by=by, at=at))
    return Told(row, why_not, steps.asked(row, by))


def _may_see(row: PersonChange, by: Actor) -> bool:
    is_theirs = by.volunteer_id == row.volunteer_id or steps.asked(row, by)
    return is_theirs or any(may_at_home(by, Right.AUDIT, home) for home in _homes(row))


def _homes(row: PersonChange) -> set[str | None]:
    """Return where the person lives and, while the change waits, the new home."""
    found = {areas.path_of(row.volunteer.area_id) if row.volunteer.area_id else None}
    if row.area_id and row.state == "waiting":
        found.add(fetch(Area, row.area_id).path)
    return found
