"""Scans at the same moment: one presence for one person, no more people than places."""

from sqlalchemy import func, select

from tests import make, racing
from tests.make_attendance import scanning
from volunteer_service.attendance.check_ins import check_in, event_codes
from volunteer_service.attendance.models import Scan
from volunteer_service.db import db, transaction
from volunteer_service.events.models import Attendance


def at_once(app, works) -> list[str]:
    """The sorted results of works that begin at the same moment."""
    return sorted(racing.at_once([racing.verb(app, work) for work in works]))


def test_two_phones_at_the_same_moment_make_one_check_in(app) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        event = make.event(team=cast.team, leader=cast.li_mei)
        make.sign_up(event, cast.wang)
        token, by = event_codes.token(event), scanning(cast.wang)

    def phone(n: int):
        return lambda: (
            check_in.scan(token, scan_id=f"phone-{n}", kind="in", by=by, at=make.MORNING).kind
        )

    assert at_once(app, [phone(n) for n in range(4)]) == ["already_checked_in"] * 3 + ["in"]
    with app.app_context(), transaction(write=False):
        assert db.session.scalars(select(Attendance)).one().checked_out_at is None
        outcomes = db.session.scalars(select(Scan.outcome).order_by(Scan.outcome)).all()
        assert outcomes == ["accepted"] + ["refused"] * 3


def test_a_double_tap_is_one_scan(app) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        event = make.event(team=cast.team, leader=cast.li_mei)
        make.sign_up(event, cast.wang)
        token, by = event_codes.token(event), scanning(cast.wang)

    def tap() -> str:
        return check_in.scan(token, scan_id="tap", by=by, at=make.MORNING).kind

    assert at_once(app, [tap] * 4) == ["in"] * 4
    with app.app_context(), transaction(write=False):
        assert db.session.scalar(select(func.count(Scan.id))) == 1
        assert db.session.scalars(select(Attendance)).one().checked_out_at is None


def test_walk_ins_at_once_never_exceed_the_capacity(app) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        event = make.event(team=cast.team, leader=cast.li_mei, capacity=2)
        token = event_codes.token(event)
        people = [scanning(make.volunteer(f"路人{n}")) for n in range(6)]

    def walk_in(n: int):
        return lambda: (
            check_in.scan(token, scan_id=f"walk-in-{n}", by=people[n], at=make.MORNING).kind
        )

    said = at_once(app, [walk_in(n) for n in range(6)])
    assert said == ["in"] * 2 + ["not_signed_up"] * 4
    with app.app_context(), transaction(write=False):
        assert db.session.scalar(select(func.count(Attendance.id))) == 2


def test_a_walk_in_tapped_six_times_gets_six_equal_answers(app) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        event = make.event(team=cast.team, leader=cast.li_mei, capacity=1)
        token, by = event_codes.token(event), scanning(cast.zhao)

    def tap() -> str:
        return check_in.scan(token, scan_id="walk-in", kind="in", by=by, at=make.MORNING).kind

    assert at_once(app, [tap] * 6) == ["in"] * 6
    with app.app_context(), transaction(write=False):
        assert db.session.scalar(select(func.count(Scan.id))) == 1
        assert db.session.scalars(select(Attendance)).one().checked_out_at is None


def test_eight_taps_without_a_button_at_one_instant_are_one_entry(app) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        event = make.event(team=cast.team, leader=cast.li_mei)
        make.sign_up(event, cast.wang)
        token, by = event_codes.token(event), scanning(cast.wang)

    def tap(n: int):
        return lambda: check_in.scan(token, scan_id=f"tap-{n}", by=by, at=make.MORNING).kind

    assert at_once(app, [tap(n) for n in range(8)]) == ["already_checked_in"] * 7 + ["in"]
    with app.app_context(), transaction(write=False):
        assert db.session.scalars(select(Attendance)).one().checked_out_at is None
        assert db.session.scalar(select(func.count(Scan.id))) == 8
