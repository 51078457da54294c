"""One cell, in every way people type it."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volunteer_service.workbooks.reading import cells, times

DAYS = st.dates(date(1955, 1, 1), date(2100, 12, 31))


@given(DAYS)
def test_every_notation_of_a_day_is_the_same_day(on: date) -> None:
    year, month, day = on.year, on.month, on.day
    notations = [
        f"{year}/{month}/{day}",
        f"{year}-{month:02}-{day:02}",
        f"{year}.{month}.{day}",
        f"{year}年{month}月{day}日",
        f"{on:%Y%m%d}",
        int(f"{on:%Y%m%d}"),
        (on - date(1899, 12, 30)).days,
        float((on - date(1899, 12, 30)).days),
        datetime(year, month, day),  # noqa: DTZ001  as openpyxl gives a date cell
        on,
        f"'{year} 年 {month} 月 {day} 日 ",
        f"{year}/{month}/{day}".translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        f"{on} 00:00:00",
    ]
    assert [cells.day(raw) for raw in notations] == [on] * len(notations)


@pytest.mark.parametrize(
    "raw",
    [
        *(
            "2025年2月30日",
            "2025/13/1",
            "20250229",
            20251301,
            "2025.0.1",
            "25.1.20",
            "昨天",
            "2025",
        ),
        *(None, "", True, 0, -1, 12, 45465.5e9, "=TODAY()", "1889-01-01", "2025-01-01-02"),
    ],
)
def test_what_is_no_day_is_refused(raw: object) -> None:
    assert cells.day(raw) is None


def test_the_epoch_of_old_mac_workbooks_is_kept() -> None:
    assert cells.day(44196, epoch=datetime(1904, 1, 1)) == date(2025, 1, 1)  # noqa: DTZ001


@given(st.integers(1, 999))
def test_tenths_of_hours_are_exact_minutes_however_typed(tenths: int) -> None:
    hours = Decimal(tenths) / 10
    wide = str(hours).translate(str.maketrans("0123456789.", "０１２３４５６７８９．"))
    for raw in (float(hours), str(hours), f"{hours}小时", f" {hours} 个小时", f"{hours}h", wide):
        assert times.minutes(raw) == tenths * 6
    assert times.minutes(f"-{hours}小时") == -tenths * 6


@given(st.integers(0, 9999), st.integers(0, 59))
def test_hours_and_minutes_add_up(hours: int, rest: int) -> None:
    for raw in (f"{hours}小时{rest}分", f"{hours}:{rest:02}", f"{hours}h{rest}m"):
        assert times.minutes(raw) == hours * 60 + rest
    assert times.minutes(f"{hours * 60 + rest}分钟") == hours * 60 + rest
    assert times.minutes(hours, unit="minutes") == hours


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        *((1.1, 66), ("2.4小时", 144), ("１．５", 90), (0.1 + 0.2, 18), ("0.33", 20), (".5", 30)),
        *((-1, -60), ("-1小时30分", -90), (time(1, 30), 90), (timedelta(hours=2), 120), (0, 0)),
        *(("半天", None), (None, None), ("", None), (True, None), ("1.5.2", None), ("1e9", None)),
        *(("=1+1", None), ("NaN", None), ("inf", None), ("9" * 400, None)),
    ],
)
def test_hours(raw: object, found: int | None) -> None:
    assert times.minutes(raw) == found


@given(st.times())
def test_every_notation_of_a_time_is_the_same_time(at: time) -> None:
    at = time(at.hour, at.minute)
    fraction = (at.hour * 60 + at.minute) / 1440
    for raw in (
        f"{at:%H:%M}",
        f"{at.hour}：{at.minute}",
        f"{at:%H:%M}:00",
        f"{at.hour}点{at.minute}分",
    ):
        assert times.clock(raw) == at
    assert times.clock(fraction) == at
    assert times.clock(at) == at


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        *(("下午3:00", time(15)), ("上午9点", time(9)), ("24:00", time(0)), ("25:00", None)),
        *(
            ("7:60", None),
            ("早", None),
            (None, None),
            (1.5, None),
            (-0.1, None),
            (0.99999, time(0)),
        ),
    ],
)
def test_clock(raw: object, found: time | None) -> None:
    assert times.clock(raw) == found


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        *(("17000000000", "17000000000"), (17000000000, "17000000000"), (1.7e10, "17000000000")),
        *(("170 0000-0000", "17000000000"), ("+86 17000000000", "17000000000")),
        *(("8617000000000", "17000000000"), ("１７０００００００００", "17000000000")),
        *(("(010)8888-6666", "01088886666"), ("1700000000", None), ("27000000000", None)),
        *((None, None), ("无", None), ("١٧٠٠٠٠٠٠٠٠٠", None), ("=17000000000", None)),
    ],
)
def test_phone(raw: object, found: str | None) -> None:
    assert cells.phone(raw) == found


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        *(("\u00a0朱\u3000芳 ", "朱芳"), ("王 𬱖", "王𬱖"), ("John  Smith", "John Smith")),
        *(("阿卜杜•热合曼", "阿卜杜·热合曼"), ("'李\u200b梅", "李梅"), ("\u3000 ", ""), (None, "")),
        # A compatibility character is somebody's name and stays; the key alone is folded.
        *(("凜\uf9a8", "凜\uf9a8"), ("㛃䶮𫖯", "㛃䶮𫖯")),
    ],
)
def test_name(raw: object, found: str) -> None:
    assert cells.name(raw) == found


def test_spellings_of_one_name_have_one_key() -> None:
    assert cells.match_key("Ａnna 令") == cells.match_key("anna\uf9a8")


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (2, 200),
        ("12.5", 1250),
        ("4.50分", 450),
        (0.1, 10),
        ("1.234", None),
        ("-1", None),
        ("1e9", None),
    ],
)
def test_points(raw: object, found: int | None) -> None:
    assert cells.centi(raw) == found


@given(st.text() | st.integers() | st.floats() | st.none() | st.booleans())
def test_no_cell_breaks_a_reader(raw: object) -> None:
    for reader in (
        cells.day,
        times.clock,
        times.minutes,
        times.span,
        cells.phone,
        cells.centi,
        cells.count,
    ):
        reader(raw)
    assert cells.name(cells.name(raw)) == cells.name(raw)


@given(st.text())
def test_nothing_that_goes_out_runs_and_it_reads_the_same_again(words: str) -> None:
    out = cells.harmless(words)

    assert not out.startswith(("=", "+", "-", "@", "\t", "\r"))
    if not words.startswith("'"):
        assert cells.text(out) == cells.text(words)
