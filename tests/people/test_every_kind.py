"""Every kind of message that is declared is written by some act, and a test sees it written."""

import ast
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import select, text

import volunteer_service
from tests import make, make_ratings
from tests.make import MORNING, acting
from tests.make_attendance import came, scanning
from tests.make_points import earned
from volunteer_service import settings
from volunteer_service.attendance import closing, staff_digest
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.attendance.records import disputes, record_decisions
from volunteer_service.db import db
from volunteer_service.events import rescheduling
from volunteer_service.jobs.work import run_job
from volunteer_service.people.authorization import household_declarations
from volunteer_service.people.messages.message_kinds import KINDS
from volunteer_service.people.models import Account, Message, Volunteer
from volunteer_service.scoring.points import expiry
from volunteer_service.scoring.points.models import Lot
from volunteer_service.scoring.ratings import objections
from volunteer_service.teams import membership

SOURCE, TESTS = Path(volunteer_service.__file__).parent, Path(__file__).parents[1]
JULY = make_ratings.JULY


@pytest.fixture
def cast(session: None) -> make.Cast:
    return make.cast()


@cache
def strings(root: Path, but: str) -> dict[str, list[str]]:
    """Every text in the code below a folder, with the files that it stands in."""
    found: dict[str, list[str]] = {}
    for path in root.rglob("*.py"):
        if path.as_posix().endswith(but):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.setdefault(node.value, []).append(path.name)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_the_kind_is_written_by_the_code_and_seen_by_a_test(kind: str) -> None:
    assert strings(SOURCE, "kinds.py").get(kind), f"nothing writes {kind}: drop it, or tell it"
    assert strings(TESTS, "tests/web/test_messages.py").get(kind), f"no test sees {kind} told"


def told(kind: str) -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.kind == kind)))


def readers(kind: str) -> list[int | None]:
    return [row.volunteer_id or row.account_id for row in told(kind)]


def confirmed(cast: make.Cast) -> ServiceRecord:
    event = make.event(team=cast.team, leader=cast.li_mei)
    make.sign_up(event, cast.wang)
    came(event, cast.wang)
    closing.close(event.id, by=acting(cast.li_mei), at=event.ends_at)
    row = db.session.scalars(select(ServiceRecord)).one()
    record_decisions.confirm([row.id], by=acting(cast.li_mei), at=event.ends_at)
    return row


def test_who_confirmed_hears_of_a_dispute(cast: make.Cast) -> None:
    row = confirmed(cast)
    at = MORNING + timedelta(hours=3)
    disputes.dispute(row.id, words="少了", by=acting(cast.wang_account), at=at)
    assert readers("record_disputed") == [cast.li_mei.volunteer_id]


def test_the_leader_hears_of_this_was_not_me(cast: make.Cast) -> None:
    row = confirmed(cast)
    disputes.not_me(row.id, by=scanning(cast.wang), at=MORNING + timedelta(hours=3))
    assert readers("record_not_me") == [cast.li_mei.volunteer_id]


def test_who_is_to_lead_an_event_that_was_handed_over_is_told(cast: make.Cast) -> None:
    new = make.account("new", "新队长", role="leader", team=cast.other_team)
    at = MORNING - timedelta(days=2)
    event = make.event(team=cast.team, leader=cast.li_mei)
    by = acting(cast.coordinator)
    rescheduling.hand_over(event.id, team_id=cast.other_team.id, reason="换队", by=by, at=at)
    assert readers("event_to_lead") == [new.id]


def test_points_that_expire_are_told(cast: make.Cast) -> None:
    earned(cast.wang, 500)
    lot = db.session.scalars(select(Lot).where(Lot.remaining > 0)).one()
    last = settings.day_begins(lot.expires_on)
    expiry.remind(at=last - timedelta(days=30))
    assert readers("points_expiring") == [cast.wang.id]


def test_staff_hear_what_waits(cast: make.Cast) -> None:
    membership.join(cast.team.id, by=acting(cast.zhao_account), at=MORNING)
    staff_digest.tell_waiting(at=MORNING)
    assert cast.coordinator.id in readers("waiting_for_you")


def test_the_admins_hear_that_the_doctor_found_something(cast: make.Cast) -> None:
    earned(cast.wang, 500)
    db.session.execute(text("UPDATE points_accounts SET posted = posted + 1 WHERE posted > 0"))
    result = run_job("doctor", at=MORNING)
    assert readers("doctor_found") == [cast.admin.id]
    assert told("doctor_found")[0].facts["differences"] > 0, result


def test_a_person_hears_that_the_answer_to_an_objection_was_taken_back(cast: make.Cast) -> None:
    make_ratings.record(cast.wang, cast.team)
    row = make_ratings.round_at("notice", cast)
    own = acting(cast.wang_account)
    result = make_ratings.result(row, cast.wang)
    said = objections.object_to(result.id, "少算了", by=own, at=JULY)
    by = acting(cast.coordinator)
    objections.decide_objection(said.id, upheld=False, answer="已核对", by=by, at=JULY)
    objections.withdraw_decision(said.id, reason="错", by=acting(cast.second), at=JULY)
    assert readers("objection_reopened") == [cast.wang.id]


def household(mate: Volunteer, cast: make.Cast, by: Account) -> int:
    tie = household_declarations.declare_household(
        cast.wang.id,
        housemate=mate.number,
        housemate_name=mate.name,
        by=acting(by),
        at=MORNING,
    )
    return tie.id


def test_both_hear_of_a_household_and_that_it_never_was(cast: make.Cast) -> None:
    tie = household(cast.zhao, cast, cast.wang_account)
    assert sorted(readers("household_declared"), key=str) == [cast.wang.id, cast.zhao.id]
    household_declarations.household_never_so(
        tie, reason="上门看过", by=acting(cast.coordinator), at=MORNING
    )
    assert sorted(readers("household_never_so"), key=str) == sorted([cast.wang.id, cast.zhao.id])
