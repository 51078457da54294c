"""Shows personal data in plain, to the person and to staff with a reason; every look is logged."""

from datetime import datetime

from sqlalchemy import select

from volunteer_service import db as database
from volunteer_service.db import db
from volunteer_service.errors import Invalid, Refused, SignInNeeded
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import need_on_person
from volunteer_service.people.models import Guardian, Look, Volunteer
from volunteer_service.visible_text import count_said, tidied

FIELDS = ("phone", "identity", "guardian_phone")
SHORTEST_REASON = 2


class ReasonMissing(Refused):
    """Looking at somebody's personal data needs a reason; it is kept with the look."""

    message = "请写明查看原因（至少 2 个字），会连同您的姓名一起记录。"


def reveal(volunteer_id: int, field: str, why: str, *, by: Actor, at: datetime) -> str:
    """Return a phone, identity or guardian's phone number in plain; staff give a reason, which is
    kept.
    """
    if field not in FIELDS:
        raise Invalid(field="field", why="没有这一项")
    volunteer = database.fetch(Volunteer, volunteer_id)
    need_on_person(by, Right.PERSONAL_SEE, volunteer, own=True)
    if by.volunteer_id != volunteer_id:
        log_look(volunteer, field, why, by=by, at=at)
    if field == "guardian_phone":
        query = select(Guardian).where(Guardian.volunteer_id == volunteer_id)
        guardian = db.session.scalars(query).one_or_none()
        return (guardian.phone if guardian else None) or ""
    found = volunteer.phone if field == "phone" else volunteer.identity
    return found or ""


def log_look(volunteer: Volunteer, field: str, why: str, *, by: Actor, at: datetime) -> None:
    """Record who looked at whose data, which field, and why."""
    why = said_reason(why)
    if by.account_id is None:
        raise SignInNeeded()
    look = Look(at=at, account_id=by.account_id, volunteer_id=volunteer.id, field=field, why=why)
    db.session.add(look)
    db.session.flush()


def said_reason(why: str) -> str:
    """Return the reason of a look as it is kept, or :class:`ReasonMissing`."""
    why = " ".join(tidied(why).split())
    if count_said(why) < SHORTEST_REASON:
        raise ReasonMissing(field="why")
    return why[:120]


def looks_at(volunteer_id: int, *, by: Actor) -> list[Look]:
    """Return who looked at this person's data, newest first; the person and staff may ask."""
    volunteer = database.fetch(Volunteer, volunteer_id)
    need_on_person(by, Right.PERSONAL_SEE, volunteer, own=True)
    query = select(Look).where(Look.volunteer_id == volunteer_id)
    return list(db.session.scalars(query.order_by(Look.id.desc()).limit(100)))
