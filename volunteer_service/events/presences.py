"""Presences on an event: checked before a verb removes anything that people there depend on."""

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute

from volunteer_service.db import db
from volunteer_service.events.models import Attendance


def at_event(event_id: int) -> int:
    """Return how many people came to an event, those who have left included."""
    query = select(func.count(Attendance.volunteer_id.distinct()))
    return db.session.scalar(query.where(Attendance.event_id == event_id)) or 0


def shifts_of(event_id: int, volunteer_id: int) -> frozenset[int]:
    """Return the ids of the event's shifts to which this person came."""
    query = select(Attendance.shift_id).where(
        Attendance.event_id == event_id, Attendance.volunteer_id == volunteer_id
    )
    return frozenset(db.session.scalars(query))


def has_left(sign_up_id: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Return the SQL for: the holder of a place came and has left."""
    here = Attendance.sign_up_id == sign_up_id
    inside = exists().where(here, Attendance.checked_out_at.is_(None))
    return exists().where(here) & ~inside
