"""A round from open to final, and what each step refuses."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.make import acting, cast, volunteer
from tests.make_ratings import (
    AFTER_NOTICE,
    JULY,
    complaint,
    evaluation,
    record,
    result,
    round_at,
)
from volunteer_service import journal, policies, working_days
from volunteer_service.attendance.records.rating_facts import facts_for
from volunteer_service.db import db
from volunteer_service.errors import Conflict, NotAllowed, NotFound
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.scoring.ratings import refusals, replays, results, round_steps, sign_off
from volunteer_service.scoring.ratings.models import Round, RoundResult
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.scoring.rules.stars import Facts


def test_the_plain_round_gives_stars_by_confirmed_minutes(session: None) -> None:
    town = cast()
    record(town.wang, town.team, 700)
    record(town.wang, town.team, 710)
    record(town.zhao, town.other_team, 120)
    record(town.zhao, town.other_team, 6000, state="refused")
    record(town.zhao, town.other_team, 6000, on=date(2026, 7, 1))

    row = round_at("final", town)

    assert (row.state, row.policy_version, row.notice_ends_on) == ("final", 1, date(2026, 7, 8))
    wang, zhao = result(row, town.wang), result(row, town.zhao)
    assert (wang.stars, zhao.stars) == (2, 0)
    assert wang.reasons == [
        {"code": "stars_by_minutes", "numbers": {"minutes": 1410, "stars": 2}},
        {"code": "next_star", "numbers": {"star": 3, "short_minutes": 990}},
    ]
    assert results.distribution(row.id) == [1, 0, 1, 0, 0, 0]
    assert row.final_hash == row.facts_hash
    verbs = db.session.scalars(
        db.select(journal.Entry.verb)
        .where(journal.Entry.subject_type == "rounds")
        .order_by(journal.Entry.id)
    ).all()
    assert verbs == [
        f"ratings.{step}"
        for step in ("open", "freeze", "draft", "publish_notice", "close_notice", "sign_off")
    ]


def test_the_final_hash_is_kept_whatever_follows_in_the_same_transaction(session: None) -> None:
    town = cast()
    record(town.wang, town.team, 700)
    row = round_at("final", town)
    db.session.refresh(row)
    assert row.final_hash == row.facts_hash


def test_everything_that_costs_the_star_is_gathered(session: None) -> None:
    town = cast()
    late = volunteer("孙晨", team=town.team, registered_on=date(2026, 4, 2))
    for person in (town.wang, town.zhao, late):
        rows = [record(person, town.team, 300) for _ in range(3)]
        if person is town.zhao:
            for row, score in zip(rows, (2, 3, 3), strict=True):
                evaluation(row, score)
    complaint(town.wang)
    complaint(town.zhao, state="dismissed")
    complaint(town.zhao, on=date(2025, 12, 31))

    row = round_at("draft", town)

    said = {
        person.name: [reason["code"] for reason in result(row, person).reasons]
        for person in (town.wang, town.zhao, late)
    }
    assert said == {
        "王建国": ["stars_by_minutes", "complaint_upheld", "next_star"],
        "赵芳": ["stars_by_minutes", "quality_too_low", "next_star"],
        "孙晨": ["stars_by_minutes", "registered_too_late", "next_star"],
    }
    assert results.distribution(row.id) == [3, 0, 0, 0, 0, 0]


def test_people_belong_where_they_live_and_all_their_minutes_count(session: None) -> None:
    town = cast()
    homeless = volunteer("无名", area_id=None)
    record(town.zhao, town.team, 400)
    record(town.zhao, town.other_team, 400)
    record(homeless, town.team, 60)
    half_year, policy = HalfYear(2026, 1), policies.active()

    ours = list(facts_for(half_year, town.community.path, policy))
    theirs = list(facts_for(half_year, town.elsewhere.path, policy))

    assert [(each.volunteer_id, each.confirmed_minutes) for each in ours] == [(homeless.id, 60)]
    assert [(each.volunteer_id, each.confirmed_minutes) for each in theirs] == [(town.zhao.id, 800)]


def test_preview_counts_people_with_records_only(session: None) -> None:
    town = cast()
    record(town.wang, town.team, 600)
    assert replays.preview(HalfYear(2026, 1), town.town.path) == {"star_1": 1}
    assert replays.preview(HalfYear(2025, 2), town.town.path) == {}


def test_a_running_half_year_is_not_frozen(session: None) -> None:
    town = cast()
    record(town.wang, town.team)
    by = acting(town.coordinator)
    row = round_steps.open_round(town.town.id, "2026H1", by=by, at=JULY)
    # 23:59 on 30 June in Shanghai.
    last_minute = datetime(2026, 6, 30, 15, 59, tzinfo=UTC)
    with pytest.raises(refusals.HalfYearNotOver):
        round_steps.freeze(row.id, by=by, at=last_minute)
    assert results.people(row.id) == 0
    round_steps.freeze(row.id, by=by, at=last_minute + timedelta(minutes=1))
    assert results.people(row.id) == 1


def test_an_empty_half_year_is_not_frozen(session: None) -> None:
    town = cast()
    by = acting(town.coordinator)
    row = round_steps.open_round(town.town.id, "2026H1", by=by, at=JULY)
    with pytest.raises(refusals.NobodyToRate):
        round_steps.freeze(row.id, by=by, at=JULY)


@pytest.mark.parametrize("half_year", ["2026", "2026H3", "26H1", "２０２６H1"])
def test_a_half_year_is_written_one_way(session: None, half_year: str) -> None:
    town = cast()
    with pytest.raises(refusals.HalfYearInvalid):
        round_steps.open_round(town.town.id, half_year, by=acting(town.coordinator), at=JULY)


def test_nobody_is_rated_twice(session: None) -> None:
    town = cast()
    by = acting(town.coordinator)
    round_steps.open_round(town.community.id, "2026H1", by=by, at=JULY)
    for area in (town.community, town.town):
        with pytest.raises(refusals.RoundExists):
            round_steps.open_round(area.id, "2026H1", by=by, at=JULY)
    assert round_steps.open_round(town.elsewhere.id, "2026H1", by=by, at=JULY).state == "open"
    assert round_steps.open_round(town.town.id, "2026H2", by=by, at=JULY).state == "open"


STEPS: dict[str, Callable[..., Round]] = {
    "open": round_steps.freeze,
    "frozen": round_steps.draft,
    "draft": round_steps.publish_notice,
    "notice": round_steps.close_notice,
    "decided": sign_off.sign_off,
}


@pytest.mark.parametrize("state", [*STEPS, "final"])
def test_a_step_out_of_turn_is_refused_and_changes_nothing(session: None, state: str) -> None:
    town = cast()
    record(town.wang, town.team)
    row = round_at(state, town)
    version = row.version
    for leaves, verb in STEPS.items():
        if leaves != state:
            with pytest.raises(Conflict):
                verb(row.id, by=acting(town.second), at=AFTER_NOTICE)
    assert (row.state, row.version) == (state, version)


@pytest.mark.parametrize("verb", STEPS.values())
def test_only_a_coordinator_of_the_place_takes_a_step(
    session: None, verb: Callable[..., Round]
) -> None:
    town = cast()
    row = round_steps.open_round(town.town.id, "2026H1", by=acting(town.coordinator), at=JULY)
    for who, refused in ((town.auditor, NotAllowed), (town.wang_account, NotFound)):
        with pytest.raises(refused):
            verb(row.id, by=acting(who), at=JULY)
        with pytest.raises(refused):
            round_steps.open_round(town.town.id, "2025H2", by=acting(who), at=JULY)


def test_the_notice_lasts_to_the_end_of_its_last_day(session: None) -> None:
    town = cast()
    record(town.wang, town.team)
    row = round_at("notice", town)
    by = acting(town.coordinator)
    # 23:59 on 8 July in Shanghai.
    with pytest.raises(refusals.NoticeStillRunning):
        round_steps.close_notice(row.id, by=by, at=datetime(2026, 7, 8, 15, 59, tzinfo=UTC))
    assert (
        round_steps.close_due(by=Actor.system(), at=datetime(2026, 7, 8, 15, 59, tzinfo=UTC)) == 0
    )
    assert round_steps.close_due(by=Actor.system(), at=datetime(2026, 7, 8, 16, 0, tzinfo=UTC)) == 1
    assert row.state == "decided"


def test_who_published_may_not_sign_off(session: None) -> None:
    town = cast()
    record(town.wang, town.team)
    row = round_at("decided", town)
    with pytest.raises(refusals.SamePersonSignsOff):
        sign_off.sign_off(row.id, by=acting(town.coordinator), at=AFTER_NOTICE)
    assert row.state == "decided"
    assert sign_off.sign_off(row.id, by=acting(town.second), at=AFTER_NOTICE).state == "final"
    assert row.signed_off_by_id == town.second.id


def test_thawing_drops_the_draft_so_that_corrected_records_count(session: None) -> None:
    town = cast()
    record(town.wang, town.team, 500)
    row = round_at("draft", town)
    by = acting(town.coordinator)
    record(town.wang, town.team, 100)
    round_steps.thaw(row.id, reason="补录了一条", by=by, at=JULY)
    assert (row.state, row.facts_hash, results.people(row.id)) == ("open", None, 0)
    round_steps.freeze(row.id, by=by, at=JULY)
    round_steps.draft(row.id, by=by, at=JULY)
    assert result(row, town.wang).stars == 1


def test_a_published_round_does_not_thaw(session: None) -> None:
    town = cast()
    record(town.wang, town.team)
    row = round_at("notice", town)
    with pytest.raises(refusals.RoundMovedOn):
        round_steps.thaw(row.id, reason="x", by=acting(town.coordinator), at=JULY)


def test_many_people_stream_through_in_chunks(session: None, monkeypatch) -> None:
    town = cast()
    crowd = [volunteer(f"志愿{n}", team=town.team) for n in range(7)]
    for n, person in enumerate(crowd):
        record(person, town.team, 600 * n)
    monkeypatch.setattr("volunteer_service.scoring.ratings.frozen_facts.CHUNK", 3)
    row = round_at("final", town)
    assert results.distribution(row.id) == [1, 1, 2, 3, 0, 0]
    assert replays.replay(row).people == 7
    kept = db.session.scalars(db.select(RoundResult.facts).order_by(RoundResult.volunteer_id)).all()
    assert [Facts.from_dict(each).confirmed_minutes for each in kept] == [600 * n for n in range(7)]


def test_a_notice_of_a_year_that_the_calendar_does_not_know_yet(session: None) -> None:
    assert working_days.after_working_days(date(2027, 6, 28), 5) == date(2027, 7, 5)
    assert working_days.after_working_days(date(2099, 6, 29), 5) == date(2099, 7, 6)
