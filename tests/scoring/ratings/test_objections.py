"""Objections: who, when, and what an upheld one changes and keeps."""

from datetime import UTC, date, datetime

import pytest

from tests.make import acting, cast
from tests.make_ratings import AFTER_NOTICE, JULY, complaint, record, result, round_at
from volunteer_service.db import db
from volunteer_service.errors import Conflict, NotAllowed, NotFound
from volunteer_service.scoring.ratings import (
    objection_lists,
    objections,
    refusals,
    replays,
    results,
    round_steps,
    sign_off,
)
from volunteer_service.scoring.ratings.models import Objection
from volunteer_service.scoring.ratings.objections import Correction


def test_an_upheld_objection_corrects_the_facts_and_keeps_both(session: None) -> None:
    town = cast()
    record(town.wang, town.team, 570)
    row = round_at("notice", town)
    mine = result(row, town.wang)
    assert mine.stars == 0
    objection = objections.object_to(mine.id, "少算了半小时", by=acting(town.wang_account), at=JULY)

    objections.decide_objection(
        objection.id,
        upheld=True,
        answer="已核对签到表，补半小时。",
        correction=Correction(confirmed_minutes=600),
        by=acting(town.coordinator),
        at=JULY,
    )

    assert (mine.stars, mine.facts["confirmed_minutes"]) == (1, 570)
    assert mine.amended["confirmed_minutes"] == 600
    assert objection.facts_before["confirmed_minutes"] == 570
    assert objection.facts_after["confirmed_minutes"] == 600
    round_steps.close_notice(row.id, by=acting(town.coordinator), at=AFTER_NOTICE)
    sign_off.sign_off(row.id, by=acting(town.second), at=AFTER_NOTICE)
    assert row.final_hash != row.facts_hash
    assert replays.replay(row).equal


def test_a_dismissed_objection_changes_nothing_but_is_answered(session: None) -> None:
    town = cast()
    record(town.wang, town.team, 570)
    row = round_at("notice", town)
    mine = result(row, town.wang)
    objection = objections.object_to(mine.id, "不对", by=acting(town.wang_account), at=JULY)
    by = acting(town.coordinator)
    objections.decide_objection(objection.id, upheld=False, answer="记录无误。", by=by, at=JULY)
    assert (mine.stars, mine.amended, objection.state) == (0, None, "dismissed")
    with pytest.raises(Conflict):
        objections.decide_objection(objection.id, upheld=False, answer="再答", by=by, at=JULY)
    assert objection.answer == "记录无误。"


def test_upholding_needs_a_corrected_fact(session: None) -> None:
    town = cast()
    record(town.wang, town.team, 570)
    row = round_at("notice", town)
    said = objections.object_to(
        result(row, town.wang).id, "不对", by=acting(town.wang_account), at=JULY
    )
    by = acting(town.coordinator)
    for nothing in (None, Correction(), Correction(confirmed_minutes=570)):
        with pytest.raises(refusals.NothingCorrected), db.session.begin_nested():
            objections.decide_objection(
                said.id, upheld=True, answer="x", correction=nothing, by=by, at=JULY
            )
    db.session.refresh(said)
    assert said.state == "open"


def test_an_open_objection_holds_the_round_up(session: None) -> None:
    town = cast()
    record(town.wang, town.team)
    row = round_at("notice", town)
    by = acting(town.coordinator)
    mine, me = result(row, town.wang), acting(town.wang_account)
    said = objections.object_to(mine.id, "不对", by=me, at=JULY)
    with pytest.raises(refusals.ObjectionsOpen):
        round_steps.close_notice(row.id, by=by, at=AFTER_NOTICE)
    assert round_steps.close_due(by=by, at=AFTER_NOTICE) == 0
    objections.decide_objection(said.id, upheld=False, answer="记录无误。", by=by, at=AFTER_NOTICE)
    assert round_steps.close_due(by=by, at=AFTER_NOTICE) == 1


def test_only_ones_own_star_and_only_once_at_a_time(session: None) -> None:
    town = cast()
    record(town.wang, town.team)
    record(town.zhao, town.other_team)
    row = round_at("notice", town)
    mine, hers = result(row, town.wang), result(row, town.zhao)
    me = acting(town.wang_account)
    with pytest.raises(NotFound):
        objections.object_to(hers.id, "她不对", by=me, at=JULY)
    with pytest.raises(NotAllowed):
        objections.object_to(hers.id, "她不对", by=acting(town.auditor), at=JULY)
    objections.object_to(mine.id, "不对", by=me, at=JULY)
    with pytest.raises(refusals.AlreadyObjected):
        objections.object_to(mine.id, "还是不对", by=me, at=JULY)
    assert db.session.query(Objection).count() == 1


def test_objections_are_heard_until_the_end_of_the_last_day(session: None) -> None:
    town = cast()
    record(town.wang, town.team)
    row = round_at("notice", town)
    mine, me = result(row, town.wang), acting(town.wang_account)
    with pytest.raises(refusals.NotInNotice):
        objections.object_to(mine.id, "迟了", by=me, at=datetime(2026, 7, 8, 16, 0, tzinfo=UTC))
    objections.object_to(mine.id, "赶上了", by=me, at=datetime(2026, 7, 8, 15, 59, tzinfo=UTC))


def test_a_draft_is_not_shown_to_the_volunteer(session: None) -> None:
    town = cast()
    record(town.wang, town.team)
    row = round_at("draft", town)
    mine, me = result(row, town.wang), acting(town.wang_account)
    with pytest.raises(NotFound):
        objections.object_to(mine.id, "偷看", by=me, at=JULY)
    with pytest.raises(NotFound):
        results.result_of(mine.id, me)
    assert results.results_of(town.wang.id) == []


def test_every_fact_can_be_put_right(session: None) -> None:
    town = cast()
    record(town.wang, town.team, 600)
    complaint(town.wang)
    row = round_at("notice", town)
    mine, by = result(row, town.wang), acting(town.coordinator)
    assert mine.stars == 0
    for correction, stars in (
        (Correction(upheld_complaints=0), 1),
        (Correction(registered_on=date(2026, 6, 1)), 0),
        (Correction(registered_on=date(2024, 1, 1)), 1),
        (Correction(evaluation_count=3, evaluation_sum=8), 0),
    ):
        said = objections.object_to(mine.id, "不对", by=acting(town.wang_account), at=JULY)
        objections.decide_objection(
            said.id, upheld=True, answer="已更正", correction=correction, by=by, at=JULY
        )
        assert mine.stars == stars
    assert len(objection_lists.objections_to(mine.id)) == 4
    assert replays.replay(row).equal
