"""Frees the places of people who leave the register; the next on the waiting list get them."""

from datetime import datetime

from sqlalchemy import select

from volunteer_service.db import db, fetch
from volunteer_service.events import sign_ups, stays
from volunteer_service.events.models import Event, Shift, SignUp
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Volunteer
from volunteer_service.people.registrations import ended_registrations


def follow_registrations() -> None:
    """Register the freeing of places for whenever a registration ends."""
    ended_registrations.followed_by("places", free)


def free(person: Volunteer, by: Actor, at: datetime) -> None:
    """End the person's places on shifts that are not over; where they are checked in, they keep the
    place.
    """
    held = (
        select(SignUp)
        .join(Shift, Shift.id == SignUp.shift_id)
        .join(Event, Event.id == SignUp.event_id)
        .where(
            SignUp.volunteer_id == person.id,
            SignUp.state.in_(("confirmed", "waiting")),
            Event.state == "published",
            Shift.ends_at > at,
        )
        .order_by(Shift.id)
    )
    for row in db.session.scalars(held).all():
        shift = fetch(Shift, row.shift_id, lock=True)
        if not stays.has_come(row, at):
            sign_ups.end(row, shift, by=by, at=at)
