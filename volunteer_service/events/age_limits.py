"""Ends places on dangerous posts of people who turn out to be under 18, and tells the leader."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from volunteer_service import settings
from volunteer_service.db import db, fetch
from volunteer_service.events import sign_ups, stays
from volunteer_service.events.models import Event, Post, Shift, SignUp
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.changes import changed_ages
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Volunteer


def watch() -> None:
    """Register a check of places for whenever a birth date makes somebody a minor."""
    changed_ages.judged_by("dangerous_posts", end_forbidden)


def end_forbidden(person: Volunteer, by: Actor, at: datetime) -> int:
    """End the places that a minor may not have; return how many.

    A person who is checked in stays until the leader, who is told, sends them elsewhere.
    """
    ended = 0
    for row in _on_dangerous_posts(person, at):
        if not sign_ups.is_too_young(person, row.shift):
            continue
        shift = fetch(Shift, row.shift_id, lock=True)
        is_there = stays.has_come(row, at)
        if not is_there:
            sign_ups.end(row, shift, by=by, at=at)
            ended += 1
        _tell_leader(shift, "inside" if is_there else "ended", at)
    return ended


def _on_dangerous_posts(person: Volunteer, at: datetime) -> Sequence[SignUp]:
    query = (
        select(SignUp)
        .join(Shift, Shift.id == SignUp.shift_id)
        .join(Post, Post.id == Shift.post_id)
        .join(Event, Event.id == SignUp.event_id)
        .where(
            SignUp.volunteer_id == person.id,
            SignUp.state.in_(("confirmed", "waiting")),
            Post.dangerous,
            Event.state == "published",
            Shift.ends_at > at,
        )
        .order_by(Shift.id)
    )
    return db.session.scalars(query).all()


def _tell_leader(shift: Shift, outcome: str, at: datetime) -> None:
    event = shift.event
    day = settings.local_day(shift.starts_at).isoformat()
    facts = {"event": event.id, "title": event.title, "day": day, "outcome": outcome}
    messages.tell_account(event.leader_id, "minor_at_post", at=at, **facts)
