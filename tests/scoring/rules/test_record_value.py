"""Points: an hour is a point, times the post's coefficient, in whole hundredths."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volunteer_service.scoring.rules.policy import GRADES, STANDING
from volunteer_service.scoring.rules.record_value import counts_for_stars, expires_on, points_for


def test_an_hour_is_a_point() -> None:
    assert points_for(60, 100, "scanned", STANDING) == 100


@pytest.mark.parametrize(
    ("minutes", "coefficient_centi", "grade", "centi"),
    [
        (90, 100, "leader", 150),
        (6, 100, "imported", 10),
        (90, 150, "scanned", 225),
        (6, 125, "scanned", 12),  # 12.5 is rounded down
        (60, 0, "scanned", 0),
        (0, 100, "scanned", 0),
        (600, 300, "backfilled", 0),
    ],
)
def test_what_a_record_is_worth(
    minutes: int, coefficient_centi: int, grade: str, centi: int
) -> None:
    assert points_for(minutes, coefficient_centi, grade, STANDING) == centi


def test_the_policy_says_which_grades_earn_and_count() -> None:
    strict = replace(STANDING, grades_for_points=("scanned",), grades_for_stars=("scanned",))
    assert [points_for(60, 100, grade, strict) for grade in GRADES] == [100, 0, 0, 0]
    assert [counts_for_stars(grade, STANDING) for grade in GRADES] == [True] * 4
    assert [counts_for_stars(grade, strict) for grade in GRADES] == [True, False, False, False]


@pytest.mark.parametrize(
    ("minutes", "coefficient_centi", "grade"),
    [
        (-6, 100, "scanned"),
        (6, -100, "scanned"),
        (-1, 0, "scanned"),
        (0, -1, "scanned"),
        (6, 100, "guessed"),
    ],
)
def test_what_cannot_be_is_no_points(minutes: int, coefficient_centi: int, grade: str) -> None:
    with pytest.raises(ValueError, match=r"never negative|no such grade"):
        points_for(minutes, coefficient_centi, grade, STANDING)


@pytest.mark.parametrize(
    ("earned_on", "year"),
    [
        (date(2026, 1, 1), 2027),
        (date(2026, 2, 28), 2027),
        (date(2026, 12, 31), 2027),
        (date(2027, 1, 1), 2028),
    ],
)
def test_points_last_to_the_end_of_the_year_after(earned_on: date, year: int) -> None:
    assert expires_on(earned_on, STANDING) == date(year, 12, 31)


@given(st.integers(0, 10**5), st.integers(0, 10**5), st.integers(0, 1000))
def test_more_minutes_never_earn_less_and_splitting_never_earns_more(
    some: int, more: int, coefficient_centi: int
) -> None:
    first, second, whole = (
        points_for(minutes, coefficient_centi, "scanned", STANDING)
        for minutes in (some, more, some + more)
    )
    assert first <= whole
    assert first + second <= whole <= first + second + 1
