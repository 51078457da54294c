"""Lists new entries for staff to check: a leader's newcomers, and possible duplicates.

People who register themselves are not told that their name is known; the question waits here.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import contains_eager

from volunteer_service import db as database
from volunteer_service import journal
from volunteer_service.db import db
from volunteer_service.errors import Refused
from volunteer_service.paging import Page, Sorts, page
from volunteer_service.people.authorization import conflicts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import (
    living_under,
    need_to_act_on,
    others_at_home,
)
from volunteer_service.people.changes.change_models import RegistrationCheck
from volunteer_service.people.models import Volunteer
from volunteer_service.people.registrations import same_person

SORTS = Sorts(RegistrationCheck.id, "-id")


class AnsweredAlready(Refused):
    """Somebody has already answered this check."""

    status = 409
    message = "已有人看过了。请刷新页面。"


def ask(volunteer: Volunteer, kind: str, *, by: Actor, at: datetime) -> None:
    """Put an entry on the staff's list; the calling verb has checked the right."""
    db.session.add(
        RegistrationCheck(
            volunteer_id=volunteer.id, kind=kind, asked_at=at, asked_by_id=by.account_id
        )
    )
    db.session.flush()


def ask_if_alike(volunteer: Volunteer, *, by: Actor, at: datetime) -> None:
    """Add a check after a change of name, birth date or home that makes two people look alike."""
    open_now = exists().where(
        RegistrationCheck.volunteer_id == volunteer.id,
        RegistrationCheck.kind == "same_name",
        RegistrationCheck.answered_at.is_(None),
    )
    if same_person.namesakes_of(volunteer) and not db.session.scalar(select(open_now)):
        ask(volunteer, "same_name", by=by, at=at)


def waiting(*, by: Actor, cursor: str | None = None, limit: int = 30) -> Page[RegistrationCheck]:
    """Return the checks that ``by`` may answer, newest first."""
    query = (
        select(RegistrationCheck)
        .join(RegistrationCheck.volunteer)
        .options(contains_eager(RegistrationCheck.volunteer))
        .where(*_mine(by))
    )
    return page(query, SORTS, cursor=cursor, limit=limit)


def count_waiting(*, by: Actor) -> int:
    """Count the checks that ``by`` may answer."""
    query = select(func.count(RegistrationCheck.id)).join(RegistrationCheck.volunteer)
    return db.session.scalar(query.where(*_mine(by))) or 0


def answer_check(check_id: int, *, by: Actor, at: datetime) -> RegistrationCheck:
    """Answer that the entry is a separate person; nobody answers about themself or their ties.

    Raises :class:`AnsweredAlready`.
    """
    row = database.fetch(RegistrationCheck, check_id, lock=True)
    need_to_act_on(by, Right.VOLUNTEER_EDIT, row.volunteer)
    who = others_at_home(Right.VOLUNTEER_EDIT, [row.volunteer_id], at=at)
    conflicts.need_other(by, [row.volunteer_id], at=at, who=who)
    if by.volunteer_id in {person.id for person in same_person.namesakes_of(row.volunteer)}:
        # It may be their own second entry.
        raise conflicts.OwnCase()
    if row.answered_at is not None:
        raise AnsweredAlready()
    row.answered_at, row.answered_by_id = at, by.account_id
    journal.record(
        "people.answer_check",
        row.volunteer,
        account_id=by.account_id,
        door=by.door,
        at=at,
        check=row.kind,
    )
    db.session.flush()
    return row


def _mine(by: Actor) -> tuple[ColumnElement[bool], ...]:
    return (
        RegistrationCheck.answered_at.is_(None),
        Volunteer.state == "active",
        living_under(by, Right.VOLUNTEER_EDIT),
    )
