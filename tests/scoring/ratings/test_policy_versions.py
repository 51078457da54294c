"""A policy holds for a place from a half-year, once a second person agreed."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests import make
from tests.make import acting, cast
from tests.make_ratings import JULY, record, round_at
from volunteer_service import policies
from volunteer_service.errors import Conflict, Invalid, NotAllowed, NotFound
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.conflicts import SecondPersonNeeded
from volunteer_service.scoring.ratings import policy_versions, refusals, round_steps
from volunteer_service.scoring.rules.half_years import HalfYear

OPERATOR = Actor.system("cli")
LOWER = {"star_minutes": [60, 120, 240, 420, 660]}
#: A day of the half-year that comes after JULY's.
NEXT = datetime(2027, 2, 1, 2, 0, tzinfo=UTC)


def in_force(changes, *, at=JULY, **where) -> int:
    """A version that the operator, everybody's second person, put in force."""
    return policy_versions.propose_policy(
        changes, reason="试行", by=OPERATOR, at=at, **where
    ).version


def test_a_round_takes_the_version_of_its_half_year_however_late_it_is_frozen(
    session: None,
) -> None:
    """A version of November does not rate the round of the half-year before it."""
    town = cast()
    record(town.wang, town.team, 700)
    november = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
    assert in_force(LOWER, at=november) == 2
    assert policies.active().version == 2
    late = round_at("frozen", town)
    assert (late.half_year, late.policy_version) == ("2026H1", 1)
    assert policies.of_round(town.town.path, HalfYear(2026, 2)).version == 2


def test_an_area_has_its_own_or_the_one_above(session: None) -> None:
    town = cast()
    town_id = town.town.id
    own = in_force(LOWER, area_id=town_id)
    later = in_force({"registered_days": 30}, area_id=town_id, half_year=HalfYear(2027, 1))
    halves = [HalfYear(2026, 1), HalfYear(2026, 2), HalfYear(2027, 1), HalfYear(2027, 2)]
    found = [policies.of_round(town.community.path, half).version for half in halves]
    assert found == [1, own, later, later]
    assert policies.of(later).star_minutes == (60, 120, 240, 420, 660)
    other = make.area("另一条街道")
    assert policies.of_round(other.path, HalfYear(2027, 2)).version == 1
    # A change of the service's numbers leaves the area's own numbers unchanged.
    everywhere = in_force({"late_minutes": 20})
    assert policies.of_round(other.path, HalfYear(2026, 2)).version == everywhere
    assert policies.of_round(town.town.path, HalfYear(2026, 2)).version == own
    assert policies.active().version == everywhere
    with pytest.raises(Invalid) as refused:
        in_force({"orders_a_month": 3}, area_id=town_id)
    assert refused.value.field == "orders_a_month"


def test_a_second_person_puts_it_in_force(session: None) -> None:
    town = cast()
    admin = acting(town.admin)
    row = policy_versions.propose_policy(LOWER, reason="试行", by=admin, at=JULY)
    assert (row.term.state, policies.active().version) == ("proposed", 1)
    with pytest.raises(SecondPersonNeeded):
        policy_versions.activate_policy(row.version, by=admin, at=JULY)
    for who in (town.coordinator, town.wang_account):
        with pytest.raises((NotAllowed, NotFound)):
            policy_versions.activate_policy(row.version, by=acting(who), at=JULY)
    assert policies.active().version == 1
    policy_versions.activate_policy(row.version, by=OPERATOR, at=JULY)
    assert policies.active().version == row.version
    for act in (
        lambda: policy_versions.activate_policy(row.version, by=OPERATOR, at=JULY),
        lambda: policy_versions.refuse_policy(row.version, answer="不", by=OPERATOR, at=JULY),
    ):
        with pytest.raises(refusals.PolicyDecided):
            act()


def test_what_was_proposed_before_another_came_into_force_is_proposed_anew(session: None) -> None:
    admin = acting(cast().admin)
    first, second = (
        policy_versions.propose_policy(change, reason="试行", by=admin, at=JULY).version
        for change in ({"late_minutes": 20}, {"early_minutes": 20})
    )
    policy_versions.activate_policy(second, by=OPERATOR, at=JULY)
    with pytest.raises(refusals.PolicyOutdated):
        policy_versions.activate_policy(first, by=OPERATOR, at=JULY)
    assert (policies.active().early_minutes, policies.active().late_minutes) == (20, 15)
    with pytest.raises(Conflict):
        policy_versions.propose_policy({}, reason="x1", by=admin, at=JULY, expected=1)


def test_a_half_year_that_is_frozen_keeps_its_numbers(session: None) -> None:
    town = cast()
    record(town.wang, town.team, 700)
    row = round_at("frozen", town)
    with pytest.raises(refusals.HalfYearFrozen):
        in_force(LOWER, half_year=HalfYear(2026, 1))
    round_steps.thaw(row.id, reason="规则定晚了", by=acting(town.coordinator), at=JULY)
    assert in_force(LOWER, half_year=HalfYear(2026, 1)) == 2
    again = round_steps.freeze(row.id, by=acting(town.coordinator), at=JULY, reason="都看过")
    assert again.policy_version == 2


def test_no_later_version_holds_for_an_earlier_half_year(session: None) -> None:
    cast()
    in_force(LOWER, half_year=HalfYear(2027, 1))
    with pytest.raises(refusals.HalfYearBeforePolicy):
        in_force({"late_minutes": 20}, half_year=HalfYear(2026, 2))
    later = in_force({"late_minutes": 20})
    assert policies.kept(later).term.half_year == "2027H1"


def test_its_other_numbers_begin_on_their_day(session: None) -> None:
    cast()
    day = date(2026, 8, 1)
    in_force({"points_per_hour_centi": 200}, from_on=day)
    assert policies.active().points_per_hour_centi == 100
    assert policy_versions.begin_due(at=JULY) == 0
    # A version proposed meanwhile starts from the newest numbers, not from today's.
    in_force({"late_minutes": 20}, from_on=day)
    first = datetime(2026, 7, 31, 16, 0, tzinfo=UTC)  # midnight in Shanghai
    assert policy_versions.begin_due(at=first - timedelta(seconds=1)) == 0
    assert policy_versions.begin_due(at=first) == 2
    assert policies.active().points_per_hour_centi == 200
    assert policies.active().late_minutes == 20


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"star_minutes": [36_000, 72_000, 144_000, 252_000, 396_000]}, "star_minutes"),
        ({"lifetime_minutes": [n * 60 for n in (6_000, 18_000, 36_000, 60_000, 90_000)]},
         "lifetime_minutes"),
        ({"star_minutes": [1, 2, 3, 4, 5]}, "star_minutes"),
    ],
)  # fmt: skip
def test_numbers_that_nobody_reaches_are_refused_with_the_cure(
    session: None, changes: dict, field: str
) -> None:
    cast()
    with pytest.raises(Invalid) as refused:
        in_force(changes)
    assert refused.value.field == field
    assert policies.active().version == 1
