"""Wording of figures, instants and names."""

from datetime import UTC, date, datetime, timedelta

import pytest
from markupsafe import Markup

from volunteer_service.web.shared import words

NOON = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)


def test_an_instant_is_said_in_local_time() -> None:
    assert words.when(NOON, this_year=2026) == "11月22日 周日 14:30"
    assert words.when(NOON, "en", 2026) == "Sun 22 Nov, 14:30"


def test_another_year_is_named() -> None:
    assert words.when(NOON, this_year=2027) == "2026年11月22日 周日 14:30"
    assert words.day(date(2026, 1, 5), "en", 2027) == "Mon 5 Jan 2026"


def test_an_evening_in_utc_is_the_next_day_here() -> None:
    assert words.day(datetime(2026, 6, 30, 16, 0, tzinfo=UTC), this_year=2026) == "7月1日 周三"


def test_a_span_names_the_second_day_only_when_it_differs() -> None:
    late = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
    over_night = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
    assert words.span(NOON, late, this_year=2026) == "11月22日 周日 14:30–16:30"
    assert (
        words.span(NOON, over_night, this_year=2026) == "11月22日 周日 14:30 至 11月23日 周一 01:00"
    )


@pytest.mark.parametrize(
    ("figure", "marked"),
    [
        ("32.5 小时", '<span class="together">32.5 小时</span>'),
        (
            "1,135 小时 50 分钟",
            '<span class="together">1,135 小时</span> <span class="together">50 分钟</span>',
        ),
        (7, "7"),
        ("暂无星级", "暂无星级"),
        ("<b> 3 人", '&lt;b&gt; <span class="together">3 人</span>'),
        (Markup("<span>★</span>"), "<span>★</span>"),
    ],
)
def test_a_number_stays_with_its_unit_and_the_line_ends_between_two(figure, marked) -> None:
    assert words.together(figure) == marked


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "0 小时"),
        (6, "0.1 小时"),
        (210, "3.5 小时"),
        (183, "3.05 小时"),
        (600, "10 小时"),
        (74_070, "1,234.5 小时"),
        (35, "35 分钟"),
        (100, "1 小时 40 分钟"),
        (-90, "-1.5 小时"),
        (-100, "-1 小时 40 分钟"),
    ],
)
def test_minutes_are_said_exactly(minutes: int, said: str) -> None:
    assert words.hours(minutes) == said


@pytest.mark.parametrize(
    ("centi", "said"),
    [
        (1250, "12.50 分"),
        (0, "0.00 分"),
        (5, "0.05 分"),
        (-1, "-0.01 分"),
        (12_345_678, "123,456.78 分"),
    ],
)
def test_points_are_said_exactly(centi: int, said: str) -> None:
    assert words.points(centi) == said


@pytest.mark.parametrize(
    ("time", "zh", "en"),
    [
        (timedelta(seconds=-5), "0 分钟", "0 min"),
        (timedelta(minutes=59, seconds=59), "59 分钟", "59 min"),
        (timedelta(minutes=60), "1 小时", "1 h"),
        (timedelta(hours=47, minutes=59), "47 小时", "47 h"),
        (timedelta(days=2), "2 天", "2 days"),
    ],
)
def test_how_long_somebody_waits_is_said_roughly(time: timedelta, zh: str, en: str) -> None:
    assert (words.lasted(time), words.lasted(time, "en")) == (zh, en)


def test_a_month_is_named_with_its_year() -> None:
    assert (words.month(date(2026, 11, 1)), words.month(date(2026, 1, 1), "en")) == (
        "2026年11月",
        "Jan 2026",
    )


def test_english_units() -> None:
    assert words.hours(210, "en") == "3.5 h"
    assert words.points(1250, "en") == "12.50 points"
    assert [words.stars(n, "en") for n in (0, 1, 3)] == ["No star yet", "1 star", "3 stars"]
    assert [words.stars(n) for n in (0, 3)] == ["暂无星级", "三星级"]


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王建华", "王*华"),
        ("李梅", "李*"),
        ("欧阳建国", "欧**国"),
        ("\U0002cc56\U000200c0\U0002a700", "\U0002cc56*\U0002a700"),
        ("\U0002cc56梅", "\U0002cc56*"),
        ("葛\U000e0100小明", "葛\U000e0100*明"),
        ("王", "*"),
        ("Mary Ann", "M*** A***"),
        ("", ""),
    ],
)
def test_a_masked_name_hides_the_middle(name: str, masked: str) -> None:
    assert words.mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812341234", "138****1234"),
        ("+86 138-1234-1234", "138****1234"),
        ("１３８１２３４１２３４", "138****1234"),
        ("010-65331234", "****1234"),
        ("12345", "****"),
        (None, ""),
    ],
)
def test_a_masked_phone_keeps_its_ends(phone: str | None, masked: str) -> None:
    assert words.mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("login", "read"),
    [("000000001x", "000000001X"), ("0000000028", "0000000028"), ("leader", "leader")],
)
def test_a_number_to_sign_in_with_is_read_as_printed_and_a_name_as_chosen(
    login: str, read: str
) -> None:
    assert words.login(login) == read


@pytest.mark.parametrize(
    ("cookie", "accepted", "lang"),
    [
        (None, [], "zh"),
        (None, ["fr", "en-US"], "en"),
        (None, ["zh-TW", "en"], "zh"),
        ("zh", ["en"], "zh"),
        ("en", ["zh-CN"], "en"),
        ("xx", ["ja"], "zh"),
    ],
)
def test_the_choice_comes_before_the_browser(
    cookie: str | None, accepted: list[str], lang: str
) -> None:
    assert words.pick_lang(cookie, accepted) == lang
