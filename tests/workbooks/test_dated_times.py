"""Day and time in one cell of a log, with no column for the day, or none for the times."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tests.workbooks.judged import Outcome
from volunteer_service.workbooks.judging.taken_or_refused import RefusedRow, ServiceRow, Taken
from volunteer_service.workbooks.reading import dated_times

Judges = Callable[..., list[Outcome]]
NINE, ELEVEN = datetime(2025, 3, 1, 9), datetime(2025, 3, 1, 11)  # noqa: DTZ001
BEHIND = ("服务时长", "服务队", "姓名", "手机号")
WHO = (2, "护学队", "李梅", "13900000001")


def log(judge: Judges, heads: tuple[str, ...], *said: tuple[Any, ...]) -> list[Outcome]:
    rows = [("护学", *each, *WHO) for each in said]
    return judge(("活动名称", *heads, *BEHIND), *rows)


def times(outcome: Outcome) -> tuple[datetime, datetime]:
    assert isinstance(outcome, Taken), outcome
    assert isinstance(outcome.row, ServiceRow)
    return outcome.row.start, outcome.row.end


WHOLE = (
    *("2025-03-01 09:00-11:00", "2025/3/1 9:00—11:00", "2025.3.1 9:00~11:00"),
    *("2025年3月1日 上午9点到11点", "2025年3月1日（周六）9:00-11:00", "20250301 9:00-11:00"),
    *("2025年3月1日上午9点至11点", "二〇二五年三月一日 上午九点至十一点", "2025-03-01T09:00-11:00"),
    *("2025-03-01 09:00 至 2025-03-01 11:00", "2025/3/1 9:00-2025/3/1 11:00"),
    *(
        "２０２５－０３－０１　０９：００－１１：００",
        "2025年3月1日\n9:00-11:00",
        "2025年3月1日，9时至11时",
    ),
)


@pytest.mark.parametrize("typed", WHOLE)
@pytest.mark.parametrize("head", ["活动时间", "时间", "活动日期", "服务日期", "开始时间"])
def test_all_in_one_cell_under_any_header(judge: Judges, typed: str, head: str) -> None:
    (one,) = log(judge, (head,), (typed,))

    assert times(one) == (NINE, ELEVEN)


@pytest.mark.parametrize(
    "typed", [NINE, "2025/3/1 9:00", "2025年3月1日 上午9点", 45717.375, "2025-03-01 09:00:00"]
)
def test_a_begin_with_its_day_and_a_length(judge: Judges, typed: Any) -> None:
    (one,) = log(judge, ("开始时间",), (typed,))
    (two,) = log(judge, ("活动时间",), (typed,))

    assert times(one) == times(two) == (NINE, ELEVEN)


def test_begin_and_end_with_their_days(judge: Judges) -> None:
    late = datetime(2025, 3, 1, 22), datetime(2025, 3, 2, 0, 30)  # noqa: DTZ001
    rows = (NINE, ELEVEN), ("2025-03-01 22:00", "2025-03-02 00:30"), late
    found = log(judge, ("开始时间", "结束时间"), rows[0], rows[1])

    assert list(map(times, found)) == [rows[0], late]


def test_over_midnight_in_one_cell(judge: Judges) -> None:
    (one,) = log(judge, ("活动时间",), ("2025-03-01 22:00 至 2025-03-02 00:30",))

    assert times(one) == (datetime(2025, 3, 1, 22), datetime(2025, 3, 2, 0, 30))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("typed", "code", "cure"),
    [
        ("3月1日 上午9点到11点", "impossible_date", "年份"),
        ("25.3.1 9:00-11:00", "impossible_date", "四位"),
        ("2025-02-30 9:00-11:00", "impossible_date", "2026-06-30"),
        ("2025-03-01 9:00 至 2025-03-04 11:00", "impossible_time", "24"),
        ("2025-03-02 9:00 至 2025-03-01 11:00", "impossible_date", "两个不同的日期"),
    ],
)
def test_what_is_no_day_says_its_cure(judge: Judges, typed: str, code: str, cure: str) -> None:
    one, good = log(judge, ("活动时间",), (typed,), ("2025-03-01 09:00-11:00",))

    assert isinstance(one, RefusedRow)
    assert (one.reason_code, cure in str(one.cure)) == (code, True)
    assert times(good) == (NINE, ELEVEN)


def test_two_days_in_one_row_are_no_guess(judge: Judges) -> None:
    heads = ("活动日期", "开始时间", "结束时间")
    (one,) = log(judge, heads, ("2025-03-02", NINE, ELEVEN))

    assert isinstance(one, RefusedRow)
    assert (one.reason_code, one.field) == ("impossible_date", "on")


@pytest.mark.parametrize("typed", ["9:00-11:00", "上午", "2025-03-01", "9.30-11.00", "8-10点", ""])
def test_what_has_not_both_is_not_both(typed: str) -> None:
    assert dated_times.read(typed) is None
