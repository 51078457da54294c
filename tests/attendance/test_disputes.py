"""A record in dispute: re-examined, amended with its history, points corrected."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import make
from tests.make_attendance import came, record, scanning
from volunteer_service.attendance import closing, refusals
from volunteer_service.attendance.backfills import backfill
from volunteer_service.attendance.check_ins import rosters
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.attendance.records import disputes, record_decisions
from volunteer_service.db import db
from volunteer_service.errors import Invalid, NotAllowed, NotFound
from volunteer_service.people.authorization.conflicts import SecondPersonNeeded
from volunteer_service.scoring.points import balances, doctor

DAY = make.MORNING.date()
AFTER = make.MORNING + timedelta(minutes=125)


@pytest.fixture
def found(cast) -> ServiceRecord:
    """A confirmed record of 60 minutes that should have been 120."""
    event = make.event(team=cast.team, leader=cast.li_mei)
    make.sign_up(event, cast.wang)
    came(event, cast.wang)
    leader = make.acting(cast.li_mei)
    closing.close(event.id, by=leader, at=AFTER)
    row = db.session.scalars(select(ServiceRecord)).one()
    record_decisions.confirm([row.id], by=leader, at=AFTER)
    return row


def opened(cast, found):
    return disputes.dispute(found.id, words="时长不对", by=scanning(cast.wang), at=AFTER)


def decide(cast, row, **fields):
    by = fields.pop("by", make.acting(cast.coordinator))
    return disputes.decide_dispute(row.id, answer="已核对", by=by, at=AFTER, **fields)


def test_only_the_volunteer_disputes_and_once_at_a_time(cast, found) -> None:
    with pytest.raises(NotFound):
        disputes.dispute(found.id, words="x", by=scanning(cast.zhao), at=AFTER)
    opened(cast, found)
    with pytest.raises(refusals.DisputeOpen):
        opened(cast, found)


def test_the_community_s_coordinator_corrects_whoever_serves_there(cast) -> None:
    """赵芳 lives elsewhere, but the record and its points belong to this community."""
    qingfeng = make.account("qingfeng", "郑洁", role="coordinator", area=cast.community)
    row = record(cast.zhao, team=cast.team, state="waiting", waits_for="leader")
    record_decisions.confirm([row.id], by=make.acting(cast.li_mei), at=AFTER)
    said = disputes.dispute(row.id, words="多了", by=scanning(cast.zhao), at=AFTER)
    decide(cast, said, upheld=True, minutes=60, by=make.acting(qingfeng))
    assert balances.standing(cast.zhao.id, DAY).available == 100
    assert doctor.doctor() == []


def test_upheld_corrects_minutes_and_points_and_keeps_the_history(cast, found) -> None:
    assert balances.standing(cast.wang.id, DAY).available == 200
    decide(cast, opened(cast, found), upheld=True, minutes=60)
    assert (found.state, found.minutes) == ("confirmed", 60)
    assert balances.standing(cast.wang.id, DAY).available == 100
    told = rosters.explain(found.id, by=scanning(cast.wang))
    assert (told.changes[-1].before["minutes"], told.changes[-1].after["minutes"]) == (120, 60)
    assert (told.points, told.disputes[0].answer) == (100, "已核对")
    decide(cast, opened(cast, found), upheld=True, minutes=0)
    assert (found.state, balances.standing(cast.wang.id, DAY).available) == ("refused", 0)
    decide(cast, opened(cast, found), upheld=True, minutes=120)
    assert (found.state, balances.standing(cast.wang.id, DAY).available) == ("confirmed", 200)
    assert doctor.doctor() == []


def test_dismissed_changes_nothing(cast, found) -> None:
    row = decide(cast, opened(cast, found), upheld=False)
    assert (row.state, found.minutes) == ("dismissed", 120)
    assert balances.standing(cast.wang.id, DAY).available == 200
    with pytest.raises(refusals.DisputeDecided):
        decide(cast, row, upheld=False)


def test_a_coordinator_decides_not_the_leader_not_oneself(cast, found) -> None:
    row = opened(cast, found)
    with pytest.raises(NotAllowed):
        decide(cast, row, upheld=False, by=make.acting(cast.li_mei))
    with pytest.raises(NotFound):
        decide(cast, row, upheld=False, by=make.acting(cast.wang_account))
    with pytest.raises(Invalid):
        decide(cast, row, upheld=True)
    assert row.state == "open"


def plan(cast, **fields) -> backfill.Backfill:
    start = fields.pop("starts_at", make.MORNING)
    return backfill.Backfill(
        team_id=cast.team.id,
        volunteer_id=cast.wang.id,
        event_name="护学",
        place="东门",
        content="护送学生过马路",
        starts_at=start,
        ends_at=start + timedelta(minutes=120),
        minutes=fields.pop("minutes", 120),
        leader_name="李梅",
        reason="当天断网",
    )


def test_a_backfilled_record_is_approved_by_another_person_and_earns_no_points(cast) -> None:
    first, second = make.acting(cast.coordinator), make.acting(cast.second)
    row = backfill.backfill(plan(cast), by=first, at=AFTER)
    assert (row.state, row.waits_for, row.grade) == ("waiting", "second", "backfilled")
    with pytest.raises(SecondPersonNeeded):
        backfill.approve_backfill(row.id, by=first, at=AFTER)
    backfill.approve_backfill(row.id, by=second, at=AFTER)
    assert row.state == "confirmed"
    assert balances.standing(cast.wang.id, DAY).available == 0


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"minutes": 121}, refusals.TooManyMinutes),
        ({"minutes": 0}, refusals.TooManyMinutes),
        ({"starts_at": AFTER}, refusals.NotOverYet),
    ],
)
def test_a_backfill_that_cannot_be_is_refused(cast, fields, refusal) -> None:
    with pytest.raises(refusal):
        backfill.backfill(plan(cast, **fields), by=make.acting(cast.li_mei), at=AFTER)


def test_a_backfill_over_another_record_is_refused(cast) -> None:
    record(cast.wang, team=cast.other_team)
    with pytest.raises(refusals.RecordOverlaps):
        backfill.backfill(plan(cast), by=make.acting(cast.li_mei), at=AFTER)


def test_a_strangers_record_is_not_there(cast, found) -> None:
    for stranger in (scanning(cast.zhao), make.acting(cast.desk)):
        with pytest.raises((NotFound, NotAllowed)):
            rosters.explain(found.id, by=stranger)
    for reader in (scanning(cast.wang), make.acting(cast.li_mei), make.acting(cast.auditor)):
        assert rosters.explain(found.id, by=reader).record is found
