"""One row a case: what is taken, and why the rest is not."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from tests.workbooks.judged import (
    ADULT,
    AREAS,
    GIFTS,
    LI_MEI,
    ROSTER,
    SISTER,
    TEAMS,
    Outcome,
    changed,
    reason,
)
from tests.workbooks.street_cells import TODAY, id_number
from volunteer_service.workbooks.judging.taken_or_refused import RefusedRow, Taken, VolunteerRow
from volunteer_service.workbooks.judging.volunteers import is_minor
from volunteer_service.workbooks.reading import cells, times


@pytest.mark.parametrize(
    ("header", "row", "code", "field"),
    [
        (AREAS, ("庆丰社区", "一网格", None), "missing_value", "building"),
        (AREAS, ("庆丰社区", "一网格", "1号楼"), "duplicate_row", "building"),
        (TEAMS, (None, "庆丰社区", "居委会", None), "missing_value", "name"),
        (TEAMS, ("护学队", "庆丰社区", "居委会", None), "duplicate_row", "name"),
        (GIFTS, (None, 2, 5, None), "missing_value", "name"),
        (GIFTS, ("香皂", 0, 5, None), "bad_number", "points"),
        (GIFTS, ("香皂", 2, -5, None), "bad_number", "stock"),
        (GIFTS, ("香皂", 2, 5, "六星"), "bad_number", "minimum_star"),
    ],
)
def test_lists(
    judge: Callable[..., list[Outcome]],
    header: tuple[str, ...],
    row: tuple[Any, ...],
    code: str,
    field: str,
) -> None:
    (outcome,) = judge(header, row)

    assert reason(outcome) == (code, field)


@pytest.mark.parametrize(
    ("new", "code"),
    [
        ({"姓名": " "}, "missing_name"),
        ({"身份证号": None}, "id_missing"),
        ({"身份证号": ADULT[:-1]}, "id_malformed"),
        ({"身份证号": float(ADULT[:-1] + "0")}, "id_lost_digits"),
        (
            {"身份证号": id_number(date(1990, 1, 1), "女", 1).replace("19900101", "19900102")},
            "id_check_digit",
        ),
        ({"性别": "男"}, "sex_contradicts_id"),
        ({"手机号": "139"}, "bad_phone"),
        ({"注册日期": None}, "missing_value"),
        ({"注册日期": "2025.2.30"}, "impossible_date"),
        ({"注册日期": "2026-11-23"}, "date_in_the_future"),
        ({"社区": "庆风社区"}, "unknown_area"),
        ({"网格": "二网格"}, "unknown_area"),
        ({"服务队": "护校队"}, "unknown_team"),
        ({"身份证号": id_number(date(2008, 11, 23), "女", 3)}, "minor_without_guardian"),
        (
            {"身份证号": id_number(date(2015, 1, 1), "女", 3), "监护人": "母亲"},
            "minor_without_guardian",
        ),
        ({"身份证号": ADULT.lower(), "姓名": "李 梅"}, "duplicate_row"),
        ({"身份证号": ADULT}, "same_id_other_person"),
    ],
)
def test_the_roster(judge: Callable[..., list[Outcome]], new: dict[str, Any], code: str) -> None:
    row = (*LI_MEI, "2025-01-01")
    other = changed(row, ROSTER, 姓名="赵芳", 身份证号=SISTER)

    (outcome,) = judge(ROSTER, changed(other, ROSTER, **new))

    assert reason(outcome)[0] == code


@pytest.mark.parametrize(
    "new",
    [
        *(
            {"性别": None},
            {"性别": "女性"},
            {"手机号": None},
            {"服务队": None},
            {"楼栋": None, "网格": None},
        ),
        *({"社区": None, "网格": None, "楼栋": None}, {"注册日期": TODAY}),
        # 18 today: of age, and the guardian's columns may stay empty.
        {"身份证号": id_number(date(2008, 11, 22), "女", 3)},
        {
            "身份证号": id_number(date(2015, 1, 1), "女", 3),
            "监护人": "母",
            "监护人电话": 13900000002,
        },
    ],
)
def test_what_the_roster_may_leave_out(
    judge: Callable[..., list[Outcome]], new: dict[str, Any]
) -> None:
    other = changed((*LI_MEI, "2025-01-01"), ROSTER, 姓名="赵芳", 身份证号=SISTER)

    (outcome,) = judge(ROSTER, changed(other, ROSTER, **new))

    assert isinstance(outcome, Taken)
    assert isinstance(outcome.row, VolunteerRow)
    assert outcome.row.sex == "f"


def test_a_refused_row_does_not_stand_in_the_way_of_its_mended_twin(
    judge: Callable[..., list[Outcome]],
) -> None:
    good = changed((*LI_MEI, "2025-01-01"), ROSTER, 姓名="赵芳", 身份证号=SISTER)
    bad = changed(good, ROSTER, 服务队="无此队")

    first, second = judge(ROSTER, bad, good)

    assert isinstance(first, RefusedRow)
    assert isinstance(second, Taken)


def test_the_cure_names_the_community(judge: Callable[..., list[Outcome]]) -> None:
    (outcome,) = judge(TEAMS, ("新队", "庆丰小区", "居委会", None))

    assert isinstance(outcome, RefusedRow)
    assert outcome.cure == "您是不是要写“庆丰社区”？"


def test_of_age_on_the_birthday_itself() -> None:
    assert is_minor(date(2008, 11, 23), TODAY)
    assert not is_minor(date(2008, 11, 22), TODAY)
    assert is_minor(date(2008, 2, 29), date(2026, 2, 28))


def test_raw_cells_are_kept_readable() -> None:
    typed = (datetime(2025, 1, 6), datetime(2025, 1, 6, 8, 30), time(8, 30), timedelta(hours=2))  # noqa: DTZ001

    kept = [cells.plain(raw) for raw in typed]

    assert kept == ["2025-01-06", "2025-01-06T08:30:00", "08:30:00", "120分钟"]
    assert [cells.day(kept[0]), times.clock(kept[2]), times.minutes(kept[3])] == [
        *(date(2025, 1, 6), time(8, 30), 120),
    ]
