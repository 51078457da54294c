"""Half-years: local days, half-open instants."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volunteer_service.scoring.rules.half_years import HalfYear

SHANGHAI = ZoneInfo("Asia/Shanghai")
H1 = HalfYear.parse("2026H1")
HALF_YEARS = st.builds(HalfYear, st.integers(1901, 2998), st.sampled_from([1, 2]))


def test_a_half_year_has_days() -> None:
    assert (H1.starts_on, H1.ends_on) == (date(2026, 1, 1), date(2026, 6, 30))
    assert (H1.next.starts_on, H1.next.ends_on) == (date(2026, 7, 1), date(2026, 12, 31))
    assert str(H1) == "2026H1"


def test_its_instants_are_half_open_in_utc() -> None:
    first, beyond = H1.bounds_utc(SHANGHAI)
    assert first == datetime(2025, 12, 31, 16, tzinfo=UTC)
    assert beyond == datetime(2026, 6, 30, 16, tzinfo=UTC)
    assert first.tzinfo is UTC
    assert beyond.tzinfo is UTC


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2025, 12, 31), "2025H2"),
        (date(2026, 1, 1), "2026H1"),
        (date(2026, 6, 30), "2026H1"),
        (date(2026, 7, 1), "2026H2"),
    ],
)
def test_which_half_year_a_day_is_in(day: date, text: str) -> None:
    assert str(HalfYear.of(day)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026",
        "2026h1",
        "2026H3",
        "2026H0",
        " 2026H1",
        "2026H1\n",
        "２０２６H1",
        "1899H2",
        "3000H1",
    ],
)
def test_anything_else_is_no_half_year(text: str) -> None:
    with pytest.raises(ValueError, match="half-year"):
        HalfYear.parse(text)


def test_earlier_ones_sort_first() -> None:
    texts = ["2026H2", "2025H1", "2026H1", "2025H2"]
    assert [str(half) for half in sorted(map(HalfYear.parse, texts))] == sorted(texts)


@given(HALF_YEARS)
def test_half_years_follow_each_other_without_a_gap(half: HalfYear) -> None:
    assert half.next.previous == half.previous.next == half
    assert half.previous < half < half.next
    assert half.ends_on + timedelta(days=1) == half.next.starts_on
    assert half.bounds_utc(SHANGHAI)[1] == half.next.bounds_utc(SHANGHAI)[0]
    assert HalfYear.parse(str(half)) == HalfYear.of(half.starts_on) == HalfYear.of(half.ends_on)


def test_the_first_and_the_last_half_year() -> None:
    assert HalfYear.parse("1900H1").starts_on == date(1900, 1, 1)
    assert HalfYear.parse("2999H2").ends_on == date(2999, 12, 31)
    with pytest.raises(ValueError, match="no such half-year"):
        HalfYear(2026, 3)
