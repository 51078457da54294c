"""Late corrections: a numbered supplement for named people; the first round stays as it was."""

from datetime import date

import pytest

from tests.make import acting, area, cast, volunteer
from tests.make_ratings import AFTER_NOTICE, JULY, record, result, round_at
from volunteer_service import policies
from volunteer_service.errors import NotFound
from volunteer_service.scoring.ratings import (
    refusals,
    replays,
    results,
    round_steps,
    sign_off,
    supplements,
)


def test_a_supplement_rates_the_named_people_anew(session: None) -> None:
    town = cast()
    served = record(town.wang, town.team, 500)
    record(town.zhao, town.other_team, 500)
    first = round_at("final", town)
    served.minutes = 1300
    by, second = acting(town.coordinator), acting(town.second)

    extra = supplements.supplement(
        first.id, [town.wang.id], reason="补录更正", by=by, at=AFTER_NOTICE
    )
    assert (extra.supplement, extra.state, extra.half_year) == (1, "frozen", "2026H1")
    round_steps.draft(extra.id, by=by, at=AFTER_NOTICE)
    round_steps.publish_notice(extra.id, by=by, at=AFTER_NOTICE)
    assert results.latest_stars(town.wang.id) == 0
    later = AFTER_NOTICE.replace(day=20)
    round_steps.close_notice(extra.id, by=by, at=later)
    sign_off.sign_off(extra.id, by=second, at=later)

    assert (result(first, town.wang).stars, result(extra, town.wang).stars) == (0, 2)
    assert (results.latest_stars(town.wang.id), results.latest_stars(town.zhao.id)) == (2, 0)
    assert replays.replay(first).equal
    assert replays.replay(extra).equal


def test_a_person_without_any_record_left_is_rated_with_nothing(session: None) -> None:
    town = cast()
    served = record(town.wang, town.team, 700)
    first = round_at("final", town)
    served.state = "withdrawn"
    by = acting(town.coordinator)
    extra = supplements.supplement(
        first.id, [town.wang.id], reason="记录撤回", by=by, at=AFTER_NOTICE
    )
    round_steps.draft(extra.id, by=by, at=AFTER_NOTICE)
    assert result(extra, town.wang).stars == 0


def test_the_policy_is_that_of_the_round_it_supplements(session: None) -> None:
    town = cast()
    record(town.wang, town.team, 700)
    first = round_at("final", town)
    by = acting(town.coordinator)
    policies.add_version({"notice_working_days": 7}, reason="试", account_id=None, at=JULY)
    extra = supplements.supplement(first.id, [town.wang.id], reason="x", by=by, at=AFTER_NOTICE)
    assert extra.policy_version == first.policy_version == 1


def test_strangers_to_the_area_and_running_rounds_are_refused(session: None) -> None:
    town = cast()
    record(town.wang, town.team, 700)
    by = acting(town.coordinator)
    stranger = volunteer("外人", area_id=area("别处街道").id)
    running = round_at("notice", town)
    with pytest.raises(refusals.RoundNotFinal):
        supplements.supplement(running.id, [town.wang.id], reason="x", by=by, at=JULY)
    round_steps.close_notice(running.id, by=by, at=AFTER_NOTICE)
    sign_off.sign_off(running.id, by=acting(town.second), at=AFTER_NOTICE)
    for named in ([], [stranger.id], [town.wang.id, 10**9]):
        with pytest.raises(NotFound):
            supplements.supplement(running.id, named, reason="x", by=by, at=AFTER_NOTICE)


def test_a_star_lasts_until_the_next_final_round(session: None) -> None:
    town = cast()
    served = record(town.wang, town.team, 700)
    record(town.zhao, town.other_team, 700)
    round_at("final", town)
    assert results.latest_stars(town.wang.id) == 1
    # Only 赵芳 serves in the next half-year.
    record(town.zhao, town.other_team, 1300, on=served.served_on.replace(month=9))
    by, later = acting(town.coordinator), JULY.replace(year=2027, month=1, day=4)
    row = round_steps.open_round(town.town.id, "2026H2", by=by, at=later)
    round_steps.freeze(row.id, by=by, at=later)
    round_steps.draft(row.id, by=by, at=later)
    round_steps.publish_notice(row.id, by=by, at=later)
    assert results.latest_stars(town.wang.id) == 1
    round_steps.close_notice(row.id, by=by, at=later.replace(day=15))
    sign_off.sign_off(row.id, by=acting(town.second), at=later.replace(day=15))
    assert (results.latest_stars(town.wang.id), results.latest_stars(town.zhao.id)) == (0, 2)


def test_the_last_round_that_covers_the_home_counts_whatever_its_level(session: None) -> None:
    """A street's stars end with the rounds of its communities."""
    town = cast()
    record(town.wang, town.team, 700)
    round_at("final", town)
    assert results.latest_stars(town.wang.id) == 1
    record(town.zhao, town.other_team, 1300, on=date(2026, 9, 5))
    town.zhao.area_id = town.wang.area_id = town.community.id
    by, later = acting(town.coordinator), JULY.replace(year=2027, month=1, day=4)
    row = round_steps.open_round(town.community.id, "2026H2", by=by, at=later)
    for step in (round_steps.freeze, round_steps.draft, round_steps.publish_notice):
        step(row.id, by=by, at=later)
    round_steps.close_notice(row.id, by=by, at=later.replace(day=15))
    sign_off.sign_off(row.id, by=acting(town.second), at=later.replace(day=15))
    assert (results.latest_stars(town.wang.id), results.latest_stars(town.zhao.id)) == (0, 2)
