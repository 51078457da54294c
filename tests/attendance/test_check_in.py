"""Scanning in and out: once and only once, and every refusal kept."""

from datetime import timedelta

import pytest
from sqlalchemy import event as listening
from sqlalchemy import func, select

from tests import make
from tests.make_attendance import scan, scanning
from volunteer_service import policies
from volunteer_service.attendance import refusals
from volunteer_service.attendance.check_ins import check_in, event_codes
from volunteer_service.attendance.models import Scan
from volunteer_service.db import db, transaction
from volunteer_service.errors import NotFound
from volunteer_service.events.models import Attendance, SignUp
from volunteer_service.events.refusals import NotAVolunteer, SignUpBlocked


def presence() -> Attendance | None:
    db.session.expire_all()
    return db.session.scalars(select(Attendance)).one_or_none()


def test_first_in_then_out(cast, event) -> None:
    entered = scan(event, cast.wang, -5)
    left = scan(event, cast.wang, 118)
    assert (entered.kind, left.kind) == ("in", "out")
    found = presence()
    assert (found.checked_in_at, found.checked_out_at) == (entered.at, left.at)
    assert found.grade == "scanned"


def test_the_hot_path_is_few_statements(cast, event) -> None:
    statements: list[str] = []

    def count(_connection, _cursor, statement, *_rest) -> None:
        statements.append(statement)

    token, by = event_codes.token(event), scanning(cast.wang)
    # The first request of a process also reads the policy's numbers.
    policies.active()
    db.session.commit()
    listening.listen(db.engine, "before_cursor_execute", count)
    try:
        for minute in (0, 118):
            statements.clear()
            at = make.MORNING + timedelta(minutes=minute)
            check_in.scan(token, scan_id=f"scan-{minute}", by=by, at=at)
            db.session.commit()
            # And the commit, which is no statement of the cursor.
            said = [each for each in statements if not each.startswith("BEGIN")]
            assert len(said) == 3, said
    finally:
        listening.remove(db.engine, "before_cursor_execute", count)


def test_the_same_scan_id_gets_the_same_answer(cast, event) -> None:
    first = scan(event, cast.wang, scan_id="one")
    again = scan(event, cast.wang, 1, scan_id="one")
    assert again.replayed
    assert (again.kind, again.at) == (first.kind, first.at)
    assert presence().checked_out_at is None


def test_a_scan_id_is_one_persons(cast, event) -> None:
    scan(event, cast.wang, scan_id="one")
    with pytest.raises(refusals.ScanIdReused):
        scan(event, cast.zhao, scan_id="one")


@pytest.mark.parametrize(
    ("minute", "refusal"),
    [(-31, refusals.EventNotOpen), (121, refusals.EventOver)],
)
def test_outside_the_window_nobody_enters(cast, event, minute, refusal) -> None:
    with pytest.raises(refusal):
        scan(event, cast.wang, minute)
    assert presence() is None


def test_too_early_says_from_when(cast, event) -> None:
    with pytest.raises(refusals.EventNotOpen) as refused:
        scan(event, cast.wang, -31)
    assert "5/16 08:30" in str(refused.value)


def test_what_the_button_said_is_what_is_done(cast, event) -> None:
    with pytest.raises(refusals.NotCheckedIn):
        scan(event, cast.wang, kind="out")
    scan(event, cast.wang, kind="in")
    with pytest.raises(refusals.AlreadyCheckedIn):
        scan(event, cast.wang, 1, kind="in")
    assert presence().checked_out_at is None
    scan(event, cast.wang, 100, kind="out")
    for kind in ("in", "out", None):
        with pytest.raises(refusals.AlreadyCheckedOut):
            scan(event, cast.wang, 110, kind=kind)
    assert presence().checked_out_at == make.MORNING + timedelta(minutes=100)


def test_a_code_for_entering_cannot_leave(cast, event) -> None:
    by, at = scanning(cast.wang), event.starts_at
    entrance = event_codes.token(event, event_codes.ENTRANCE)
    check_in.scan(entrance, scan_id="a", by=by, at=at)
    with pytest.raises(refusals.AlreadyCheckedIn):
        check_in.scan(entrance, scan_id="b", by=by, at=at)
    with pytest.raises(refusals.CodeInvalid):
        check_in.scan(entrance, scan_id="c", kind="out", by=by, at=at)
    assert presence().checked_out_at is None


def test_who_has_not_signed_up_walks_in_while_there_is_room(cast) -> None:
    event = make.event(team=cast.team, leader=cast.li_mei, capacity=1)
    scan(event, cast.zhao)
    assert db.session.scalars(select(SignUp)).one().source == "walk_in"
    with pytest.raises(refusals.NotSignedUp):
        scan(event, cast.wang)


def test_somebody_of_the_waiting_list_takes_a_place_that_is_free(cast) -> None:
    event = make.event(team=cast.team, leader=cast.li_mei, capacity=1)
    make.sign_up(event, cast.wang, state="waiting")
    scan(event, cast.wang)
    assert db.session.scalars(select(SignUp)).one().state == "confirmed"


def test_a_block_holds_at_the_door_too(cast) -> None:
    event = make.event(team=cast.team, leader=cast.li_mei)
    cast.wang.no_show_blocked_at = make.MORNING
    with pytest.raises(SignUpBlocked):
        scan(event, cast.wang)


def test_an_account_without_a_volunteer_cannot_scan(cast, event) -> None:
    by = make.acting(cast.desk)
    with pytest.raises(NotAVolunteer):
        check_in.scan(event_codes.token(event), scan_id="x", by=by, at=event.starts_at)


@pytest.mark.parametrize(
    ("state", "refusal"),
    [
        ("draft", refusals.CodeInvalid),
        ("cancelled", refusals.EventCalledOff),
        ("closed", refusals.EventOver),
    ],
)
def test_only_a_published_event_takes_scans(cast, state, refusal) -> None:
    event = make.event(team=cast.team, leader=cast.li_mei, state=state)
    with pytest.raises(refusal):
        scan(event, cast.wang)


def test_a_look_changes_nothing_and_offers_what_fits(cast, event) -> None:
    def look(minute: int) -> check_in.Look:
        at = event.starts_at + timedelta(minutes=minute)
        return check_in.look(event_codes.token(event), volunteer_id=cast.wang.id, at=at)

    assert isinstance(look(-60).refusal, refusals.EventNotOpen)
    assert look(0).kind == "in"
    assert presence() is None
    scan(event, cast.wang)
    assert (look(10).kind, look(10).minutes_short) == ("out", 62)
    assert look(72).minutes_short == 0
    scan(event, cast.wang, 90)
    assert isinstance(look(91).refusal, refusals.AlreadyCheckedOut)
    assert db.session.scalar(select(func.count(Scan.id))) == 2


def test_a_leader_ticks_and_the_grade_drops(cast, event) -> None:
    def tick(kind: str, by, scan_id: str):
        return check_in.tick(
            event.id,
            volunteer_id=cast.wang.id,
            kind=kind,
            scan_id=scan_id,
            by=by,
            at=event.starts_at,
        )

    with pytest.raises(NotFound):
        tick("in", make.acting(cast.zhao_account), "a")
    tick("in", make.acting(cast.li_mei), "b")
    assert presence().grade == "leader"
    assert tick("in", make.acting(cast.li_mei), "b").replayed
    with pytest.raises(refusals.AlreadyCheckedIn):
        tick("in", make.acting(cast.li_mei), "c")


def test_a_refused_scan_is_kept_and_refused_again_in_the_same_words(app) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        event = make.event(team=cast.team, leader=cast.li_mei)
        token, by = event_codes.token(event), scanning(cast.wang)
    with app.app_context():
        said = []
        for minute in (-40, 5):
            at = make.MORNING + timedelta(minutes=minute)
            with pytest.raises(refusals.EventNotOpen) as refused, transaction():
                check_in.scan(token, scan_id="early", by=by, at=at)
            said.append(str(refused.value))
        assert said[0] == said[1]
        with transaction(write=False):
            kept = db.session.scalars(select(Scan)).one()
            assert (kept.outcome, kept.reason) == ("refused", "event_not_open")
            assert presence() is None
