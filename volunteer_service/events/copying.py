"""Copies an event with its posts and shifts to another beginning, without its people."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import inspect

from volunteer_service import journal, settings
from volunteer_service.db import Base, db
from volunteer_service.events import planned_breaks, planning, refusals
from volunteer_service.events.models import Event, EventTeam, Post, Shift
from volunteer_service.people.authorization.actor import Actor

WEEK = timedelta(days=7)
#: Columns of a post and a shift that belong to the single event, not to its plan.
_NOT_COPIED = {"id", "event_id", "post_id", "closed_at", "open_until", "removed_at"}


def copy(event_id: int, *, starts_at: datetime, by: Actor, at: datetime) -> Event:
    """Make a draft like an event of any state that begins at another instant; the actor leads it.

    Posts and shifts are copied and keep their hours of the local clock. A beginning in the past and
    a closed team are refused.
    """
    event = planning.led(event_id, by=by)
    if starts_at <= at:
        raise refusals.ChangedIntoPast(field="starts_at")
    planning.need_team(event.team)
    row = like(event, starts_at=starts_at, leader_id=by.account_id or event.leader_id, at=at)
    db.session.flush()
    journal.record(
        "events.copy", row, account_id=by.account_id, door=by.door, at=at, source=event.id
    )
    return row


def week_later(instant: datetime, *, at: datetime) -> datetime:
    """Return the next instant after ``at`` that is whole weeks later on the local clock."""
    zone = settings.current().zone
    weeks = max(1, (_on_the_clock(at) - _on_the_clock(instant)) // WEEK + 1)
    return (_on_the_clock(instant) + weeks * WEEK).replace(tzinfo=zone)


def like(event: Event, *, starts_at: datetime, leader_id: int, at: datetime) -> Event:
    """Return a new draft with the plan, posts, shifts and teams of an event."""
    moved = mover(_on_the_clock(starts_at) - _on_the_clock(event.starts_at))
    plan = {name: getattr(event, name) for name in planning.EventPlan.__dataclass_fields__}
    row = Event(
        team=event.team,
        leader_id=leader_id,
        **plan | {"starts_at": moved(event.starts_at), "ends_at": moved(event.ends_at)},
        code=planning.new_code(),
        created_at=at,
        version=1,
    )
    posts = {post.id: Post(event=row, **_plan_of(post)) for post in event.posts}
    for shift in event.shifts:
        values = _plan_of(shift)
        values |= {name: moved(values[name]) for name in ("starts_at", "ends_at")}
        pauses = [(moved(begins), moved(ends)) for begins, ends in shift.planned_breaks]
        values["breaks"] = planned_breaks.kept(pauses)
        Shift(event=row, post=posts[shift.post_id], **values)
    db.session.add(row)
    db.session.flush()
    for team in event.invited:
        db.session.add(EventTeam(event_id=row.id, team_id=team.id, since=at))
    return row


def mover(by_how_much: timedelta) -> Callable[[datetime], datetime]:
    """Return the function that moves an instant on the local clock: nine o'clock stays nine
    o'clock.
    """

    def moved(instant: datetime) -> datetime:
        return (_on_the_clock(instant) + by_how_much).replace(tzinfo=settings.current().zone)

    return moved


def _plan_of(row: Base) -> dict[str, Any]:
    names = (column.key for column in inspect(type(row)).column_attrs)
    return {name: getattr(row, name) for name in names if name not in _NOT_COPIED}


def _on_the_clock(instant: datetime) -> datetime:
    """Return the local wall time, so that nine o'clock stays nine o'clock."""
    return instant.astimezone(settings.current().zone).replace(tzinfo=None)
