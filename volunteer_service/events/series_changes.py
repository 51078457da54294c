"""Changes the later events of a series, or all that have not begun, one by one.

The verb that changes a single event changes each of them, so its people are told and keep their
minutes. An event for which that is refused stays as it is, and the answer says why.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from volunteer_service import settings
from volunteer_service.bounds import one_of
from volunteer_service.db import db
from volunteer_service.errors import Refused
from volunteer_service.events import (
    cancelling,
    planning,
    refusals,
    rescheduling,
    series,
    series_shifts,
    series_snapshots,
    settled_places,
)
from volunteer_service.events.models import Event
from volunteer_service.events.series_models import SeriesChange, SeriesDay
from volunteer_service.events.settled_places import Touched
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.visible_text import said

#: The people whom a change affects; None where nothing changed.
People = tuple[Touched, ...] | None
#: Which events of a series: this one and those after it, or every one that has not begun.
SCOPES = ("later", "all")


@dataclass(frozen=True)
class Left:
    """An event that stays as it is, and the refusal that says why."""

    event: Event
    refusal: Refused


@dataclass(frozen=True)
class ChangedSeries:
    """The events that a change of a series changed, those it left, and those that were so
    before.
    """

    done: tuple[Event, ...]
    left: tuple[Left, ...]
    same: tuple[Event, ...] = ()
    #: Whom it affects and how, by event.
    people: Mapping[int, tuple[Touched, ...]] = field(default_factory=dict)

    @property
    def touched(self) -> list[dict[str, Any]]:
        """Return the changed events that affect anybody, with how many people of each outcome."""
        return [
            {"event_id": event.id, "counts": dict(self.counted(event))}
            for event in self.done
            if self.people.get(event.id)
        ]

    def counted(self, event: Event) -> Counter[str]:
        """Return how many people of an event there are of each outcome."""
        return settled_places.counted(self.people.get(event.id, ()))


@said("reason")
def carry_over(
    event_id: int,
    *,
    scope: str,
    shifts: bool = False,
    reason: str | None = None,
    by: Actor,
    at: datetime,
) -> ChangedSeries:
    """Copy this event's words and its time of day to the other events of the series.

    With ``shifts`` it also copies its shifts: their times, places, breaks and posts, with what the
    posts ask (:func:`series_shifts.carry`). A published event whose times change needs a reason,
    which its people read.
    """
    event, series_id = in_series(event_id, by)
    before: dict[str, Any] = {}

    def change(other: Event) -> People:
        was = series_snapshots.taken(other)
        people = carried(other)
        if people is not None:
            before[str(other.id)] = series_snapshots.after(other, was)
        return people

    def carried(other: Event) -> People:
        words = _words_too(event, other, by, at)
        if shifts:
            people = series_shifts.carry(event, other, reason=reason, by=by, at=at)
        else:
            people = _time_too(event, other, reason, by, at)
        return () if people is None and words else people

    found = each(_others(event, series_id, scope, at), change)
    if found.done:
        kept = SeriesChange(series_id=series_id, at=at, account_id=by.account_id, before=before)
        kept.format = series_snapshots.FORMAT
        db.session.add(kept)
        db.session.flush()
    return found


@said("reason")
def cancel_series(
    event_id: int, *, scope: str, reason: str, by: Actor, at: datetime
) -> ChangedSeries:
    """Cancel this event and the others of its series; people who signed up are told the reason."""
    event, series_id = in_series(event_id, by)

    def change(other: Event) -> People:
        cancelling.cancel(other.id, reason=reason, by=by, at=at)
        return ()

    return each([event, *_others(event, series_id, scope, at)], change)


def in_series(event_id: int, by: Actor) -> tuple[Event, int]:
    """Return an event, for an actor who may edit it, and its series; refuse an event without
    one.
    """
    event, day = planning.led(event_id, by=by), series.day_of(event_id)
    if day is None:
        raise refusals.NotInSeries()
    return event, day.series_id


def _others(event: Event, series_id: int, scope: str, at: datetime) -> Sequence[Event]:
    one_of(scope, SCOPES, "scope")
    query = select(Event).join(SeriesDay, SeriesDay.event_id == Event.id)
    query = query.where(
        SeriesDay.series_id == series_id,
        Event.id != event.id,
        Event.starts_at > (max(at, event.starts_at) if scope == "later" else at),
        Event.state.in_(("draft", "published")),
    )
    return db.session.scalars(query.order_by(Event.starts_at)).all()


def each(events: Sequence[Event], change: Callable[[Event], People]) -> ChangedSeries:
    """Change these events one by one; one for which that is refused stays as it is."""
    done: list[Event] = []
    people: dict[int, tuple[Touched, ...]] = {}
    same: list[Event] = []
    left: list[Left] = []
    for event in events:
        try:
            with db.session.begin_nested():
                found = change(event)
                (same if found is None else done).append(event)
                people[event.id] = found or ()
        except Refused as refusal:
            db.session.refresh(event)
            left.append(Left(event, refusal))
    return ChangedSeries(tuple(done), tuple(left), tuple(same), people)


def _words_too(event: Event, other: Event, by: Actor, at: datetime) -> bool:
    words = {name: getattr(event, name) for name in series_snapshots.WORDS}
    if all(getattr(other, name) == value for name, value in words.items()):
        return False
    kept = {name: getattr(other, name) for name in planning.EventPlan.__dataclass_fields__}
    plan = planning.EventPlan(**kept | words)
    planning.edit(other.id, plan, version=other.version, by=by, at=at)
    return True


def _time_too(event: Event, other: Event, reason: str | None, by: Actor, at: datetime) -> People:
    zone = settings.current().zone
    clock = event.starts_at.astimezone(zone).timetz()
    starts_at = datetime.combine(settings.local_day(other.starts_at), clock)
    if starts_at == other.starts_at:
        return None
    changed = rescheduling.put_off(other.id, starts_at=starts_at, reason=reason, by=by, at=at)
    return changed.touched
