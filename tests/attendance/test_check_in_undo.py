"""A check-in by mistake, taken back by the leader within minutes; it makes nobody a no-show."""

import pytest
from sqlalchemy import select

from tests import make
from tests.make_attendance import came, minute, scan
from volunteer_service.attendance import closing
from volunteer_service.attendance.check_ins import check_in, check_in_undo
from volunteer_service.attendance.check_ins.refusals import CheckInStays
from volunteer_service.attendance.models import Scan
from volunteer_service.attendance.refusals import EventNotRunning, OwnTick
from volunteer_service.db import db
from volunteer_service.errors import NotAllowed, NotFound
from volunteer_service.events.models import Attendance, SignUp
from volunteer_service.journal import Entry


def take_back(cast, event, who=None, *, by=None, at=5):
    return check_in_undo.take_back_check_in(
        event.id,
        volunteer_id=(who or cast.wang).id,
        by=make.acting(by or cast.li_mei),
        at=minute(at),
    )


def states(who) -> list[str]:
    db.session.expire_all()
    query = select(SignUp.state).where(SignUp.volunteer_id == who.id).order_by(SignUp.id)
    return list(db.session.scalars(query))


def test_who_had_signed_up_keeps_the_place_and_checks_in_again(cast, event) -> None:
    scan(event, cast.wang, 0)
    take_back(cast, event)
    assert states(cast.wang) == ["confirmed"]
    assert db.session.scalar(select(Attendance.id)) is None
    assert db.session.scalars(select(Scan.outcome)).all() == ["accepted"]
    entry = db.session.scalars(
        select(Entry).where(Entry.verb == "attendance.take_back_check_in")
    ).one()
    assert entry.facts["checked_in_at"] == minute(0).isoformat()
    assert scan(event, cast.wang, 6).kind == "in"


def test_who_came_without_gives_the_place_back_and_is_no_no_show(cast, event) -> None:
    scan(event, cast.zhao, 0)
    take_back(cast, event, cast.zhao)
    assert states(cast.zhao) == ["cancelled"]
    done = closing.close(event.id, by=make.acting(cast.li_mei), at=minute(180))
    # 王建国 had signed up and stayed away.
    assert (done.records, done.no_shows) == (0, 1)
    assert states(cast.zhao) == ["cancelled"]


def test_the_scan_that_was_taken_back_gets_its_answer_again(cast, event) -> None:
    first = scan(event, cast.wang, 0, scan_id="by-mistake")
    take_back(cast, event)
    again = scan(event, cast.wang, 6, scan_id="by-mistake")
    assert (again.kind, again.at, again.replayed) == (first.kind, first.at, True)
    assert db.session.scalar(select(Attendance.id)) is None


def test_it_is_for_some_minutes_and_not_after_the_check_out(cast, event) -> None:
    scan(event, cast.wang, 0)
    with pytest.raises(CheckInStays):
        take_back(cast, event, at=11)
    take_back(cast, event, at=10)
    came(event, cast.zhao, 0, 120)
    with pytest.raises(NotFound):
        take_back(cast, event, cast.zhao, at=121)


def test_an_entry_that_goes_on_from_the_shift_before_stays(cast, event) -> None:
    [first] = event.shifts
    scan(event, cast.wang, 0)
    row = db.session.scalars(select(Attendance)).one()
    row.checked_out_at = minute(60)
    row_after = Attendance(
        event_id=event.id,
        shift_id=first.id,
        sign_up_id=row.sign_up_id,
        volunteer_id=cast.wang.id,
        checked_in_at=minute(60),
        grade="scanned",
    )
    db.session.add(row_after)
    db.session.flush()
    with pytest.raises(CheckInStays):
        take_back(cast, event, at=61)


def test_only_a_leader_there_takes_it_back_and_never_their_own(cast, event) -> None:
    scan(event, cast.wang, 0)
    with pytest.raises(NotAllowed):
        take_back(cast, event, by=cast.desk)
    own = make.volunteer("李梅", team=cast.team)
    cast.li_mei.volunteer_id = own.id
    db.session.flush()
    scan(event, own, 0)
    with pytest.raises(OwnTick):
        take_back(cast, event, own)


def test_a_closed_event_keeps_what_it_has(cast, event) -> None:
    scan(event, cast.wang, 0)
    event.state = "closed"
    db.session.flush()
    with pytest.raises(EventNotRunning):
        take_back(cast, event)


def test_the_leader_s_own_scanner_may_scan_on(cast, event) -> None:
    by = make.acting(cast.li_mei)
    check_in.tick(
        event.id, volunteer_id=cast.wang.id, kind="in", scan_id="ticked-in", by=by, at=minute(0)
    )
    take_back(cast, event, at=1)
    done = check_in.tick(
        event.id, volunteer_id=cast.wang.id, kind="in", scan_id="ticked-again", by=by, at=minute(2)
    )
    assert done.kind == "in"
