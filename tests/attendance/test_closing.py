"""From presences to records to points."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests import make
from tests.make_attendance import came, record, scan
from volunteer_service import policies
from volunteer_service.attendance import closing, refusals
from volunteer_service.attendance.models import RecordChange, Scan, ServiceRecord
from volunteer_service.attendance.records import record_decisions
from volunteer_service.db import db
from volunteer_service.errors import NotAllowed, NotFound
from volunteer_service.events.models import SignUp
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.scoring.points import balances

AFTER = make.MORNING + timedelta(minutes=125)


@pytest.fixture
def event(cast):
    row = make.event(team=cast.team, leader=cast.li_mei, coefficient_centi=150)
    make.sign_up(row, cast.wang)
    return row


def close(cast, event, at=AFTER) -> closing.Closed:
    return closing.close(event.id, by=make.acting(cast.li_mei), at=at)


def the_record() -> ServiceRecord:
    db.session.expire_all()
    return db.session.scalars(select(ServiceRecord)).one()


def confirmed(cast, event) -> ServiceRecord:
    came(event, cast.wang)
    close(cast, event)
    record_decisions.confirm([the_record().id], by=make.acting(cast.li_mei), at=AFTER)
    return the_record()


def test_a_presence_becomes_a_record_with_its_seven_fields(cast, event) -> None:
    came(event, cast.wang, 0, 119)
    assert close(cast, event) == closing.Closed(records=1, refused=0, no_shows=0)
    found = the_record()
    assert (found.state, found.waits_for, found.minutes) == ("waiting", "leader", 114)
    assert (found.event_name, str(found.served_on), found.place, found.content) == (
        "庆丰小学门前护学",
        "2026-05-16",
        "庆丰小学东门",
        "护送学生过马路",
    )
    assert (found.organising_unit, found.leader_name) == (cast.team.name, "李梅")
    assert (found.recording_unit, found.recorder) == (cast.team.recording_unit, "李梅")
    assert found.reasons[0]["code"] == "rounded_down"
    assert balances.standing(cast.wang.id, make.MORNING.date()).available == 0


def test_confirming_grants_points_once(cast, event) -> None:
    found = confirmed(cast, event)
    assert (found.state, found.minutes) == ("confirmed", 120)
    assert balances.standing(cast.wang.id, make.MORNING.date()).available == 300
    with pytest.raises(refusals.RecordNotWaiting):
        record_decisions.confirm([found.id], by=make.acting(cast.li_mei), at=AFTER)
    assert balances.standing(cast.wang.id, make.MORNING.date()).available == 300


def test_others_neither_close_nor_confirm(cast, event) -> None:
    came(event, cast.wang)
    for stranger, refusal in (
        (cast.zhao_account, NotFound),
        (cast.auditor, NotAllowed),
        (cast.desk, NotAllowed),
    ):
        with pytest.raises(refusal):
            closing.close(event.id, by=make.acting(stranger), at=AFTER)
    close(cast, event)
    with pytest.raises(NotFound):
        record_decisions.confirm([the_record().id], by=make.acting(cast.zhao_account), at=AFTER)
    assert the_record().state == "waiting"


def test_too_short_a_presence_is_refused_with_its_reason(cast, event) -> None:
    came(event, cast.wang, 0, 71)
    assert close(cast, event).refused == 1
    assert the_record().reasons == [
        {
            "code": "presence_too_short",
            "numbers": {"minutes": 71, "needed_minutes": 72, "shift_minutes": 120},
        }
    ]


def test_who_did_not_come_is_a_no_show_and_the_fifth_blocks(cast) -> None:
    for n in range(5):
        row = make.event(
            team=cast.team, leader=cast.li_mei, starts_at=make.MORNING + timedelta(days=n)
        )
        sign_up = make.sign_up(row, cast.wang)
        assert cast.wang.no_show_blocked_at is None
        assert close(cast, row, row.ends_at).no_shows == 1
        db.session.refresh(cast.wang)
        assert db.session.get(SignUp, sign_up.id).state == "no_show"
    assert cast.wang.no_show_blocked_at is not None
    db.session.refresh(cast.zhao)
    assert cast.zhao.no_show_blocked_at is None


def test_a_running_event_closes_only_when_all_have_left(cast, event) -> None:
    scan(event, cast.wang)
    with pytest.raises(refusals.StillPresent):
        close(cast, event, event.ends_at - timedelta(minutes=1))
    with pytest.raises(refusals.EventNotBegun):
        close(cast, event, event.starts_at - timedelta(minutes=1))
    scan(event, cast.wang, 100)
    close(cast, event, event.ends_at - timedelta(minutes=1))
    with pytest.raises(refusals.EventNotRunning):
        close(cast, event)


def test_without_a_check_out_a_leader_sets_the_end_and_the_grade_drops(cast, event) -> None:
    came(event, cast.wang, 0, None)
    close(cast, event)
    found, by = the_record(), make.acting(cast.li_mei)
    assert (found.state, found.waits_for, found.minutes) == ("waiting", "end", 0)
    with pytest.raises(refusals.RecordNotWaiting):
        record_decisions.confirm([found.id], by=by, at=AFTER)
    for minute in (0, 121):
        with pytest.raises(refusals.EndNotPossible):
            record_decisions.set_end(
                found.id,
                ends_at=make.MORNING + timedelta(minutes=minute),
                scan_id="end",
                by=by,
                at=AFTER,
            )
    end = make.MORNING + timedelta(minutes=90)
    record_decisions.set_end(found.id, ends_at=end, scan_id="end", by=by, at=AFTER)
    found = the_record()
    assert (found.waits_for, found.minutes, found.grade) == ("leader", 90, "leader")
    assert found.ends_at == end
    assert db.session.scalars(select(Scan.kind).order_by(Scan.id)).all() == ["in", "out"]
    assert db.session.scalars(select(RecordChange)).one().before["minutes"] == 0


def test_above_the_daily_cap_a_coordinator_decides(cast) -> None:
    record(cast.wang, team=cast.team, starts_at=make.MORNING - timedelta(hours=8), minutes=400)
    event = make.event(team=cast.team, leader=cast.li_mei)
    db.session.scalars(select(ServiceRecord)).one().served_on = make.MORNING.date()
    came(event, cast.wang)
    close(cast, event)
    found = db.session.scalars(select(ServiceRecord).order_by(ServiceRecord.id.desc())).first()
    assert (found.waits_for, found.minutes) == ("coordinator", 120)
    with pytest.raises(NotAllowed):
        record_decisions.decide_waiting(
            found.id, minutes=80, reason="核对", by=make.acting(cast.li_mei), at=AFTER
        )
    with pytest.raises(refusals.TooManyMinutes):
        record_decisions.decide_waiting(
            found.id, minutes=121, reason="核对", by=make.acting(cast.coordinator), at=AFTER
        )
    record_decisions.decide_waiting(
        found.id, minutes=80, reason="核对", by=make.acting(cast.coordinator), at=AFTER
    )
    assert (found.state, found.minutes) == ("confirmed", 80)
    assert balances.standing(cast.wang.id, make.MORNING.date()).available == 133


def test_the_second_of_two_overlapping_records_is_refused(cast, event) -> None:
    first = record(cast.wang, team=cast.other_team, starts_at=make.MORNING, minutes=60)
    came(event, cast.wang)
    assert close(cast, event).refused == 1
    found = db.session.scalars(
        select(ServiceRecord).where(ServiceRecord.source_type == "attendance")
    ).one()
    assert (found.state, found.minutes) == ("refused", 0)
    assert found.reasons[-1] == {"code": "overlaps_record", "numbers": {"record": first.id}}


def test_a_leader_may_refuse_a_record_with_a_reason(cast, event) -> None:
    came(event, cast.wang)
    close(cast, event)
    found = the_record()
    record_decisions.refuse(found.id, reason="未参加服务", by=make.acting(cast.li_mei), at=AFTER)
    assert (found.state, found.minutes) == ("refused", 0)
    assert balances.standing(cast.wang.id, make.MORNING.date()).available == 0


def test_one_evaluation_a_confirmed_record(cast, event) -> None:
    found = confirmed(cast, event)
    record_decisions.evaluate(found.id, score=5, by=make.acting(cast.li_mei), at=AFTER)
    with pytest.raises(refusals.AlreadyEvaluated):
        record_decisions.evaluate(found.id, score=1, by=make.acting(cast.li_mei), at=AFTER)


def test_closing_many_takes_a_few_queries_a_person(cast) -> None:
    event = make.event(team=cast.team, leader=cast.li_mei, capacity=30)
    for n in range(12):
        came(event, make.volunteer(f"志愿者{n}"))
    close(cast, event)
    assert db.session.scalar(select(func.count(ServiceRecord.id))) == 12


def test_the_service_closes_after_the_policy_s_minutes(cast, event):
    policies.add_version({"close_after_minutes": 5}, reason="t", account_id=None, at=make.MORNING)
    ended = event.ends_at + timedelta(minutes=5)
    by = Actor.system()
    assert closing.close_due(by=by, at=ended - timedelta(seconds=1)) == 0
    assert event.state == "published"
    assert closing.close_due(by=by, at=ended) == 1
    assert event.state == "closed"
