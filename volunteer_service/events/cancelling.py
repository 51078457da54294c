"""Cancelling an event while nobody has come, and bringing a cancelled one back."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from volunteer_service import journal, settings
from volunteer_service.db import db
from volunteer_service.errors import refusal_of
from volunteer_service.events import planning, presences, refusals, sign_ups
from volunteer_service.events.models import Attendance, Event, SignUp
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.messages import messages
from volunteer_service.visible_text import said


@said("reason")
def cancel(event_id: int, *, reason: str, by: Actor, at: datetime) -> Event:
    """Cancel the event with a reason that everybody reads; its sign-ups end, and their people are
    told.

    This is refused once somebody has checked in; the event is then closed instead, so that their
    minutes count.
    """
    event = planning.editable(event_id, by=by)
    # A check-in's foreign key waits for the event that is held here.
    came = presences.at_event(event.id)
    if came:
        raise refusals.PeopleCame(count=came)
    event.state, event.cancelled_at, event.cancel_reason = "cancelled", at, reason
    event.version += 1
    ended = _held(event, "confirmed", "waiting")
    for row in ended:
        row.state, row.cancelled_at = "cancelled", at
    db.session.flush()
    people = sorted({row.volunteer_id for row in ended})
    messages.tell_each("event_cancelled", [(who, _named(event)) for who in people], at=at)
    _record("cancel", event, by, at, sign_ups=len(ended))
    return event


def bring_back(event_id: int, *, by: Actor, at: datetime) -> Event:
    """Bring a cancelled event back, as an actor who may cancel. Those whose sign-ups it ended are
    told.

    People who came have their place again. Before a shift begins its other places come back too,
    first come, first served; later they do not, because nobody misses a cancelled event.
    """
    event = planning.led(event_id, by=by, lock=True)
    if event.state != "cancelled":
        raise refusals.EventNotCancelled()
    came = presences.at_event(event.id)
    if at >= event.ends_at and not came:
        raise refusals.NothingToBringBack()
    if not came:
        planning.need_team(event.team)
    ended_at = event.cancelled_at
    event.state = "published" if event.published_at else "draft"
    event.cancelled_at, event.cancel_reason = None, None
    event.version += 1
    rows = [row for row in _held(event, "cancelled") if row.cancelled_at == ended_at]
    with_presence = _came(event)
    for row in sorted(rows, key=lambda row: (row.id not in with_presence, row.created_at, row.id)):
        _restore(row, row.id in with_presence, at)
    _tell(event, rows, at)
    _record("bring_back", event, by, at, sign_ups=sum(row.state != "cancelled" for row in rows))
    db.session.flush()
    return event


def _restore(row: SignUp, came: bool, at: datetime) -> None:
    shift = row.shift
    if not came and (at >= shift.starts_at or not _may_still(row)):
        return
    has_place = came or sign_ups.free_places(shift) > 0
    row.state, row.cancelled_at = ("confirmed" if has_place else "waiting"), None
    row.offered_until = None
    db.session.flush()


def _may_still(row: SignUp) -> bool:
    """Tell whether the person could sign up for it now: registered, not blocked, not elsewhere."""
    return refusal_of(lambda: sign_ups.need_able(row.volunteer, row.shift)) is None


def _tell(event: Event, rows: Sequence[SignUp], at: datetime) -> None:
    """Send one message to each person; of several restored places it names the best one."""
    best: dict[int, str] = {}
    for state in ("cancelled", "waiting", "confirmed"):
        best |= {row.volunteer_id: state for row in rows if row.state == state}
    told = [(who, _named(event) | {"place": place}) for who, place in sorted(best.items())]
    messages.tell_each("event_brought_back", told, at=at)


def _held(event: Event, *states: str) -> Sequence[SignUp]:
    query = select(SignUp).where(SignUp.event_id == event.id, SignUp.state.in_(states))
    return db.session.scalars(query.order_by(SignUp.id).with_for_update(of=SignUp)).all()


def _came(event: Event) -> frozenset[int]:
    query = select(Attendance.sign_up_id).where(Attendance.event_id == event.id)
    return frozenset(db.session.scalars(query))


def _named(event: Event) -> dict[str, object]:
    day = settings.local_day(event.starts_at).isoformat()
    return {"event": event.id, "title": event.title, "day": day}


def _record(verb: str, event: Event, by: Actor, at: datetime, **facts: object) -> None:
    journal.record(f"events.{verb}", event, account_id=by.account_id, door=by.door, at=at, **facts)
