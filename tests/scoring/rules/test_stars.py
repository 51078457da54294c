"""Stars: hours decide, three conditions can cost them, reasons say it in numbers."""

import hashlib
import json
from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volunteer_service.scoring.rules.formats import NewerFormat
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.scoring.rules.policy import STANDING, policy_hash
from volunteer_service.scoring.rules.reasons import Reason
from volunteer_service.scoring.rules.stars import (
    REASONS,
    Facts,
    facts_hash,
    lifetime,
    rate,
    read_records,
)

H2 = HalfYear.parse("2025H2")
LONG_AGO = date(2024, 5, 29)


def facts(minutes: int = 700, registered_on: date = LONG_AGO, **changes: int) -> Facts:
    """王建国 in the second half of 2025."""
    plain = Facts(1, H2, minutes, registered_on)
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_the_first_format_says_nothing_of_records_and_the_second_hashes_them() -> None:
    one = replace(facts(180), records=read_records("15:60:leader 12:120:scanned"))
    assert one.line(1) == "1,2025H2,180,2024-05-29,0,0,0\n"
    assert one.line(2) == "1,2025H2,180,2024-05-29,0,0,0,12:120:scanned 15:60:leader\n"
    assert Facts.from_dict(one.to_dict(2), 2) == one
    assert Facts.from_dict(one.to_dict(1), 1) == replace(one, records=())


def codes(one: Facts) -> list[str]:
    return [reason.code for reason in rate(one, STANDING).reasons]


def test_ten_hours_are_a_star() -> None:
    rating = rate(facts(990), STANDING)
    assert rating.stars == 1
    assert rating.reasons == (
        Reason.of("stars_by_minutes", minutes=990, stars=1),
        Reason.of("next_star", star=2, short_minutes=210),  # 差 3.5 小时到二星
    )


@pytest.mark.parametrize(
    ("minutes", "stars"),
    [
        (0, 0), (599, 0), (600, 1), (1199, 1), (1200, 2), (2399, 2), (2400, 3),
        (4199, 3), (4200, 4), (6599, 4), (6600, 5), (99999, 5),
    ],
)  # fmt: skip
def test_stars_of_the_half_year(minutes: int, stars: int) -> None:
    assert rate(facts(minutes), STANDING).stars == stars


@pytest.mark.parametrize(
    ("minutes", "stars"),
    [(5999, 0), (6000, 1), (18000, 2), (36000, 3), (60000, 4), (89999, 4), (90000, 5)],
)
def test_the_lifetime_star(minutes: int, stars: int) -> None:
    assert lifetime(minutes, STANDING).stars == stars


def test_five_stars_have_no_next_one() -> None:
    assert codes(facts(6600)) == ["stars_by_minutes"]
    assert [reason.code for reason in lifetime(90000, STANDING).reasons] == ["stars_by_minutes"]


@pytest.mark.parametrize(
    ("half_year", "in_time", "too_late"),
    [
        ("2025H2", date(2025, 10, 2), date(2025, 10, 3)),
        ("2026H1", date(2026, 4, 1), date(2026, 4, 2)),
    ],
)
def test_ninety_days_before_the_last_day(half_year: str, in_time: date, too_late: date) -> None:
    person = replace(facts(), half_year=HalfYear.parse(half_year))
    assert rate(replace(person, registered_on=in_time), STANDING).stars == 1
    late = rate(replace(person, registered_on=too_late), STANDING)
    assert late.stars == 0
    assert late.reasons[1] == Reason.of("registered_too_late", days=89, needed_days=90)


def test_an_upheld_complaint_costs_the_star() -> None:
    rating = rate(facts(upheld_complaints=1), STANDING)
    assert rating.stars == 0
    assert rating.reasons[1] == Reason.of("complaint_upheld", complaints=1, allowed=0)


@pytest.mark.parametrize(
    ("count", "total", "stars"),
    [
        (0, 0, 1),
        (2, 2, 1),
        (3, 9, 1),
        (3, 10, 1),
        (3, 15, 1),
        (3, 8, 0),
        (4, 12, 1),
        (4, 11, 0),
        (1000, 3000, 1),
        (1000, 2999, 0),
    ],
)
def test_quality_counts_from_three_evaluations_on(count: int, total: int, stars: int) -> None:
    assert rate(facts(evaluation_count=count, evaluation_sum=total), STANDING).stars == stars


def test_a_mean_just_missed_is_never_shown_as_reached() -> None:
    rating = rate(facts(evaluation_count=1000, evaluation_sum=2999), STANDING)
    assert rating.reasons[1] == Reason.of(
        "quality_too_low", mean_centi=299, needed_centi=300, evaluations=1000
    )


def test_every_cost_is_told_between_the_minutes_and_what_is_missing() -> None:
    worst = facts(700, date(2025, 12, 1), upheld_complaints=2, evaluation_count=3, evaluation_sum=3)
    assert codes(worst) == [
        "stars_by_minutes", "registered_too_late", "complaint_upheld", "quality_too_low",
        "next_star",
    ]  # fmt: skip
    for reason in rate(worst, STANDING).reasons:
        assert set(REASONS[reason.code]) == set(dict(reason.numbers))


@pytest.mark.parametrize(
    ("minutes", "stars", "short"),
    [(0, 0, 600), (1_199, 1, 1), (1_200, 2, 1_200), (2_400, 3, 1_800), (4_200, 4, 2_400)],
)
def test_the_next_star_is_one_more_with_what_is_missing(
    minutes: int, stars: int, short: int
) -> None:
    rating = rate(facts(minutes), STANDING)
    assert rating.stars == stars
    assert rating.next_star == Reason.of("next_star", star=stars + 1, short_minutes=short)


def test_only_who_lacks_hours_alone_is_told_the_next_star() -> None:
    short = rate(facts(990), STANDING)
    assert short.costs == ()
    assert short.next_star == Reason.of("next_star", star=2, short_minutes=210)
    costly = rate(facts(990, upheld_complaints=1), STANDING)
    assert [reason.code for reason in costly.costs] == ["complaint_upheld"]
    assert costly.next_star is None
    assert rate(facts(6600), STANDING).next_star is None


def test_a_round_is_rated_by_the_version_of_the_rules_that_it_keeps() -> None:
    assert rate(facts(990), STANDING, 1) == rate(facts(990), STANDING)
    with pytest.raises(NewerFormat, match=r"rules of format 2: .* reads up to 1"):
        rate(facts(990), STANDING, 2)


def test_reasons_survive_json() -> None:
    reason = rate(facts(990), STANDING).reasons[1]
    stored = json.loads(json.dumps(reason.to_dict()))
    assert stored == {"code": "next_star", "numbers": {"short_minutes": 210, "star": 2}}
    backwards = {**stored, "numbers": dict(reversed(stored["numbers"].items()))}
    assert Reason.from_dict(backwards) == reason
    assert reason.number("short_minutes") == 210
    with pytest.raises(KeyError):
        reason.number("minutes")


DAYS = st.dates(date(2020, 1, 1), date(2026, 12, 31))
COUNTS = st.integers(0, 50)
PEOPLE = st.builds(
    lambda volunteer_id, half, minutes, day, complaints, scores: Facts(
        volunteer_id, half, minutes, day, complaints, len(scores), sum(scores)
    ),
    st.integers(1, 10**9),
    st.sampled_from([H2, H2.next]),
    st.integers(0, 10_000),
    DAYS,
    st.integers(0, 2),
    st.lists(st.integers(1, 5), max_size=6),
)
CROWDS = st.lists(PEOPLE, max_size=8, unique_by=lambda person: person.volunteer_id)


@given(PEOPLE, st.integers(0, 10_000))
def test_more_minutes_never_lower_the_stars(person: Facts, more: int) -> None:
    longer = replace(person, confirmed_minutes=person.confirmed_minutes + more)
    assert rate(longer, STANDING).stars >= rate(person, STANDING).stars


@given(st.integers(0, 90_000), st.integers(0, 10_000))
def test_more_minutes_never_lower_the_lifetime_star(minutes: int, more: int) -> None:
    assert lifetime(minutes + more, STANDING).stars >= lifetime(minutes, STANDING).stars


@given(PEOPLE)
def test_same_facts_same_rating_also_after_storage(person: Facts) -> None:
    kept = Facts.from_dict(json.loads(json.dumps(person.to_dict())))
    assert kept == person
    assert rate(kept, STANDING) == rate(person, STANDING)
    assert 0 <= rate(person, STANDING).stars <= 5


@given(CROWDS, st.randoms(use_true_random=False))
def test_order_never_matters_to_the_hash(crowd: list[Facts], chance: Random) -> None:
    def key(person: Facts) -> int:
        return person.volunteer_id

    shuffled = list(crowd)
    chance.shuffle(shuffled)
    in_order = sorted(crowd, key=key)
    assert facts_hash(iter(in_order), STANDING) == facts_hash(sorted(shuffled, key=key), STANDING)
    if shuffled != in_order:
        with pytest.raises(ValueError, match="out of order"):
            facts_hash(shuffled, STANDING)


def test_a_person_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="1 after 1"):
        facts_hash([facts(), facts()], STANDING)


def test_the_hash_knows_every_fact_and_the_policy() -> None:
    one = facts()
    others = [
        replace(one, volunteer_id=2),
        replace(one, half_year=H2.next),
        replace(one, confirmed_minutes=701),
        replace(one, registered_on=date(2024, 5, 30)),
        replace(one, upheld_complaints=1),
        replace(one, evaluation_count=1),
        replace(one, evaluation_sum=1),
    ]
    hashes = {facts_hash([person], STANDING) for person in [one, *others]}
    hashes |= {facts_hash([], STANDING), facts_hash([one], replace(STANDING, version=2))}
    assert len(hashes) == 3 + len(others)


def test_the_hash_of_known_facts_never_moves() -> None:
    # Final rounds hold it: a change here would mean that no old round replays.
    assert (
        facts_hash([facts()], STANDING)
        == "d3d5786ee0191c23d5044d492515db681406a1833bf15ab655de087ab5a4d684"
    )


def test_the_hash_of_a_later_format_says_it() -> None:
    said = f"{policy_hash(STANDING)}\nfacts 2\n"
    assert facts_hash([], STANDING, 2) == hashlib.sha256(said.encode()).hexdigest()


def test_fewer_complaints_than_are_allowed_cost_nothing() -> None:
    lenient = replace(STANDING, complaints_allowed=2)
    assert [len(rate(facts(700, upheld_complaints=n), lenient).costs) for n in range(4)] == [
        0,
        0,
        0,
        1,
    ]
