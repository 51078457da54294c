"""A shift is moved while somebody scans: they are in it, or are told that it is not now."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from tests.make import MORNING
from tests.races.test_attendance import Morning, morning, rows, scan
from tests.racing import overlapped
from volunteer_service.db import db
from volunteer_service.events import rescheduling
from volunteer_service.events.models import Attendance, Shift


def moved(day: Morning, hours: int) -> Callable[[], Any]:
    def act() -> str:
        shift = db.session.scalars(select(Shift).where(Shift.event_id == day.event_id)).one()
        by_how_much = timedelta(hours=hours)
        rescheduling.edit_shift(
            shift.id,
            starts_at=shift.starts_at + by_how_much,
            ends_at=shift.ends_at + by_how_much,
            capacity=shift.capacity,
            reason="换时间",
            by=day.leader,
            at=MORNING,
        )
        return "moved"

    return act


def test_a_scan_while_the_shift_is_moved_away_is_told(app: Flask) -> None:
    day = morning(app)
    said = overlapped(app, moved(day, 24), scan(day, "in", 1))
    assert said[0] == "moved"
    # On PostgreSQL the scan was judged before; on SQLite it waited to be.
    assert said[1] in ("shift_just_moved", "event_not_open")
    assert rows(app, select(Attendance.id)) == []


def test_a_shift_moved_while_somebody_scans_in_takes_no_minutes(app: Flask) -> None:
    day = morning(app)
    said = overlapped(app, scan(day, "in", 1), moved(day, 24))
    assert said[0] == "in"
    assert said[1] != "moved"
    assert len(rows(app, select(Attendance.id))) == 1
    (starts_at,) = rows(app, select(Shift.starts_at))[0]
    assert starts_at == MORNING
