"""Times and shift of a decided record are corrected, and the rule gives the minutes."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests import make
from tests.attendance.test_corrections import AFTER, found, points
from tests.make_attendance import record
from volunteer_service.attendance import refusals
from volunteer_service.attendance.check_ins import rosters
from volunteer_service.attendance.models import RecordChange, Scan, ServiceRecord
from volunteer_service.attendance.records import corrections
from volunteer_service.db import db
from volunteer_service.errors import Invalid, NotAllowed, NotFound
from volunteer_service.events.models import Attendance, Post, Shift
from volunteer_service.people.authorization.conflicts import OwnCase, SecondPersonNeeded
from volunteer_service.people.models import Message
from volunteer_service.scoring.points import doctor

__all__ = ["found"]

AT = AFTER + timedelta(hours=4)


def after(minutes: int):
    return make.MORNING + timedelta(minutes=minutes)


def correct(row, account, first: int, last: int, *, shift=None, at=AT, reason="签退忘了扫"):
    return corrections.correct_times(
        row.id,
        starts_at=after(first),
        ends_at=after(last),
        shift_id=shift,
        reason=reason,
        by=make.acting(account),
        at=at,
    )


def other_shift(row: ServiceRecord, first: int, last: int, *, coefficient: int = 100) -> Shift:
    post = Post(event_id=row.event_id, name="引导", coefficient_centi=coefficient)
    db.session.add(post)
    db.session.flush()
    shift = Shift(
        event_id=row.event_id,
        post_id=post.id,
        starts_at=after(first),
        ends_at=after(last),
        capacity=5,
    )
    db.session.add(shift)
    db.session.flush()
    return shift


def test_times_are_corrected_minutes_and_points_follow_and_scans_stay(cast, found) -> None:
    scans = [(s.kind, s.scanned_at) for s in db.session.scalars(select(Scan)).all()]
    done = correct(found, cast.coordinator, 30, 200)
    assert (done.state, done.was, done.minutes) == ("done", 240, 168)
    assert (found.starts_at, found.ends_at) == (after(30), after(200))
    assert (found.minutes, found.state, found.grade) == (168, "confirmed", "leader")
    assert points(cast.wang) == 280
    assert doctor.doctor() == []
    assert [(s.kind, s.scanned_at) for s in db.session.scalars(select(Scan)).all()] == scans
    told = rosters.explain(found.id, by=make.acting(cast.wang_account))
    change = told.changes[-1]
    assert change.before["starts_at"] == after(0).isoformat()
    assert change.after["starts_at"] == after(30).isoformat()
    assert (change.before["ends_at"], change.after["ends_at"]) == (
        after(240).isoformat(),
        after(200).isoformat(),
    )
    kinds = [each.kind for each in db.session.scalars(select(Message))]
    assert kinds.count("record_times_corrected") == 1
    assert {reason["code"] for reason in found.reasons} == {"rounded_down", "times_corrected"}


def test_only_what_lies_inside_the_shift_counts(cast, found) -> None:
    correct(found, cast.coordinator, -60, 180)
    assert (found.starts_at, found.ends_at, found.minutes) == (after(0), after(180), 180)


def test_too_short_a_presence_earns_nothing(cast, found) -> None:
    done = correct(found, cast.coordinator, 0, 60)
    assert (done.state, done.minutes) == ("waiting", 0)
    corrections.decide_correction(done.id, approve=True, by=make.acting(cast.second), at=AT)
    assert (found.state, found.minutes, points(cast.wang)) == ("refused", 0, 0)


def test_a_large_one_waits_for_a_second_person(cast, found) -> None:
    shift = other_shift(found, 0, 100)
    row = correct(found, cast.li_mei, 0, 100, shift=shift.id)
    assert (row.state, row.minutes, found.minutes) == ("waiting", 96, 240)
    with pytest.raises(NotAllowed):
        corrections.decide_correction(row.id, approve=True, by=make.acting(cast.li_mei), at=AT)


def test_a_second_person_lets_it_happen(cast, found) -> None:
    shift = other_shift(found, 0, 100)
    row = correct(found, cast.coordinator, 0, 100, shift=shift.id)
    with pytest.raises(SecondPersonNeeded):
        corrections.decide_correction(row.id, approve=True, by=make.acting(cast.coordinator), at=AT)
    corrections.decide_correction(row.id, approve=True, by=make.acting(cast.second), at=AT)
    assert (found.minutes, found.ends_at) == (96, after(100))
    presence = db.session.scalars(select(Attendance)).one()
    assert (presence.shift_id, presence.checked_out_at) == (shift.id, after(100))


def test_another_shift_and_a_post_that_weighs_more_take_two(cast, found) -> None:
    shift = other_shift(found, 0, 240, coefficient=200)
    row = correct(found, cast.coordinator, 0, 240, shift=shift.id)
    assert (row.state, found.coefficient_centi, points(cast.wang)) == ("waiting", 100, 400)
    corrections.decide_correction(row.id, approve=True, by=make.acting(cast.second), at=AT)
    assert (found.coefficient_centi, points(cast.wang)) == (200, 800)
    assert doctor.doctor() == []


def test_a_shift_of_another_event_is_none(cast, found) -> None:
    far = make.event(team=cast.team, leader=cast.li_mei, starts_at=after(6000))
    with pytest.raises(NotFound):
        correct(found, cast.coordinator, 0, 200, shift=far.shifts[0].id)


def test_another_record_of_the_person_is_not_overlapped(cast, found) -> None:
    correct(found, cast.coordinator, 0, 180)
    record(cast.wang, team=cast.team, starts_at=after(190), minutes=60)
    with pytest.raises(refusals.RecordOverlaps) as refused:
        correct(found, cast.coordinator, 0, 220)
    assert refused.value.field == "starts_at"
    assert found.minutes == 180


def test_above_the_cap_of_the_day_somebody_else_looks(cast, found) -> None:
    correct(found, cast.coordinator, 0, 180)
    record(cast.wang, team=cast.team, starts_at=after(300), minutes=300)
    row = correct(found, cast.coordinator, 0, 240)
    assert (row.state, row.minutes, found.minutes) == ("waiting", 240, 180)


def test_what_changed_meanwhile_is_asked_for_again(cast, found) -> None:
    shift = other_shift(found, 0, 100)
    row = correct(found, cast.coordinator, 0, 100, shift=shift.id)
    found.ends_at = after(230)
    db.session.flush()
    with pytest.raises(refusals.CorrectionDecided):
        corrections.decide_correction(row.id, approve=True, by=make.acting(cast.second), at=AT)


@pytest.mark.parametrize(
    ("first", "last", "refusal"),
    [
        (100, 100, Invalid),
        (200, 100, Invalid),
        (-2000, 200, Invalid),
        (0, 10_000, Invalid),
        (0, 1000, refusals.NotOverYet),
        (0, 240, refusals.NothingToCorrect),
    ],
)
def test_times_that_cannot_be_are_refused(cast, found, first, last, refusal) -> None:
    with pytest.raises(refusal):
        correct(found, cast.coordinator, first, last)
    assert (found.minutes, found.starts_at) == (240, after(0))
    assert db.session.scalar(select(func.count(RecordChange.id))) == 0


def test_whoever_may_not_correct_minutes_corrects_no_times(cast, found) -> None:
    for account, refusal in (
        (cast.auditor, NotAllowed),
        (cast.zhao_account, NotFound),
        (cast.wang_account, NotFound),
    ):
        with pytest.raises(refusal):
            correct(found, account, 0, 200)
    own = replace(make.acting(cast.coordinator), volunteer_id=cast.wang.id)
    with pytest.raises(OwnCase):
        corrections.correct_times(
            found.id, starts_at=after(0), ends_at=after(200), reason="走得早", by=own, at=AT
        )
    assert found.minutes == 240


def test_a_leader_corrects_in_time_only(cast, found) -> None:
    assert correct(found, cast.li_mei, 0, 200).state == "done"
    with pytest.raises(refusals.CorrectionTooLate):
        correct(found, cast.li_mei, 0, 180, at=AT + timedelta(days=40))


def test_a_paper_record_keeps_its_break_and_takes_two(cast) -> None:
    row = record(cast.wang, team=cast.team, minutes=180)
    row.minutes, row.grade, row.source_type = 120, "backfilled", "backfill"
    db.session.flush()
    asked = correct(row, cast.coordinator, 0, 210)
    assert (asked.state, asked.minutes) == ("waiting", 150)
    corrections.decide_correction(asked.id, approve=True, by=make.acting(cast.second), at=AT)
    assert (row.minutes, row.ends_at, row.grade) == (150, after(210), "backfilled")
    with pytest.raises(Invalid):
        correct(row, cast.coordinator, 0, 50)


def test_another_day_of_the_half_year_takes_two_and_another_half_year_is_refused(cast) -> None:
    row = record(cast.wang, team=cast.team, minutes=60)
    day = 24 * 60
    asked = correct(row, cast.coordinator, -day, -day + 60)
    assert asked.state == "waiting"
    corrections.decide_correction(asked.id, approve=True, by=make.acting(cast.second), at=AT)
    assert row.served_on == make.MORNING.date() - timedelta(days=1)
    with pytest.raises(refusals.CorrectionLeavesHalfYear):
        correct(row, cast.coordinator, -200 * day, -200 * day + 60)
