"""Four programmes as data: what holds under each of them, whatever its numbers are."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import permutations
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import make, make_ratings
from volunteer_service.attendance.records import rating_facts
from volunteer_service.db import db
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.scoring.rules.policy import STANDING, Policy
from volunteer_service.scoring.rules.stars import Facts, facts_hash, lifetime, rate, read_records

FOLDER = Path(__file__).parents[3] / "examples/policies"
FILES = {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}
PROGRAMMES = {name: Policy.from_dict(file["numbers"]) for name, file in FILES.items()}
#: What each changes of the standing policy, by name.
CHANGED = {
    "standing": set(),
    "national-levels": {"registered_days", "evaluations_needed"},
    "hours-and-points": {"grades_for_stars", "grades_for_points"},
    "backfilled-capped": {"grades_for_stars", "correct_alone_minutes", "claims_at_once"},
}
EACH = pytest.mark.parametrize("policy", PROGRAMMES.values(), ids=PROGRAMMES.keys())
HALF = HalfYear.parse("2026H1")
SHANGHAI, EIGHT_AHEAD = ZoneInfo("Asia/Shanghai"), timezone(timedelta(hours=8))
#: Some of everything: people who joined late, upheld complaints, evaluations good and bad.
PEOPLE = st.builds(
    lambda minutes, joined, complaints, scores: Facts(
        1, HALF, minutes, joined, complaints, len(scores), sum(scores)
    ),
    st.integers(0, 10_000),
    st.dates(date(2024, 1, 1), HALF.ends_on),
    st.integers(0, 2),
    st.lists(st.integers(1, 5), max_size=6),
)


def test_the_files_are_the_four_programmes() -> None:
    standing = STANDING.numbers
    different = {
        name: {key for key, value in policy.numbers.items() if value != standing[key]}
        for name, policy in PROGRAMMES.items()
    }
    assert different == CHANGED


def test_the_national_levels_are_hours_of_a_lifetime() -> None:
    hours = [minutes // 60 for minutes in PROGRAMMES["national-levels"].lifetime_minutes]
    assert hours == [100, 300, 600, 1000, 1500]


def test_each_but_the_standing_one_says_what_it_cannot() -> None:
    assert {name for name, file in FILES.items() if not file["cannot"]} == {"standing"}


@EACH
@given(PEOPLE, st.integers(0, 5_000))
def test_more_minutes_never_lower_a_star(policy: Policy, person: Facts, more: int) -> None:
    longer = replace(person, confirmed_minutes=person.confirmed_minutes + more)
    assert rate(longer, policy).stars >= rate(person, policy).stars
    minutes = person.confirmed_minutes
    assert lifetime(minutes + more, policy).stars >= lifetime(minutes, policy).stars


@EACH
def test_each_threshold_to_the_minute(policy: Policy) -> None:
    person = Facts(1, HALF, 0, date(2024, 1, 1))
    for star, minutes in enumerate(policy.star_minutes, 1):
        near = [rate(replace(person, confirmed_minutes=minutes + by), policy) for by in (-1, 0, 1)]
        assert [rating.stars for rating in near] == [star - 1, star, star]
    for star, minutes in enumerate(policy.lifetime_minutes, 1):
        assert [lifetime(minutes + by, policy).stars for by in (-1, 0, 1)] == [star - 1, star, star]


@EACH
def test_the_order_of_records_never_matters(policy: Policy) -> None:
    written = ("12:120:scanned", "15:60:leader", "9:480:imported", "20:6:backfilled")
    person = Facts(1, HALF, 666, date(2024, 1, 1))
    hashes = {
        facts_hash([replace(person, records=read_records(" ".join(order)))], policy, 2)
        for order in permutations(written)
    }
    assert len(hashes) == 1


@EACH
@pytest.mark.parametrize("state", ["waiting", "refused", "withdrawn"])
def test_a_voided_record_never_helps(session: None, policy: Policy, state: str) -> None:
    cast = make.cast()
    make_ratings.record(cast.wang, cast.team, 540)
    before = live(cast, policy)
    make_ratings.record(cast.wang, cast.team, 6_000, state=state)
    assert live(cast, policy) == before


@EACH
def test_records_count_by_grade_whatever_their_order(session: None, policy: Policy) -> None:
    cast = make.cast()
    given_ = {"backfilled": 60, "scanned": 120, "imported": 240, "leader": 480}
    for grade, minutes in given_.items():
        make_ratings.record(cast.wang, cast.team, minutes, grade=grade)
    found = live(cast, policy)
    wanted = sum(minutes for grade, minutes in given_.items() if grade in policy.grades_for_stars)
    assert [person.confirmed_minutes for person in found] == [wanted]


@pytest.mark.parametrize("last", [date(2026, 6, 30), date(2026, 12, 31), date(2027, 6, 30)])
def test_midnight_between_half_years_minute_by_minute(last: date) -> None:
    """Asia/Shanghai is eight hours ahead all year: counted here without its table."""
    midnight = datetime(last.year, last.month, last.day, 16, tzinfo=UTC)
    before = HalfYear.of(last)
    starts, ends = before.bounds_utc(SHANGHAI)
    assert (ends, before.next.bounds_utc(SHANGHAI)[0]) == (midnight, midnight)
    for minute in range(-24 * 60, 24 * 60):
        at = midnight + timedelta(minutes=minute)
        assert (starts <= at < ends) == (minute < 0)
        by_the_day = HalfYear.of(at.astimezone(SHANGHAI).date())
        assert by_the_day == HalfYear.of(at.astimezone(EIGHT_AHEAD).date())
        assert by_the_day == (before if minute < 0 else before.next)


@pytest.mark.parametrize(
    ("on", "counts"),
    [
        (date(2025, 12, 31), False),
        (date(2026, 1, 1), True),
        (date(2026, 6, 30), True),
        (date(2026, 7, 1), False),
    ],
)
def test_a_record_counts_in_the_half_year_of_its_day(session: None, on: date, counts: bool) -> None:
    cast = make.cast()
    make_ratings.record(cast.wang, cast.team, 600, on=on)
    assert [person.confirmed_minutes for person in live(cast, STANDING)] == [600] * counts


@EACH
def test_the_communities_together_are_the_street(session: None, policy: Policy) -> None:
    cast = make.cast()
    moved = make.volunteer(area_id=cast.elsewhere.id)
    for who, minutes in ((cast.wang, 700), (cast.zhao, 1_300), (moved, 90)):
        # Where somebody serves is not where they are rated.
        make_ratings.record(who, cast.team, minutes)
        make_ratings.record(who, cast.other_team, 60, grade="leader")
    db.session.flush()
    parts = [
        person
        for area in (cast.community, cast.elsewhere)
        for person in rating_facts.facts_for(HALF, area.path, policy)
    ]
    assert {person.volunteer_id for person in parts} >= {cast.wang.id, moved.id}
    assert sorted(parts, key=lambda person: person.volunteer_id) == live(cast, policy)


def live(cast: make.Cast, policy: Policy) -> list[Facts]:
    db.session.flush()
    return list(rating_facts.facts_for(HALF, cast.town.path, policy))
