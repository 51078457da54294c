"""A walk-in chooses the shift; a leader moves them, and no minute is lost."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import make
from tests.make_attendance import scan
from volunteer_service.attendance import closing, refusals
from volunteer_service.attendance.check_ins import check_in, rosters, walk_ins
from volunteer_service.attendance.models import Scan, ServiceRecord
from volunteer_service.db import db
from volunteer_service.errors import NotAllowed, NotFound
from volunteer_service.events.models import Attendance, Event, Post, Shift, SignUp
from volunteer_service.events.refusals import MinorOnDangerousPost, ShiftFull
from volunteer_service.journal import Entry


@pytest.fixture
def event(cast) -> Event:
    return make.event(team=cast.team, leader=cast.li_mei)


def second(event: Event, *, minute: int = 0, capacity: int = 5, dangerous: bool = False) -> Shift:
    """Another post with a shift of its own, ``minute`` after the first one's beginning."""
    name = f"引导岗{make.next_number()}"
    post = Post(event_id=event.id, name=name, coefficient_centi=150, dangerous=dangerous)
    db.session.add(post)
    db.session.flush()
    row = Shift(
        event_id=event.id,
        post_id=post.id,
        starts_at=event.starts_at + timedelta(minutes=minute),
        ends_at=event.ends_at + timedelta(minutes=minute),
        capacity=capacity,
    )
    db.session.add(row)
    db.session.flush()
    return row


def first(event: Event) -> Shift:
    shifts = select(Shift).where(Shift.event_id == event.id).order_by(Shift.id)
    return db.session.scalars(shifts).first()


def presence() -> Attendance | None:
    db.session.expire_all()
    return db.session.scalars(select(Attendance)).one_or_none()


def test_who_walks_in_says_which_shift_where_several_have_room(cast, event) -> None:
    other = second(event)
    with pytest.raises(refusals.ShiftNeeded) as told:
        scan(event, cast.zhao, scan_id="one-and-the-same")
    assert "引导岗" in str(told.value)
    assert "护学岗" in str(told.value)
    assert presence() is None
    assert not db.session.scalars(select(SignUp)).all()
    # The question is no refused scan: the same scan goes on with the answer.
    assert not db.session.scalars(select(Scan)).all()
    scan(event, cast.zhao, scan_id="one-and-the-same", shift_id=other.id)
    assert presence().shift_id == other.id


def test_nothing_is_asked_where_there_is_no_choice(cast, event) -> None:
    full, later = second(event, capacity=1), second(event, minute=60)
    make.sign_up(event, cast.wang, shift=full)
    assert later.starts_at > event.starts_at
    scan(event, cast.zhao)
    assert presence().shift_id == first(event).id


def test_who_holds_a_place_is_not_asked_and_takes_no_other(cast, event) -> None:
    other = second(event)
    make.sign_up(event, cast.wang, shift=other)
    with pytest.raises(refusals.ShiftNotOpen):
        scan(event, cast.wang, shift_id=first(event).id)
    scan(event, cast.wang)
    assert presence().shift_id == other.id


def test_who_waits_for_a_place_that_is_free_now_gets_that_one(cast, event) -> None:
    other = second(event)
    make.sign_up(event, cast.wang, shift=other, state="waiting")
    scan(event, cast.wang)
    assert presence().shift_id == other.id


def test_a_leader_is_asked_too(cast, event) -> None:
    other, by = second(event), make.acting(cast.li_mei)
    asked = {"volunteer_id": cast.zhao.id, "kind": "in", "scan_id": "tick-one", "by": by}
    with pytest.raises(refusals.ShiftNeeded) as told:
        check_in.tick(event.id, **asked, at=event.starts_at)
    assert "请为此人选一个班次" in str(told.value)
    check_in.tick(event.id, **asked, shift_id=other.id, at=event.starts_at)
    assert (presence().shift_id, presence().grade) == (other.id, "leader")


def moved(event: Event, shift: Shift, person, by, minute: int = 60) -> Attendance:
    at = event.starts_at + timedelta(minutes=minute)
    return walk_ins.move(
        event.id, volunteer_id=person.id, shift_id=shift.id, by=make.acting(by), at=at
    )


def test_a_leader_moves_who_walked_in_and_the_minutes_stay(cast, event) -> None:
    one, other = first(event), second(event)
    scan(event, cast.zhao, shift_id=one.id)
    moved(event, other, cast.zhao, cast.li_mei)
    scan(event, cast.zhao, 120)
    found = presence()
    assert (found.shift_id, found.checked_in_at) == (other.id, event.starts_at)
    states = {row.shift_id: row.state for row in db.session.scalars(select(SignUp))}
    assert states == {one.id: "cancelled", other.id: "confirmed"}
    act = db.session.scalars(select(Entry).where(Entry.verb == "attendance.move")).one()
    assert act.facts == {"from_shift": one.id, "to_shift": other.id}
    closing.close(event.id, by=make.acting(cast.li_mei), at=event.ends_at)
    record = db.session.scalars(select(ServiceRecord)).one()
    assert (record.minutes, record.coefficient_centi) == (120, 150)
    told = rosters.explain(record.id, by=make.acting(cast.li_mei))
    assert len(told.moves) == 1
    assert not told.taken_back


def test_there_and_back(cast, event) -> None:
    one, other = first(event), second(event)
    scan(event, cast.zhao, shift_id=one.id)
    moved(event, other, cast.zhao, cast.li_mei)
    moved(event, one, cast.zhao, cast.li_mei)
    assert presence().shift_id == one.id
    assert len(db.session.scalars(select(SignUp)).all()) == 2


def test_nobody_is_moved_where_served_minutes_would_be_lost(cast, event) -> None:
    one, later = first(event), second(event, minute=90)
    scan(event, cast.zhao, shift_id=one.id)
    with pytest.raises(refusals.MoveLosesMinutes):
        moved(event, later, cast.zhao, cast.li_mei, 80)
    assert presence().shift_id == one.id


def test_a_full_shift_a_minor_a_stranger_and_oneself(cast, event) -> None:
    one, full = first(event), second(event, capacity=1)
    risky = second(event, dangerous=True)
    make.sign_up(event, cast.wang, shift=full)
    scan(event, cast.zhao, shift_id=one.id)
    with pytest.raises(ShiftFull), db.session.begin_nested():
        moved(event, full, cast.zhao, cast.li_mei)
    cast.zhao.born_on = (event.starts_at - timedelta(days=365 * 16)).date()
    with pytest.raises(MinorOnDangerousPost), db.session.begin_nested():
        moved(event, risky, cast.zhao, cast.li_mei)
    with pytest.raises((NotAllowed, NotFound)):
        moved(event, risky, cast.zhao, cast.zhao_account)
    elsewhere = make.event(team=cast.team, leader=cast.li_mei)
    with pytest.raises(NotFound):
        moved(event, first(elsewhere), cast.zhao, cast.li_mei)
    scan(event, cast.wang)
    with pytest.raises(refusals.NotAWalkIn):
        moved(event, one, cast.wang, cast.li_mei)
    found = db.session.scalars(select(Attendance).where(Attendance.volunteer_id == cast.zhao.id))
    assert found.one().shift_id == one.id


def test_nobody_moves_herself_and_a_closed_event_stays(cast, event) -> None:
    one, other = first(event), second(event)
    herself = db.session.get_one(type(cast.zhao), cast.li_mei.volunteer_id)
    scan(event, herself, shift_id=one.id)
    with pytest.raises(refusals.OwnMove):
        moved(event, other, herself, cast.li_mei)
    event.state = "closed"
    with pytest.raises(refusals.EventNotRunning):
        moved(event, other, herself, cast.coordinator)
    assert presence().shift_id == one.id


def test_the_roster_of_one_shift(cast, event) -> None:
    other, by = second(event), make.acting(cast.li_mei)
    make.sign_up(event, cast.wang)
    make.sign_up(event, cast.zhao, shift=other)
    found = rosters.roster(event.id, shift_id=other.id, by=by)
    assert [row.sign_up.volunteer_id for row in found.rows] == [cast.zhao.id]
    assert len(rosters.roster(event.id, by=by).rows) == 2
