"""A check-out taken back: by the volunteer at once, by a leader while the event is open."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from tests import make
from tests.make_attendance import came, minute, scan, scanning
from volunteer_service import policies
from volunteer_service.attendance import closing, refusals
from volunteer_service.attendance.check_ins import check_in, check_out_undo, rosters
from volunteer_service.attendance.check_ins.check_out_undo import may_stay
from volunteer_service.attendance.check_ins.situation import standing
from volunteer_service.attendance.models import Scan, ServiceRecord
from volunteer_service.db import db
from volunteer_service.errors import NotAllowed, NotFound
from volunteer_service.events.models import Attendance
from volunteer_service.journal import Entry


def presence(who) -> Attendance:
    db.session.expire_all()
    return db.session.scalars(select(Attendance).where(Attendance.volunteer_id == who.id)).one()


def take_back(cast, event, *, by=None, who=None, at=30):
    by = make.acting(by or cast.li_mei)
    who = who or cast.wang
    return check_out_undo.take_back_check_out(event.id, volunteer_id=who.id, by=by, at=minute(at))


def stay(event, who, at: int):
    return check_out_undo.stay(event.id, by=scanning(who), at=minute(at))


def test_the_volunteer_stays_and_leaves_again(cast, event) -> None:
    came(event, cast.wang, 0, 20)
    stay(event, cast.wang, 30)
    assert presence(cast.wang).checked_out_at is None
    scan(event, cast.wang, 120)
    found = presence(cast.wang)
    assert (found.checked_out_at, found.grade) == (minute(120), "scanned")
    kept = db.session.scalars(select(Scan).order_by(Scan.id)).all()
    assert [(row.kind, row.outcome) for row in kept] == [
        ("in", "accepted"),
        ("out", "accepted"),
        ("out", "accepted"),
    ]
    entry = db.session.scalars(
        select(Entry).where(Entry.verb == "attendance.take_back_check_out")
    ).one()
    assert (entry.subject_id, entry.at) == (found.id, minute(30))
    assert entry.facts == {"checked_out_at": minute(20).isoformat()}


def test_the_scan_that_was_taken_back_gets_its_answer_again(cast, event) -> None:
    came(event, cast.wang, 0, None)
    first = scan(event, cast.wang, 20, scan_id="left")
    stay(event, cast.wang, 25)
    again = scan(event, cast.wang, 26, scan_id="left")
    assert (first.replayed, again.replayed) == (False, True)
    assert (again.kind, again.at) == ("out", minute(20))
    assert presence(cast.wang).checked_out_at is None, "an answer, not a second check-out"


@pytest.mark.parametrize(("left", "at"), [(20, 31), (115, 120)])
def test_neither_late_nor_after_the_shift(cast, event, left, at) -> None:
    came(event, cast.wang, 0, left)
    assert not may_stay(standing(cast.wang.id, event_id=event.id), cast.wang.id, at=minute(at))
    with pytest.raises(refusals.StayNotPossible):
        stay(event, cast.wang, at)
    assert presence(cast.wang).checked_out_at == minute(left)


def test_the_minutes_are_the_policy_s(cast, event) -> None:
    policies.add_version(
        {"undo_check_out_minutes": 3}, reason="t", account_id=None, at=make.MORNING
    )
    came(event, cast.wang, 0, 20)
    with pytest.raises(refusals.StayNotPossible) as refused:
        stay(event, cast.wang, 24)
    assert refused.value.numbers["minutes"] == 3
    stay(event, cast.wang, 23)
    assert presence(cast.wang).checked_out_at is None


def test_what_a_leader_ticked_only_a_leader_takes_back(cast, event) -> None:
    scan(event, cast.wang, 0)
    ticked = {"volunteer_id": cast.wang.id, "kind": "out", "scan_id": uuid4().hex}
    check_in.tick(event.id, **ticked, by=make.acting(cast.li_mei), at=minute(20))
    with pytest.raises(refusals.StayNotPossible):
        stay(event, cast.wang, 21)
    take_back(cast, event, at=60)
    assert presence(cast.wang).checked_out_at is None


def test_a_leader_s_word_drops_the_grade(cast, event) -> None:
    came(event, cast.wang, 0, 20)
    take_back(cast, event, at=100)
    scan(event, cast.wang, 120)
    closing.close(event.id, by=make.acting(cast.li_mei), at=minute(121))
    record = db.session.scalars(select(ServiceRecord)).one()
    assert (record.minutes, record.grade) == (120, "leader")
    told = rosters.explain(record.id, by=make.acting(cast.li_mei))
    assert [act.at for act in told.taken_back] == [minute(100)]


def test_who_may_not_take_back(cast, event) -> None:
    came(event, cast.wang, 0, 20)
    for stranger, refusal in ((cast.zhao_account, NotFound), (cast.auditor, NotAllowed)):
        with pytest.raises(refusal):
            take_back(cast, event, by=stranger)
    with pytest.raises(NotFound):
        stay(event, cast.zhao, 21)
    assert presence(cast.wang).checked_out_at == minute(20)


def test_a_leader_does_not_take_back_her_own(cast, event) -> None:
    li = db.session.get(type(cast.wang), cast.li_mei.volunteer_id)
    came(event, li, 0, 20)
    with pytest.raises(refusals.OwnTick):
        take_back(cast, event, who=li)
    assert presence(li).checked_out_at == minute(20)


def test_nothing_to_take_back(cast, event) -> None:
    scan(event, cast.wang, 0)
    with pytest.raises(refusals.NotCheckedOut):
        take_back(cast, event)


def test_not_once_the_event_is_closed(cast, event) -> None:
    came(event, cast.wang, 0, 118)
    closing.close(event.id, by=make.acting(cast.li_mei), at=minute(119))
    with pytest.raises(refusals.EventNotRunning):
        stay(event, cast.wang, 119)
    with pytest.raises(refusals.EventNotRunning):
        take_back(cast, event, at=119)
    assert presence(cast.wang).checked_out_at == minute(118)


def test_not_after_coming_somewhere_else(cast, event) -> None:
    came(event, cast.wang, 0, 115)
    after = make.event(team=cast.team, leader=cast.li_mei, starts_at=event.ends_at)
    scan(after, cast.wang, -4)
    with pytest.raises(refusals.CheckedInSince):
        stay(event, cast.wang, 118)


@pytest.mark.parametrize(
    ("left", "state", "minutes", "reason"),
    [(1, "nothing", 0, "presence_too_short"), (100, "recognised", 96, "rounded_down")],
)
def test_what_a_check_out_is_worth_so_far(cast, event, left, state, minutes, reason) -> None:
    came(event, cast.wang, 0, left)
    worth = check_out_undo.worth_so_far(event.id, cast.wang.id)
    assert (worth.state, worth.minutes) == (state, minutes)
    assert reason in {each.code for each in worth.reasons}
