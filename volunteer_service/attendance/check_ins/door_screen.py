"""What the leader shows or says at the door: the screen's code with the latest arrivals, and the
digits of this minute.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from volunteer_service.attendance import refusals
from volunteer_service.attendance.check_ins import (
    accepted_codes,
    check_in,
    event_codes,
    spoken_codes,
)
from volunteer_service.db import db
from volunteer_service.errors import told_to
from volunteer_service.events.models import Attendance, Event
from volunteer_service.identifiers.masks import mask_name
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Volunteer

#: Names shown, so that people see that their scan arrived.
LAST = 5


@dataclass(frozen=True)
class DoorScreen:
    """What the screen shows at one moment."""

    event: Event
    #: What the QR code holds, and for how many seconds it is shown.
    url: str
    seconds: int
    present: int
    #: The latest arrivals, newest first: masked name and time.
    last: Sequence[tuple[str, datetime]]


@dataclass(frozen=True)
class SpokenCode:
    """What the leader says aloud, and for how many seconds it holds."""

    event: Event
    digits: str
    seconds: int
    present: int


def show(event_id: int, *, by: Actor, at: datetime) -> DoorScreen:
    """Return the screen of an event that its leader or coordinator opens at the door.

    The event must be published (:class:`EventNotRunning`): nothing else accepts scans.
    """
    event = opened(event_id, by)
    with told_to(is_person=False):
        accepted_codes.need_accepted(event.accepted_codes, "screen")
    return DoorScreen(
        event,
        event_codes.url_of(event_codes.screen_token(event, at)),
        event_codes.seconds_left(at),
        present(event_id),
        _last(event_id),
    )


def say(event_id: int, *, by: Actor, at: datetime) -> SpokenCode:
    """Return the digits that a leader or coordinator says at a published event."""
    event = opened(event_id, by)
    with told_to(is_person=False):
        accepted_codes.need_accepted(event.accepted_codes, "spoken")
    return SpokenCode(
        event,
        spoken_codes.spoken_digits(event.code, at),
        event_codes.seconds_left(at, spoken_codes.STEP_SECONDS),
        present(event_id),
    )


def opened(event_id: int, by: Actor) -> Event:
    """Return a published event if the actor may check people in there."""
    event = check_in.need_gate(event_id, by)
    if event.state != "published":
        raise refusals.EventNotRunning()
    return event


def present(event_id: int) -> int:
    """Count who is there now."""
    here = select(func.count(Attendance.volunteer_id.distinct())).where(
        Attendance.event_id == event_id, Attendance.checked_out_at.is_(None)
    )
    return db.session.scalar(here) or 0


def _last(event_id: int) -> list[tuple[str, datetime]]:
    came = (
        select(Volunteer.name, Attendance.checked_in_at)
        .join(Volunteer, Volunteer.id == Attendance.volunteer_id)
        .where(Attendance.event_id == event_id)
        .order_by(Attendance.id.desc())
        .limit(LAST)
    )
    return [(mask_name(name), at) for name, at in db.session.execute(came)]
