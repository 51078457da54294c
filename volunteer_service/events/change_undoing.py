"""Taking back a change of a published event, on the same day and before what it moved begins."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from volunteer_service import journal, settings
from volunteer_service.db import db
from volunteer_service.errors import Conflict, WrittenByNewerProgram
from volunteer_service.events import (
    change_messages,
    event_states,
    planning,
    refusals,
    rescheduling,
    settled_places,
    stays,
)
from volunteer_service.events.models import Event, EventChange, SignUp
from volunteer_service.people.authorization.actor import Actor


def undo_change(event_id: int, *, version: int, by: Actor, at: datetime) -> Event:
    """Take the event's last change back; refused where the event changed since ``version``.

    Places become as they were, except for people who serve elsewhere by now; people who got one by
    the change wait again. Everybody affected is told.
    """
    event = planning.editable(event_id, by=by)
    if event.version != version:
        raise Conflict()
    row = last_change(event, at=at)
    if row is None:
        raise refusals.NothingToUndo()
    WrittenByNewerProgram.unless(row.format, known=event_states.FORMAT)
    rescheduling.hold_people(event)
    was = event_states.taken(event)
    here = stays.presences_of(event.id, at)
    _put_back(event, row)
    _give_back(event, row, at)
    settled_places.settle(event, was, here, by=by, at=at)
    now = event_states.taken(event)
    row.undone_at, row.undone_by_id = at, by.account_id
    event.version += 1
    touched = settled_places.touched(event, was, now, here)
    change_messages.tell_undone(event, touched, at=at)
    journal.record(
        "events.undo_change",
        event,
        account_id=by.account_id,
        door=by.door,
        at=at,
        change=row.id,
        touched=len(touched),
        values=event_states.changed_values(was, now),
    )
    db.session.flush()
    return event


def last_change(event: Event, *, at: datetime) -> EventChange | None:
    """Return the change that may be undone now; None if there is none, or if it is too late."""
    if event.state != "published":
        return None
    alive = [row for row in event_states.changes_of(event.id) if row.undone_at is None]
    row = alive[0] if alive else None
    if row is None or settings.local_day(row.at) != settings.local_day(at):
        return None
    moved = {int(id_) for id_ in row.after["shifts"]}
    begins = [
        datetime.fromisoformat(one["starts_at"])
        for state in (row.before, row.after)
        for one in state["shifts"].values()
    ]
    came = {each.shift_id for each in stays.presences_of(event.id, at)}
    if came & moved or any(at >= each for each in begins):
        return None
    return row


def _put_back(event: Event, row: EventChange) -> None:
    was: Mapping[str, Any] = row.before
    named, now = was["event"], row.after["event"]
    for name in ("starts_at", "ends_at"):
        if getattr(event, name) == datetime.fromisoformat(now[name]):
            setattr(event, name, datetime.fromisoformat(named[name]))
    if named["team"] != now["team"]:
        event.team_id, event.leader_id = named["team"], named["leader"]
    for shift in event_states.shifts_of(event.id):
        old = was["shifts"].get(str(shift.id))
        if old is None:
            continue
        shift.starts_at = datetime.fromisoformat(old["starts_at"])
        shift.ends_at = datetime.fromisoformat(old["ends_at"])
        shift.capacity = old["capacity"]
        # A change of format 1 has no breaks, and changed none.
        shift.breaks = old.get("breaks", shift.breaks)
        if not old["removed"]:
            shift.removed_at = None
    db.session.flush()
    db.session.expire(event, ["shifts", "team", "leader"])


def _give_back(event: Event, row: EventChange, at: datetime) -> None:
    """Restore the state of each place, where nobody changed it since and it is still possible."""
    before, after = row.before["sign_ups"], row.after["sign_ups"]
    for place in event_states.sign_ups_of(event.id):
        old = before.get(str(place.id))
        if old is not None and place.state == after.get(str(place.id)):
            _restore(place, old)
    db.session.flush()


def _restore(place: SignUp, old: str) -> None:
    now, place.state = place.state, old
    if old == "confirmed":
        place.offered_until = None
    if old in event_states.HELD and settled_places.why_not(place, place.shift) is not None:
        place.state = now
        return
    if old in event_states.HELD:
        place.cancelled_at = None
