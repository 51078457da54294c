"""Acts on many events, sign-ups and people: publish, cancel, give places back, sign up."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from volunteer_service.db import db, fetch
from volunteer_service.errors import Phrase
from volunteer_service.events import cancelling, event_teams, planning, sign_ups
from volunteer_service.events.models import Event, Shift, SignUp
from volunteer_service.lists.acts.refusals import ShiftNotNamed
from volunteer_service.paging import on_days
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.teams.models import Membership

Values = Mapping[str, Any]


def publish(id_: int, _values: Values, by: Actor, at: datetime) -> None:
    """Publish a draft."""
    planning.publish(id_, by=by, at=at)


def cancel(id_: int, values: Values, by: Actor, at: datetime) -> None:
    """Cancel an event."""
    cancelling.cancel(id_, reason=values["reason"], by=by, at=at)


def bring_back(id_: int, _made_id: int | None, by: Actor, at: datetime) -> None:
    """Bring back a cancelled event."""
    cancelling.bring_back(id_, by=by, at=at)


def withdraw(id_: int, _values: Values, by: Actor, at: datetime) -> None:
    """Give a place back."""
    sign_ups.withdraw(id_, by=by, at=at)


def sign_up(volunteer_id: int, values: Values, by: Actor, at: datetime) -> int:
    """Sign a person up for the named shift; return the sign-up."""
    return sign_ups.sign_up(values["shift_id"], volunteer_id=volunteer_id, by=by, at=at).id


def sign_up_member(id_: int, values: Values, by: Actor, at: datetime) -> int:
    """Sign up the person of a membership."""
    return sign_up(fetch(Membership, id_).volunteer_id, values, by, at)


def waiting_place(sign_up_id: int) -> Phrase | None:
    """Return the position of a place on the waiting list, in words; None for a confirmed place."""
    row = fetch(SignUp, sign_up_id)
    if row.state == "confirmed":
        return None
    return Phrase("已满，排候补第 %(n)s 位", n=row.waiting_position)


def take_back_sign_up(_id: int, made_id: int | None, by: Actor, at: datetime) -> None:
    """Give back the place that :func:`sign_up` took."""
    sign_ups.withdraw(made_id or 0, by=by, at=at)


def named_shift(values: Values, by: Actor) -> dict[str, Any]:
    """Return the one shift of the named event that begins on the named day, as its id."""
    name, day = values["event"].strip(), values["day"]
    query = select(Shift.id).join(Event, Shift.event_id == Event.id).join(Event.team)
    query = query.where(
        Event.title == name,
        Event.state == "published",
        *on_days(Shift.starts_at, day, day),
        event_teams.held_by(by, Right.EVENT_EDIT),
    )
    found = db.session.scalars(query).all()
    if len(found) != 1:
        raise ShiftNotNamed(name=name)
    return {"event": name, "day": day.isoformat(), "shift_id": found[0]}
