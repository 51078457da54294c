"""Every way in which a record comes to count grants what its grade earns by the policy."""

from datetime import datetime, timedelta

import pytest

from tests import make
from tests.make import MORNING
from tests.make_attendance import record
from volunteer_service import policies, settings
from volunteer_service.attendance.backfills import backfill, backfill_sheets
from volunteer_service.attendance.models import GRADES, ServiceRecord
from volunteer_service.attendance.records import (
    corrections,
    disputes,
    record_decisions,
    record_points,
)
from volunteer_service.db import db
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.scoring.points import balances
from volunteer_service.scoring.ratings import policy_versions
from volunteer_service.workbooks.judging.person_keys import person_of
from volunteer_service.workbooks.judging.taken_or_refused import ServiceRow
from volunteer_service.workbooks.writing.areas import Areas
from volunteer_service.workbooks.writing.context import Context
from volunteer_service.workbooks.writing.service_log import Records
from volunteer_service.workbooks.writing.teams import Teams

AFTER = MORNING + timedelta(hours=6)
LONG = 180
SHEET = "0" * 32


def waits(cast, grade: str, for_whom: str, **fields) -> ServiceRecord:
    version = policies.active().version
    given = {"state": "waiting", "waits_for": for_whom, "grade": grade, "minutes": LONG} | fields
    row = record(cast.wang, team=cast.team, **given)
    row.policy_version = version
    db.session.flush()
    return row


def by_a_leader(cast, grade: str) -> None:
    row = waits(cast, grade, "leader")
    record_decisions.confirm([row.id], by=make.acting(cast.li_mei), at=AFTER)


def above_the_cap(cast, grade: str) -> None:
    row = waits(cast, grade, "coordinator")
    by = make.acting(cast.coordinator)
    record_decisions.decide_waiting(row.id, minutes=LONG, reason="问过队长", by=by, at=AFTER)


def by_a_second_person(cast, grade: str) -> None:
    row = waits(cast, grade, "second", entered_by_id=cast.coordinator.id)
    backfill.approve_backfill(row.id, by=make.acting(cast.second), at=AFTER)


def from_a_sheet(cast, grade: str) -> None:
    paper = {"source_type": "backfill", "source_key": f"{SHEET}-1"}
    waits(cast, grade, "second", entered_by_id=cast.coordinator.id, **paper)
    backfill_sheets.approve_sheet(SHEET, by=make.acting(cast.second), at=AFTER)


def _refused(cast, grade: str) -> ServiceRecord:
    row = waits(cast, grade, "leader")
    record_decisions.refuse(row.id, reason="没看见人", by=make.acting(cast.li_mei), at=AFTER)
    return row


def by_a_dispute(cast, grade: str) -> None:
    row = _refused(cast, grade)
    asked = disputes.dispute(row.id, words="我在", by=make.acting(cast.wang_account), at=AFTER)
    by = make.acting(cast.coordinator)
    given = {"upheld": True, "minutes": LONG, "answer": "有照片"}
    disputes.decide_dispute(asked.id, **given, by=by, at=AFTER)


def by_a_correction(cast, grade: str) -> None:
    row = _refused(cast, grade)
    by, second = make.acting(cast.coordinator), make.acting(cast.second)
    asked = corrections.correct(row.id, minutes=LONG, reason="有照片", by=by, at=AFTER)
    assert asked.state == "waiting"
    corrections.decide_correction(asked.id, approve=True, by=second, at=AFTER)


def by_an_import(cast, grade: str) -> None:
    zone = settings.current().zone
    context = Context(1, AFTER, AFTER.date(), zone, policies.active())
    street = cast.town
    start = datetime(2026, 3, 2, 8, 0)  # noqa: DTZ001  wall-clock, as typed
    row = ServiceRow(
        *("key", person_of(None, cast.wang.id), "护学", start, start + timedelta(minutes=LONG)),
        *("校门", "护送", LONG, cast.team.name, "李梅", grade),
    )
    teams = Teams(street, Areas(street, context), context)
    Records(teams, context, make.acting(cast.coordinator)).bring([row])


WAYS = (
    *(by_a_leader, above_the_cap, by_a_second_person, from_a_sheet),
    *(by_a_dispute, by_a_correction, by_an_import),
)


@pytest.mark.parametrize("every_grade", [False, True])
@pytest.mark.parametrize("grade", GRADES)
@pytest.mark.parametrize("way", WAYS)
def test_every_way_grants_what_the_grade_earns(cast, way, grade, every_grade) -> None:
    if every_grade:
        changes = {"grades_for_points": [*GRADES]}
        policy_versions.propose_policy(changes, reason="试行", by=Actor.system("cli"), at=MORNING)
    earns = grade in policies.active().grades_for_points
    assert earns == (every_grade or grade != "backfilled")
    way(cast, grade)
    (row,) = db.session.query(ServiceRecord).all()
    assert (row.state, row.minutes, row.grade) == ("confirmed", LONG, grade)
    earning = record_points.earning_of(row)
    assert (earning.amount if earning else 0) == (300 if earns else 0)
    assert balances.standing(cast.wang.id, AFTER.date()).available == (300 if earns else 0)
