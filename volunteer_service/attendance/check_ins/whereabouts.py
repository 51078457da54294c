"""Where one person is right now, whichever event it is, for their first page."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from volunteer_service.attendance.check_ins.current_shift import stay
from volunteer_service.attendance.check_ins.situation import standing
from volunteer_service.db import db
from volunteer_service.events.models import Attendance, Event


@dataclass(frozen=True)
class Here:
    """A person at an event: since when, and when the shift ends on which they are."""

    title: str
    place: str
    since: datetime
    until: datetime


def whereabouts(volunteer_id: int, *, at: datetime) -> Here | None:
    """Return where a person is; None once they left, or their check-out was forgotten.

    Who stays from one shift into the next is on the next one.
    """
    inside = (
        select(Attendance.event_id)
        .join(Event, Event.id == Attendance.event_id)
        .where(
            Attendance.volunteer_id == volunteer_id,
            Attendance.checked_out_at.is_(None),
            Event.state == "published",
        )
        .order_by(Attendance.checked_in_at.desc(), Attendance.id.desc())
    )
    event_id = db.session.scalar(inside.limit(1))
    found = standing(volunteer_id, event_id=event_id) if event_id is not None else None
    here = stay(found, at) if found else None
    if found is None or here is None:
        return None
    return Here(found.title, found.place, here.since, here.last(at).ends_at)
