"""A tap without network counts by its own time, once, and only as far as it can be believed."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import make
from tests.make_attendance import minute, scan
from volunteer_service import policies
from volunteer_service.attendance import closing, refusals
from volunteer_service.attendance.check_ins import check_in
from volunteer_service.attendance.models import Scan, ServiceRecord
from volunteer_service.db import db
from volunteer_service.events.models import Attendance


def presence() -> Attendance:
    db.session.expire_all()
    return db.session.scalars(select(Attendance)).one()


def late(event, who, *, arrives: int, age: int, wrong_by: int = 0, **fields):
    """A tap ``age`` minutes old when it arrives, from a phone whose clock is ``wrong_by`` off."""
    sent = minute(arrives + wrong_by)
    return scan(
        event, who, arrives, tapped_at=sent - timedelta(minutes=age), sent_at=sent, **fields
    )


def test_how_old_and_how_late_a_tap_may_be_are_the_policy_s(cast, event) -> None:
    numbers = {"late_tap_hours": 1, "late_tap_minutes": 20, "late_tap_jitter_seconds": 0}
    policies.add_version(numbers, reason="t", account_id=None, at=make.MORNING)
    scan(event, cast.wang, 0)
    for age in (61, -1):
        with pytest.raises(refusals.TapTimeRefused):
            late(event, cast.wang, arrives=100, age=age)
    assert late(event, cast.wang, arrives=110, age=20).at == minute(90)
    # Not late by this policy: the grade stays.
    assert presence().grade == "scanned"


@pytest.mark.parametrize("wrong_by", [0, -300, 60 * 24 * 400])
def test_a_late_check_out_counts_by_the_tap(cast, event, wrong_by) -> None:
    scan(event, cast.wang, 0)
    left = late(event, cast.wang, arrives=200, age=90, wrong_by=wrong_by)
    assert (left.kind, left.at) == ("out", minute(110))
    found = presence()
    assert (found.checked_out_at, found.grade) == (minute(110), "leader")
    kept = db.session.scalars(select(Scan).where(Scan.kind == "out")).one()
    assert (kept.scanned_at, kept.received_at, kept.came_late) == (minute(110), minute(200), True)


def test_sent_twice_it_is_one_scan(cast, event) -> None:
    scan(event, cast.wang, 0)
    first = late(event, cast.wang, arrives=130, age=20, scan_id="the-one-tap")
    again = late(event, cast.wang, arrives=140, age=30, scan_id="the-one-tap")
    assert (first.replayed, again.replayed) == (False, True)
    assert (again.at, presence().checked_out_at) == (minute(110), minute(110))
    assert len(db.session.scalars(select(Scan).where(Scan.kind == "out")).all()) == 1


def test_a_late_check_in_counts_by_the_tap_even_after_the_shift(cast, event) -> None:
    entered = late(event, cast.wang, arrives=300, age=295, kind="in")
    assert (entered.at, presence().checked_in_at) == (minute(5), minute(5))
    assert presence().grade == "leader", "the phone's word, which the leader confirms"


def test_a_slow_line_keeps_the_grade(cast, event) -> None:
    scan(event, cast.wang, 0)
    late(event, cast.wang, arrives=112, age=2)
    assert (presence().checked_out_at, presence().grade) == (minute(110), "scanned")


@pytest.mark.parametrize("age", [-2, 60 * 24 + 1])
def test_a_day_old_or_of_the_future_is_the_leaders_to_enter(cast, event, age) -> None:
    scan(event, cast.wang, 0)
    with pytest.raises(refusals.TapTimeRefused):
        late(event, cast.wang, arrives=100, age=age, kind="out")
    assert presence().checked_out_at is None


def test_a_minute_of_the_future_is_now(cast, event) -> None:
    scan(event, cast.wang, 0)
    late(event, cast.wang, arrives=100, age=-1)
    assert presence().checked_out_at == minute(100)


def test_nobody_leaves_before_she_came(cast, event) -> None:
    scan(event, cast.wang, 30)
    with pytest.raises(refusals.NotCheckedIn):
        late(event, cast.wang, arrives=100, age=80, kind="out")
    assert presence().checked_out_at is None


def test_before_the_doors_open_stays_before(cast, event) -> None:
    with pytest.raises(refusals.EventNotOpen):
        late(event, cast.wang, arrives=0, age=90, kind="in")
    assert db.session.scalars(select(Attendance)).all() == []


def test_after_closing_it_waits_for_the_leader(cast, event) -> None:
    scan(event, cast.wang, 0)
    closing.close(event.id, by=make.acting(cast.li_mei), at=minute(130))
    before = [(row.id, row.minutes) for row in db.session.scalars(select(ServiceRecord))]
    with pytest.raises(refusals.EventOver) as told:
        late(event, cast.wang, arrives=140, age=30, kind="out")
    assert "由活动负责人核对" in told.value.message
    assert presence().checked_out_at is None
    assert [(r.id, r.minutes) for r in db.session.scalars(select(ServiceRecord))] == before


def test_a_leaders_tick_that_waited_counts_by_its_own_time(cast, event) -> None:
    by = make.acting(cast.li_mei)
    for kind, arrives, tapped in (("in", 60, 0), ("out", 180, 120)):
        check_in.tick(
            event.id,
            volunteer_id=cast.wang.id,
            kind=kind,
            scan_id=f"late-tick-{kind}",
            tapped_at=minute(tapped),
            sent_at=minute(arrives),
            by=by,
            at=minute(arrives),
        )
    found = presence()
    assert (found.checked_in_at, found.checked_out_at) == (minute(0), minute(120))
    assert found.grade == "leader"


def test_one_time_alone_says_nothing(cast, event) -> None:
    scan(event, cast.wang, 0)
    check_out = scan(event, cast.wang, 100, tapped_at=minute(50))
    assert check_out.at == minute(100)
