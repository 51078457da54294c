"""A check-out taken back while others act on the same presence."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from tests.make import MORNING
from tests.races.test_attendance import Morning, close, morning, rows, scan
from tests.racing import at_once, codes, overlapped, verb
from volunteer_service.attendance.check_ins import check_out_undo
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.events.models import Attendance
from volunteer_service.journal import Entry

RECORD = select(ServiceRecord.minutes, ServiceRecord.waits_for)


def take_back(day: Morning) -> Callable[[], Any]:
    def work() -> str | None:
        at = MORNING + timedelta(minutes=121)
        row = check_out_undo.take_back_check_out(
            day.event_id, volunteer_id=day.wang_id, by=day.leader, at=at
        )
        return None if row.checked_out_at else "present"

    return work


def taken_back(app: Flask) -> int:
    query = select(func.count()).where(Entry.verb == "attendance.take_back_check_out")
    ((count,),) = rows(app, query)
    return int(count)


def test_it_is_taken_back_once(app: Flask) -> None:
    day = morning(app, came=True)
    said = at_once([verb(app, take_back(day)) for _ in range(4)])
    assert sorted(codes(said)) == ["not_checked_out"] * 3 + ["present"]
    assert taken_back(app) == 1


def test_before_the_close_is_committed(app: Flask) -> None:
    day = morning(app, came=True)
    assert overlapped(app, close(day), take_back(day)) == (1, "event_not_running")
    assert rows(app, RECORD) == [(120, "leader")]
    assert taken_back(app) == 0


def test_the_close_sees_what_was_taken_back(app: Flask) -> None:
    day = morning(app, came=True)
    assert overlapped(app, take_back(day), close(day)) == ("present", 1)
    assert rows(app, RECORD) == [(0, "end")]


def test_a_scan_out_meanwhile_is_the_second_one_or_none(app: Flask) -> None:
    day = morning(app, came=True)
    said = overlapped(app, take_back(day), scan(day, "out", 122))
    left = MORNING + timedelta(minutes=122)
    ((now,),) = rows(app, select(Attendance.checked_out_at))
    # SQLite lets the scan in only after the commit; on PostgreSQL it may have looked before it.
    assert (said, now) in [
        (("present", "out"), left),
        (("present", "already_checked_out"), None),
    ]
