"""The newest real message of a kind, to show its wording to staff without naming its reader."""

from sqlalchemy import ColumnElement, or_, select

from volunteer_service.db import db
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import living_under
from volunteer_service.people.models import Message, Volunteer


def sample_of(kind: str, *, by: Actor) -> Message | None:
    """Return the newest message of this kind to somebody whom the actor may see, or to the actor.

    Its facts are numbers, days, and public names of teams and events; no name goes with them.
    """
    people = select(Volunteer.id).where(living_under(by, Right.PERSON_SEE))
    mine: list[ColumnElement[bool]] = [Message.volunteer_id.in_(people)]
    if by.account_id is not None:
        mine.append(Message.account_id == by.account_id)
    query = select(Message).where(Message.kind == kind, or_(*mine))
    return db.session.scalar(query.order_by(Message.id.desc()).limit(1))
