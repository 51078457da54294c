"""Records that change after a round was frozen: its page says that a supplement is due."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.make import acting, cast
from tests.make_ratings import AFTER_NOTICE, record, result, round_at
from volunteer_service.attendance.records import corrections, disputes
from volunteer_service.db import db
from volunteer_service.people.models import Message
from volunteer_service.scoring.ratings import late_changes, refusals, supplements


def test_a_correction_after_the_sign_off_makes_a_supplement_due(session: None) -> None:
    town = cast()
    served = record(town.wang, town.team, 500)
    record(town.zhao, town.other_team, 500)
    first = round_at("final", town)
    by = acting(town.coordinator)
    assert late_changes.due(first) == []
    later = AFTER_NOTICE + timedelta(days=30)
    corrections.correct(served.id, minutes=440, reason="多算了", by=by, at=later)
    (due,) = late_changes.due(first)
    assert (due.result_id, due.name, due.changed_at) == (
        result(first, town.wang).id,
        "王建国",
        later,
    )
    supplements.supplement(
        first.id, [town.wang.id], reason="更正", by=by, at=later + timedelta(days=1)
    )
    assert late_changes.due(first) == []


def test_before_it_is_final_nothing_is_due(session: None) -> None:
    town = cast()
    served = record(town.wang, town.team, 500)
    row = round_at("notice", town)
    by = acting(town.coordinator)
    corrections.correct(served.id, minutes=440, reason="多算了", by=by, at=AFTER_NOTICE)
    assert late_changes.due(row) == []


def test_another_half_year_s_record_makes_nothing_due(session: None) -> None:
    town = cast()
    record(town.wang, town.team, 500)
    first = round_at("final", town)
    other = record(town.wang, town.team, 500, on=AFTER_NOTICE.date())
    later = AFTER_NOTICE + timedelta(days=30)
    corrections.correct(
        other.id, minutes=440, reason="多算了", by=acting(town.coordinator), at=later
    )
    assert late_changes.due(first) == []


def test_one_click_rates_everybody_anew_whose_records_changed(session: None) -> None:
    town = cast()
    served = [record(who, town.team, 500) for who in (town.wang, town.zhao)]
    first = round_at("final", town)
    by, later = acting(town.coordinator), AFTER_NOTICE + timedelta(days=30)
    with pytest.raises(refusals.NothingDue):
        supplements.supplement_due(first.id, by=by, at=later)
    for each in served:
        corrections.correct(each.id, minutes=440, reason="多算了", by=by, at=later)
    row = supplements.supplement_due(first.id, by=by, at=later + timedelta(days=1))
    assert (row.supplement, row.reason) == (1, supplements.CHANGED)
    assert {result(row, who).stars for who in (town.wang, town.zhao)} == {None}
    with pytest.raises(refusals.NothingDue):
        supplements.supplement_due(first.id, by=by, at=later + timedelta(days=2))


def test_the_coordinators_are_told_in_the_morning_once_a_change(session: None) -> None:
    town = cast()
    served = record(town.wang, town.team, 500)
    first = round_at("final", town)
    later = AFTER_NOTICE + timedelta(days=30)
    assert late_changes.tell_due(at=later) == 0
    dispute = disputes.dispute(served.id, words="少记了", by=acting(town.wang_account), at=later)
    by = acting(town.second)
    disputes.decide_dispute(dispute.id, upheld=True, answer="属实", minutes=440, by=by, at=later)
    morning = later + timedelta(hours=12)
    told = late_changes.tell_due(at=morning)
    assert told >= 1
    assert late_changes.tell_due(at=morning + timedelta(days=1)) == 0
    (facts,) = {
        tuple(sorted(row.facts.items()))
        for row in db.session.scalars(select(Message).where(Message.kind == "supplement_due"))
    }
    assert dict(facts) == {"round": first.id, "half_year": "2026H1", "people": 1}
