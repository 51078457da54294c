"""Decisions on disputes: the decider, the record's evidence grade afterwards, and its lateness."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import make
from tests.make_attendance import came, scanning
from volunteer_service.attendance import closing
from volunteer_service.attendance.backfills import backfill
from volunteer_service.attendance.check_ins import check_in
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.attendance.records import corrections, disputes, record_decisions
from volunteer_service.db import db
from volunteer_service.people.authorization.conflicts import SecondPersonNeeded

AFTER = make.MORNING + timedelta(minutes=125)
LATE = make.MORNING + timedelta(days=30)
EIGHT_HOURS = timedelta(hours=8)


def entered(cast: make.Cast) -> ServiceRecord:
    """Eight hours of 王建国's that the coordinator entered by hand."""
    plan = backfill.Backfill(
        team_id=cast.team.id,
        volunteer_id=cast.wang.id,
        event_name="护学",
        place="东门",
        content="护送学生过马路",
        starts_at=make.MORNING - EIGHT_HOURS,
        ends_at=make.MORNING,
        minutes=480,
        leader_name="李梅",
        reason="当天断网",
    )
    return backfill.backfill(plan, by=make.acting(cast.coordinator), at=AFTER)


def closed(cast: make.Cast, first: int = 0, last: int | None = None) -> ServiceRecord:
    """A record of scans, without a check-out unless ``last`` says when."""
    event = make.event(team=cast.team, leader=cast.li_mei)
    make.sign_up(event, cast.wang)
    came(event, cast.wang, first, last)
    closing.close(event.id, by=make.acting(cast.li_mei), at=AFTER)
    return db.session.scalars(select(ServiceRecord)).one()


def disputed(cast: make.Cast, record: ServiceRecord, at=AFTER, **fields):
    return disputes.dispute(record.id, words="不对", by=scanning(cast.wang), at=at, **fields)


def upheld(dispute, by, *, at=AFTER, **fields):
    by = make.acting(by)
    return disputes.decide_dispute(dispute.id, upheld=True, answer="已核对", by=by, at=at, **fields)


def test_who_entered_a_record_decides_no_dispute_about_it(cast) -> None:
    record = entered(cast)
    row = disputed(cast, record)
    with pytest.raises(SecondPersonNeeded):
        upheld(row, cast.coordinator, minutes=480)
    assert (record.state, disputes.why_not(record, by=make.acting(cast.second), at=AFTER)) == (
        "waiting",
        None,
    )
    assert disputes.why_not(record, by=make.acting(cast.coordinator), at=AFTER) is not None
    upheld(row, cast.second, minutes=480)
    assert (record.state, record.minutes) == ("confirmed", 480)


def test_nor_does_who_corrected_it_or_asked_to(cast) -> None:
    record = closed(cast, 0, 120)
    record_decisions.confirm([record.id], by=make.acting(cast.li_mei), at=AFTER)
    corrections.correct(
        record.id, minutes=60, reason="早退", by=make.acting(cast.coordinator), at=AFTER
    )
    row = disputed(cast, record)
    with pytest.raises(SecondPersonNeeded):
        upheld(row, cast.coordinator, minutes=120)
    upheld(row, cast.second, minutes=120)
    assert record.minutes == 120


def test_what_no_scan_proves_is_graded_as_a_person_s_word(cast) -> None:
    record = closed(cast)
    assert (record.grade, record.waits_for) == ("scanned", "end")
    upheld(disputed(cast, record), cast.coordinator, minutes=60)
    assert (record.state, record.minutes, record.grade) == ("confirmed", 60, "leader")
    assert [reason["code"] for reason in record.reasons] == ["minutes_decided"]


def test_what_scans_prove_stays_scanned(cast) -> None:
    record = closed(cast, 0, 120)
    record_decisions.confirm([record.id], by=make.acting(cast.li_mei), at=AFTER)
    by = make.acting(cast.coordinator)
    corrections.correct(record.id, minutes=90, reason="早退", by=by, at=AFTER)
    assert record.grade == "scanned"
    corrections.correct(record.id, minutes=120, reason="没有早退", by=by, at=AFTER)
    assert record.grade == "scanned"


def test_more_than_scans_prove_is_a_person_s_word_by_a_correction_too(cast) -> None:
    record = closed(cast, 0, 90)
    record_decisions.confirm([record.id], by=make.acting(cast.li_mei), at=AFTER)
    assert (record.minutes, record.grade) == (90, "scanned")
    db.session.refresh(record)
    record.ends_at = make.MORNING + timedelta(minutes=120)
    by = make.acting(cast.coordinator)
    corrections.correct(record.id, minutes=120, reason="补到散场", by=by, at=AFTER)
    assert (record.minutes, record.grade) == (120, "leader")


def codes(record: ServiceRecord) -> list[str]:
    return [reason["code"] for reason in record.reasons]


def test_what_is_decided_late_is_marked_late(cast) -> None:
    record = closed(cast)
    upheld(disputed(cast, record, LATE), cast.coordinator, at=LATE, minutes=60)
    assert codes(record).count("entered_late") == 1


def test_a_hand_entered_record_that_is_approved_late_is_marked_once(cast) -> None:
    record = entered(cast)
    backfill.approve_backfill(record.id, by=make.acting(cast.second), at=LATE)
    assert codes(record) == ["entered_late"]


def test_a_correction_of_what_counted_in_time_is_not_late(cast) -> None:
    record = closed(cast, 0, 120)
    record_decisions.confirm([record.id], by=make.acting(cast.li_mei), at=AFTER)
    by = make.acting(cast.coordinator)
    corrections.correct(record.id, minutes=90, reason="早退", by=by, at=LATE)
    assert "entered_late" not in codes(record)


def test_the_share_of_the_shift_holds_for_a_leader_s_ticks_too(cast) -> None:
    event = make.event(team=cast.team, leader=cast.li_mei)
    make.sign_up(event, cast.wang)
    by = make.acting(cast.li_mei)
    for kind, minute in (("in", 0), ("out", 60)):
        check_in.tick(
            event.id,
            volunteer_id=cast.wang.id,
            kind=kind,
            scan_id=f"tick-{kind}",
            by=by,
            at=make.MORNING + timedelta(minutes=minute),
        )
    closing.close(event.id, by=by, at=AFTER)
    record = db.session.scalars(select(ServiceRecord)).one()
    assert (record.grade, record.state, codes(record)) == (
        "leader",
        "refused",
        ["presence_too_short"],
    )


def test_a_dispute_says_from_when_to_when_and_is_upheld_as_it_says(cast) -> None:
    record = closed(cast)
    begun, ended = make.MORNING, make.MORNING + timedelta(minutes=118)
    row = disputed(cast, record, starts_at=begun, ends_at=ended)
    assert (row.starts_at, row.ends_at) == (begun, ended)
    assert disputes.stated_minutes(row, at=AFTER) == 114
    upheld(row, cast.coordinator)
    assert (record.minutes, record.grade, record.ends_at) == (114, "leader", ended)


def test_both_times_or_none_and_none_that_is_to_come(cast) -> None:
    from volunteer_service.errors import Refused

    record = closed(cast)
    for times in (
        {"starts_at": make.MORNING},
        {"ends_at": AFTER},
        {"starts_at": AFTER, "ends_at": make.MORNING},
        {"starts_at": make.MORNING, "ends_at": LATE},
    ):
        with pytest.raises(Refused):
            disputed(cast, record, **times)


def test_this_was_not_me_takes_the_record_off_and_says_what_it_did(cast) -> None:
    from volunteer_service.scoring.points import balances, doctor

    record = closed(cast, 0, 120)
    leader = make.acting(cast.li_mei)
    record_decisions.confirm([record.id], by=leader, at=AFTER)
    done = disputes.not_me(record.id, by=scanning(cast.wang), at=AFTER)
    assert (done.minutes, done.points_centi) == (120, 200)
    assert (record.state, record.minutes) == ("withdrawn", 0)
    assert balances.standing(cast.wang.id, make.MORNING.date()).available == 0
    assert doctor.doctor() == []


def test_only_whose_record_it_is_says_so_and_once(cast) -> None:
    from volunteer_service.attendance import refusals
    from volunteer_service.errors import NotFound

    record = closed(cast, 0, 120)
    with pytest.raises(NotFound):
        disputes.not_me(record.id, by=scanning(cast.zhao), at=AFTER)
    disputes.not_me(record.id, by=scanning(cast.wang), at=AFTER)
    with pytest.raises(refusals.RecordOff):
        disputes.not_me(record.id, by=scanning(cast.wang), at=AFTER)
    with pytest.raises(refusals.RecordOff):
        disputed(cast, record)


def test_what_was_taken_off_by_mistake_is_corrected_by_a_coordinator(cast) -> None:
    record = closed(cast, 0, 120)
    disputes.not_me(record.id, by=scanning(cast.wang), at=AFTER)
    by = make.acting(cast.coordinator)
    corrections.correct(record.id, minutes=120, reason="本人来说明是他", by=by, at=AFTER)
    assert (record.state, record.minutes) == ("confirmed", 120)
