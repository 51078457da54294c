"""Reminders of shifts: the day before, ten minutes before the end, and a check-out forgotten."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import contains_eager, joinedload

from volunteer_service import settings
from volunteer_service.db import db
from volunteer_service.events import change_messages
from volunteer_service.events.models import Attendance, Event, Shift, SignUp
from volunteer_service.people.messages import messages

#: How long before the end of a shift the people there are told how to check out.
BEFORE_END = timedelta(minutes=10)
#: How long after the end people without a check-out are asked, and until how long after it.
AFTER_END, FORGOTTEN_FOR = timedelta(minutes=20), timedelta(hours=12)


def remind(*, at: datetime) -> int:
    """Tell everybody whom a shift of tomorrow, its end or an open check-out concerns, once each.

    Return how many were told.
    """
    return (
        messages.tell_once("shift_tomorrow", _tomorrow(at), at=at)
        + messages.tell_once("check_out_soon", _there(at, _ends_soon(at)), at=at)
        + messages.tell_once("check_out_forgotten", _there(at, _ended(at)), at=at)
    )


def _tomorrow(at: datetime) -> Iterator[messages.Once]:
    day = settings.local_day(at) + timedelta(days=1)
    query = (
        select(SignUp)
        .join(SignUp.shift)
        .join(Shift.event)
        .options(contains_eager(SignUp.shift).contains_eager(Shift.event))
        .where(
            SignUp.state == "confirmed",
            Event.state == "published",
            Shift.removed_at.is_(None),
            Shift.starts_at >= settings.day_begins(day),
            Shift.starts_at < settings.day_ends(day),
        )
    )
    for row in db.session.scalars(query.order_by(SignUp.id)):
        key = f"shift_tomorrow:{row.id}:{day}"
        yield row.volunteer_id, key, _facts(row.shift)


def _there(at: datetime, when: ColumnElement[bool]) -> Iterator[messages.Once]:
    """Yield the people inside, each once for each shift."""
    query: Select[Attendance] = (
        select(Attendance)
        .join(Attendance.shift)
        .join(Shift.event)
        .options(joinedload(Attendance.shift).joinedload(Shift.event))
        .where(
            Attendance.checked_out_at.is_(None),
            Event.state == "published",
            Shift.closed_at.is_(None),
            when,
        )
    )
    for row in db.session.scalars(query.order_by(Attendance.id)):
        part = "soon" if row.shift.ends_at > at else "forgotten"
        yield row.volunteer_id, f"check_out_{part}:{row.sign_up_id}", _facts(row.shift)


def _ends_soon(at: datetime) -> ColumnElement[bool]:
    return Shift.ends_at.between(at, at + BEFORE_END)


def _ended(at: datetime) -> ColumnElement[bool]:
    return Shift.ends_at.between(at - FORGOTTEN_FOR, at - AFTER_END)


def _facts(shift: Shift) -> dict[str, Any]:
    return change_messages.named(shift.event, shift) | {"time": change_messages.hours(shift)}
