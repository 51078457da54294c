"""Staff correct a wrong decided record."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests import make
from tests.make_attendance import came, record
from volunteer_service.attendance import closing, refusals
from volunteer_service.attendance.check_ins import rosters
from volunteer_service.attendance.models import RecordChange, ServiceRecord
from volunteer_service.attendance.records import corrections, record_decisions
from volunteer_service.db import db
from volunteer_service.errors import Invalid, NotAllowed, NotFound
from volunteer_service.people.authorization.conflicts import OwnCase, SecondPersonNeeded
from volunteer_service.people.models import Message
from volunteer_service.scoring.points import balances, doctor

DAY = make.MORNING.date()
AFTER = make.MORNING + timedelta(minutes=125)


@pytest.fixture
def found(cast) -> ServiceRecord:
    """A confirmed record of 240 minutes, by scans."""
    event = make.event(team=cast.team, leader=cast.li_mei, minutes=240)
    make.sign_up(event, cast.wang)
    came(event, cast.wang, last=240)
    leader = make.acting(cast.li_mei)
    closing.close(event.id, by=leader, at=event.ends_at)
    row = db.session.scalars(select(ServiceRecord)).one()
    record_decisions.confirm([row.id], by=leader, at=event.ends_at)
    return row


def correct(row, account, minutes, *, at=AFTER):
    by = make.acting(account)
    return corrections.correct(row.id, minutes=minutes, reason="走得早", by=by, at=at)


def points(volunteer) -> int:
    return balances.standing(volunteer.id, DAY).available


def test_a_coordinator_corrects_and_points_follow_by_transfers(cast, found) -> None:
    assert points(cast.wang) == 400
    done = correct(found, cast.coordinator, 180)
    assert (done.state, done.was, found.minutes, found.state) == ("done", 240, 180, "confirmed")
    assert points(cast.wang) == 300
    assert doctor.doctor() == []
    told = rosters.explain(found.id, by=make.acting(cast.wang_account))
    change = told.changes[-1]
    assert (change.before["minutes"], change.after["minutes"]) == (240, 180)
    assert (told.names[change.account_id], change.reason, change.at) == ("周静", "走得早", AFTER)
    said = db.session.scalars(select(Message).where(Message.kind == "record_corrected")).one()
    assert (said.volunteer_id, said.facts["was"], said.facts["minutes"]) == (cast.wang.id, 240, 180)


def test_undone_by_another_correction(cast, found) -> None:
    correct(found, cast.coordinator, 180)
    correct(found, cast.coordinator, 240)
    assert (found.minutes, points(cast.wang)) == (240, 400)
    assert doctor.doctor() == []
    assert db.session.scalar(select(func.count(RecordChange.id))) == 2


def test_to_nothing_and_back(cast) -> None:
    row = record(cast.wang, team=cast.team, state="waiting", waits_for="leader")
    record_decisions.confirm([row.id], by=make.acting(cast.li_mei), at=AFTER)
    correct(row, cast.coordinator, 0)
    assert (row.state, points(cast.wang)) == ("refused", 0)
    with pytest.raises(refusals.NothingToCorrect):
        correct(row, cast.li_mei, 60)  # a coordinator lets a refused record count
    correct(row, cast.coordinator, 120)
    assert (row.state, points(cast.wang)) == ("confirmed", 200)
    assert doctor.doctor() == []


def test_above_the_policy_s_minutes_a_second_person_decides(cast, found) -> None:
    asked = correct(found, cast.coordinator, 60)
    assert (asked.state, found.minutes, points(cast.wang)) == ("waiting", 240, 400)
    with pytest.raises(refusals.CorrectionWaiting):
        correct(found, cast.second, 230)
    by = make.acting(cast.coordinator)
    with pytest.raises(SecondPersonNeeded):
        corrections.decide_correction(asked.id, approve=True, by=by, at=AFTER)
    for account, refusal in ((cast.li_mei, NotAllowed), (cast.zhao_account, NotFound)):
        with pytest.raises(refusal):
            corrections.decide_correction(asked.id, approve=True, by=make.acting(account), at=AFTER)
    second = make.acting(cast.second)
    done = corrections.decide_correction(asked.id, approve=True, by=second, at=AFTER)
    assert (done.state, found.minutes, points(cast.wang)) == ("done", 60, 100)
    with pytest.raises(refusals.CorrectionDecided):
        corrections.decide_correction(asked.id, approve=True, by=second, at=AFTER)


def test_small_steps_are_summed(cast, found) -> None:
    assert correct(found, cast.coordinator, 120).state == "done"
    assert correct(found, cast.coordinator, 114).state == "waiting"
    assert found.minutes == 120


def test_refused_it_says_why_and_changes_nothing(cast, found) -> None:
    asked = correct(found, cast.coordinator, 60)
    second = make.acting(cast.second)
    with pytest.raises(Invalid):
        corrections.decide_correction(asked.id, approve=False, by=second, at=AFTER)
    done = corrections.decide_correction(
        asked.id, approve=False, answer="签到表上有", by=second, at=AFTER
    )
    assert (done.state, found.minutes) == ("refused", 240)
    assert correct(found, cast.coordinator, 230).state == "done"  # the next one is possible


def test_what_changed_meanwhile_is_not_overwritten(cast, found) -> None:
    asked = correct(found, cast.coordinator, 60)
    record_decisions.amend(found, minutes=120, reason="异议", by=make.acting(cast.admin), at=AFTER)
    with pytest.raises(refusals.CorrectionDecided):
        corrections.decide_correction(asked.id, approve=True, by=make.acting(cast.second), at=AFTER)
    assert found.minutes == 120


def test_the_leader_within_ten_working_days(cast, found) -> None:
    tenth, eleventh = make.MORNING + timedelta(days=13), make.MORNING + timedelta(days=16)
    assert correct(found, cast.li_mei, 234, at=tenth).state == "done"
    with pytest.raises(refusals.CorrectionTooLate):
        correct(found, cast.li_mei, 228, at=eleventh)
    assert corrections.offer(found, by=make.acting(cast.li_mei), at=eleventh).may_correct is False
    assert correct(found, cast.coordinator, 228, at=eleventh).state == "done"


def test_never_one_s_own(cast) -> None:
    me = make.volunteer("周静", team=cast.team)
    cast.coordinator.volunteer_id = me.id
    db.session.flush()
    row = record(me, team=cast.team)
    with pytest.raises(OwnCase):
        correct(row, cast.coordinator, 60)
    assert row.minutes == 120


def test_a_hand_entered_record_is_corrected_by_two_however_little(cast) -> None:
    row = record(cast.wang, team=cast.team, grade="backfilled")
    assert correct(row, cast.coordinator, 114).state == "waiting"
    assert row.minutes == 120


def test_what_cannot_be_is_refused_before_anybody_waits(cast, found) -> None:
    with pytest.raises(refusals.TooManyMinutes):
        correct(found, cast.coordinator, 300)
    with pytest.raises(refusals.NothingToCorrect):
        correct(found, cast.coordinator, 240)
    waiting = record(
        cast.wang,
        team=cast.team,
        starts_at=make.MORNING + timedelta(days=1),
        state="waiting",
        waits_for="leader",
    )
    with pytest.raises(refusals.NothingToCorrect):
        correct(waiting, cast.coordinator, 60)
    for account, refusal in ((cast.auditor, NotAllowed), (cast.zhao_account, NotFound)):
        with pytest.raises(refusal):
            correct(found, account, 200)
    assert corrections.corrections_of(found.id) == []
