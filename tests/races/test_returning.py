"""A volunteer who left two events that run at once comes back to both at the same instant."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from flask import Flask
from sqlalchemy import func, select

from tests import make
from tests.make import MORNING
from tests.make_attendance import scanning
from tests.racing import at_once, verb
from volunteer_service.attendance.check_ins import check_in
from volunteer_service.attendance.check_ins import event_codes as poster
from volunteer_service.db import db, transaction
from volunteer_service.events.models import Attendance


def test_whoever_left_two_events_and_comes_back_to_both_at_once_is_at_one(app: Flask) -> None:
    with app.app_context():
        with transaction():
            cast = make.cast()
            tokens = []
            for _n in range(2):
                event = make.event(team=cast.team, leader=cast.li_mei)
                place = make.sign_up(event, cast.wang)
                db.session.add(
                    Attendance(
                        event_id=event.id,
                        shift_id=event.shifts[0].id,
                        sign_up_id=place.id,
                        volunteer_id=cast.wang.id,
                        checked_in_at=MORNING,
                        checked_out_at=MORNING + timedelta(minutes=5),
                        grade="scanned",
                    )
                )
                tokens.append(poster.token(event))
            by = scanning(cast.wang)
        db.session.remove()
    at = MORNING + timedelta(minutes=30)

    def back(token: str) -> Callable[[], Any]:
        return lambda: check_in.scan(token, scan_id=uuid4().hex, kind="in", by=by, at=at).kind

    said = at_once([verb(app, back(token)) for token in tokens * 3])
    assert said.count("in") == 1
    assert set(said) <= {"in", "sign_up_overlaps", "already_checked_in"}
    inside = select(func.count(Attendance.id)).where(Attendance.checked_out_at.is_(None))
    with app.app_context(), transaction(write=False):
        assert db.session.scalar(inside) == 1
