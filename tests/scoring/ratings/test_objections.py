"""Objections: who, when, and what an upheld one changes and keeps."""

from datetime import UTC, date, datetime

import pytest

from tests.make import Cast, acting, cast
from tests.make_ratings import (
    AFTER_NOTICE,
    JULY,
    complaint,
    evaluation,
    record,
    result,
    round_at,
)
from volunteer_service.attendance.models import Complaint, ServiceRecord
from volunteer_service.certificates import service_record_papers
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
    supplements,
)
from volunteer_service.scoring.ratings.models import Objection, RoundResult


def test_an_upheld_objection_corrects_the_facts_and_keeps_both(session: None) -> None:
    town = cast()
    record(town.wang, town.team, 570)
    row = round_at("notice", town)
    mine = result(row, town.wang)
    assert mine.stars == 0
    objection = objections.object_to(mine.id, "少算了半小时", by=acting(town.wang_account), at=JULY)

    record(town.wang, town.team, 30)
    objections.decide_objection(
        objection.id,
        upheld=True,
        answer="已核对签到表，补半小时。",
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
    with pytest.raises(refusals.NothingCorrected), db.session.begin_nested():
        objections.decide_objection(said.id, upheld=True, answer="x", by=by, at=JULY)
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


def test_every_fact_is_put_right_where_it_is_kept(session: None) -> None:
    town = cast()
    served = record(town.wang, town.team, 600)
    complaint(town.wang)
    row = round_at("notice", town)
    mine, by = result(row, town.wang), acting(town.coordinator)
    assert mine.stars == 0

    def no_complaint() -> None:
        db.session.query(Complaint).one().state = "dismissed"

    def registered(day: date) -> None:
        town.wang.registered_on = day

    for put_right, stars in (
        (no_complaint, 1),
        (lambda: registered(date(2026, 6, 1)), 0),
        (lambda: registered(date(2024, 1, 1)), 1),
        (lambda: record(town.wang, town.team, 600), 2),
        (lambda: evaluation(served, 4), 2),
    ):
        said = objections.object_to(mine.id, "不对", by=acting(town.wang_account), at=JULY)
        put_right()
        db.session.flush()
        objections.decide_objection(
            said.id, upheld=True, answer="已更正", lowers=True, by=by, at=JULY
        )
        assert mine.stars == stars
    assert len(objection_lists.objections_to(mine.id)) == 5
    assert replays.replay(row).equal


def objected(minutes: int) -> tuple[Cast, RoundResult, Objection]:
    town = cast()
    record(town.wang, town.team, minutes)
    mine = result(round_at("notice", town), town.wang)
    return town, mine, objections.object_to(mine.id, "错", by=acting(town.wang_account), at=JULY)


def test_an_upheld_objection_that_lowers_anything_asks_first(session: None) -> None:
    town, mine, said = objected(1_300)
    db.session.query(ServiceRecord).one().minutes = 180
    by = acting(town.coordinator)
    found = objections.weigh(mine)
    assert (found.was.stars, found.becomes.stars, found.lowers) == (2, 0, True)
    with pytest.raises(refusals.ObjectionLowers) as asked, db.session.begin_nested():
        objections.decide_objection(said.id, upheld=True, answer="对", by=by, at=JULY)
    assert "21.67 小时变为 3 小时，2 星变为 0 星" in str(asked.value)
    assert asked.value.field == "lowers"
    db.session.expire_all()
    assert (mine.stars, said.state) == (2, "open")
    objections.decide_objection(said.id, upheld=True, answer="对", lowers=True, by=by, at=JULY)
    assert (mine.stars, said.state) == (0, "upheld")


def test_an_answer_is_taken_back_until_the_notice_is_closed(session: None) -> None:
    town, mine, said = objected(570)
    by = acting(town.coordinator)
    record(town.wang, town.team, 30)
    objections.decide_objection(said.id, upheld=True, answer="对", by=by, at=JULY)
    assert mine.stars == 1
    objections.withdraw_decision(said.id, reason="点错了", by=by, at=JULY)
    assert (mine.stars, mine.amended, said.state, said.answer) == (0, None, "open", None)
    assert said.words == "错"
    with pytest.raises(refusals.NotTheLastAnswer):
        objections.withdraw_decision(said.id, reason="又点", by=by, at=JULY)
    objections.decide_objection(said.id, upheld=False, answer="不变", by=by, at=JULY)
    again = objections.object_to(mine.id, "还错", by=acting(town.wang_account), at=JULY)
    with pytest.raises(refusals.NotTheLastAnswer):
        objections.withdraw_decision(said.id, reason="晚了", by=by, at=JULY)
    objections.decide_objection(again.id, upheld=True, answer="对", by=by, at=JULY)
    round_steps.close_notice(mine.round_id, by=by, at=AFTER_NOTICE)
    with pytest.raises(refusals.RoundMovedOn):
        objections.withdraw_decision(again.id, reason="晚了", by=by, at=AFTER_NOTICE)
    assert replays.replay(mine.round).equal


def test_an_upheld_objection_holds_in_a_supplement_for_another_reason(session: None) -> None:
    """Its hour is a record, which the paper of service knows as well."""
    town, mine, said = objected(570)
    by, second = acting(town.coordinator), acting(town.second)
    record(town.wang, town.team, 30)
    objections.decide_objection(said.id, upheld=True, answer="对", by=by, at=JULY)
    round_steps.close_notice(mine.round_id, by=by, at=AFTER_NOTICE)
    sign_off.sign_off(mine.round_id, by=second, at=AFTER_NOTICE)
    extra = supplements.supplement(
        mine.round_id, [town.wang.id], reason="别的原因", by=by, at=AFTER_NOTICE
    )
    round_steps.draft(extra.id, by=by, at=AFTER_NOTICE)
    assert result(extra, town.wang).stars == 1
    paper = service_record_papers.certify_service(
        town.wang.id, date(2026, 1, 1), date(2026, 6, 30), by=by, at=AFTER_NOTICE
    )
    assert paper.words["minutes"] == 600


def test_what_an_earlier_version_let_somebody_type_holds_in_a_supplement(session: None) -> None:
    town, mine, said = objected(570)
    by, second = acting(town.coordinator), acting(town.second)
    objections.decide_objection(said.id, upheld=False, answer="补半小时", by=by, at=JULY)
    typed = mine.facts | {"confirmed_minutes": 600}
    said.state, said.typed, said.facts_before, said.facts_after = "upheld", True, mine.facts, typed
    mine.amended, mine.stars = typed, 1
    mine.reasons = [each.to_dict() for each in objections.weigh(mine).was.reasons]
    db.session.flush()
    round_steps.close_notice(mine.round_id, by=by, at=AFTER_NOTICE)
    sign_off.sign_off(mine.round_id, by=second, at=AFTER_NOTICE)
    record(town.wang, town.team, 60)
    extra = supplements.supplement(
        mine.round_id, [town.wang.id], reason="补录", by=by, at=AFTER_NOTICE
    )
    round_steps.draft(extra.id, by=by, at=AFTER_NOTICE)
    found = result(extra, town.wang)
    assert (found.facts["confirmed_minutes"], found.stars) == (660, 1)
