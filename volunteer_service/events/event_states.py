"""The state of an event, its shifts and its places at an instant, as a change of it stores them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from volunteer_service import journal
from volunteer_service.db import db
from volunteer_service.events import planned_breaks
from volunteer_service.events.models import Event, EventChange, Shift, SignUp
from volunteer_service.scoring.rules.recognised_minutes import Span

#: The format of a change's ``before`` and ``after``: ``event``, ``shifts`` and ``sign_ups`` by id;
#: with the breaks of shifts since 2.
FORMAT = 2
#: States of a sign-up that hold a place or wait for one.
HELD = ("confirmed", "waiting")


@dataclass(frozen=True)
class ShiftState:
    """One shift as it was."""

    starts_at: datetime
    ends_at: datetime
    capacity: int
    is_removed: bool
    breaks: tuple[Span, ...]


@dataclass(frozen=True)
class EventState:
    """An event as it was, with its shifts and the states of its sign-ups, each by id."""

    starts_at: datetime
    ends_at: datetime
    team_id: int
    team_name: str
    leader_id: int
    shifts: dict[int, ShiftState]
    sign_ups: dict[int, str]
    #: Sign-ups for which a place is kept now; in a preview, not stored with a change.
    offers: frozenset[int]


def taken(event: Event) -> EventState:
    """Return the event as it is in the database now."""
    db.session.flush()
    places = sign_ups_of(event.id)
    return EventState(
        event.starts_at,
        event.ends_at,
        event.team_id,
        event.team.name,
        event.leader_id,
        {row.id: shift_state(row) for row in shifts_of(event.id)},
        {row.id: row.state for row in places},
        frozenset(row.id for row in places if row.offered_until is not None),
    )


def changed_values(was: EventState, now: EventState) -> dict[str, list[Any]]:
    """Return for the journal what differs, each as ``[before, after]``: times and team of the
    event, and times and places of the shift where one alone changed.

    A shift that is taken out or brought back has None on the side where it does not take place.
    """
    changed = [id_ for id_, shift in was.shifts.items() if now.shifts.get(id_) != shift]
    one = changed[0] if len(changed) == 1 else None
    return journal.changes(
        _values(was, was.shifts.get(one) if one else None),
        _values(now, now.shifts.get(one) if one else None),
    )


def _values(state: EventState, shift: ShiftState | None) -> dict[str, Any]:
    held = shift if shift is not None and not shift.is_removed else None
    return {
        "starts_at": state.starts_at.isoformat(),
        "ends_at": state.ends_at.isoformat(),
        "of_team": state.team_name,
        "shift_starts_at": held.starts_at.isoformat() if held else None,
        "shift_ends_at": held.ends_at.isoformat() if held else None,
        "capacity": held.capacity if held else None,
    }


def shift_state(row: Shift) -> ShiftState:
    """Return a shift as it is in the database now."""
    breaks, is_removed = row.planned_breaks, row.removed_at is not None
    return ShiftState(row.starts_at, row.ends_at, row.capacity, is_removed, breaks)


def kept(state: EventState, other: EventState) -> dict[str, Any]:
    """Return the state as JSON: the event, and the shifts and places that differ."""
    shifts = {
        str(id_): {
            "starts_at": one.starts_at.isoformat(),
            "ends_at": one.ends_at.isoformat(),
            "capacity": one.capacity,
            "removed": one.is_removed,
            "breaks": planned_breaks.kept(one.breaks),
        }
        for id_, one in state.shifts.items()
        if other.shifts.get(id_) != one
    }
    places = {
        str(id_): one for id_, one in state.sign_ups.items() if other.sign_ups.get(id_) != one
    }
    event = {
        "starts_at": state.starts_at.isoformat(),
        "ends_at": state.ends_at.isoformat(),
        "team": state.team_id,
        "team_name": state.team_name,
        "leader": state.leader_id,
    }
    return {"event": event, "shifts": shifts, "sign_ups": places}


def shifts_of(event_id: int) -> Sequence[Shift]:
    """Return the event's shifts by their beginning, including removed ones."""
    query = select(Shift).options(joinedload(Shift.post)).where(Shift.event_id == event_id)
    return db.session.scalars(query.order_by(Shift.starts_at, Shift.id)).all()


def sign_ups_of(event_id: int) -> Sequence[SignUp]:
    """Return the event's sign-ups in any state, first come first."""
    query = (
        select(SignUp)
        .options(joinedload(SignUp.volunteer))
        .where(SignUp.event_id == event_id)
        .order_by(SignUp.created_at, SignUp.id)
    )
    return db.session.scalars(query).unique().all()


def changes_of(event_id: int) -> Sequence[EventChange]:
    """Return the changes of a published event, newest first, including undone ones."""
    query = select(EventChange).where(EventChange.event_id == event_id)
    return db.session.scalars(query.order_by(EventChange.id.desc())).all()
