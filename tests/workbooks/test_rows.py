"""One row a case: what is taken, and why the rest is not."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook as Book

from tests.workbooks.street import TODAY, id_number
from volunteer_service.workbooks import cells, service_log
from volunteer_service.workbooks.known import NothingYet
from volunteer_service.workbooks.programme import Programme
from volunteer_service.workbooks.rows import RefusedRow, ServiceRow, Taken, VolunteerRow
from volunteer_service.workbooks.volunteers import is_minor

Outcome = Taken | RefusedRow
ADULT = id_number(date(1980, 5, 1), "女", 11)
SISTER = id_number(date(1982, 5, 1), "女", 12)
AREAS = ("社区", "网格", "楼栋")
TEAMS = ("队名", "所属社区", "记录单位", "成立日期")
ROSTER = (
    *("姓名", "身份证号", "手机号", "性别", "社区", "网格", "楼栋", "服务队"),
    *("监护人", "监护人电话", "注册日期"),
)
LOG = (
    *("活动名称", "活动日期", "开始时间", "结束时间", "服务内容", "服务时长", "服务队"),
    *("志愿者姓名", "手机号", "记录方式"),
)
GIFTS = ("礼品名称", "所需积分", "库存数量", "最低星级")
LI_MEI = ("李梅", ADULT, 13900000001, "女", "庆丰社区", "一网格", "1号楼", "护学队", None, None)
SERVED = (
    "护学",
    "2026-03-01",
    "8:00",
    "9:30",
    "护学",
    1.5,
    "护学队",
    "李梅",
    "13900000001",
    "扫码签到",
)


@pytest.fixture
def judge(tmp_path: Path) -> Callable[..., list[Outcome]]:
    """Judge some rows of one kind, on the ground of one area, one team and 李梅."""

    def run(header: tuple[str, ...], *rows: tuple[Any, ...]) -> list[Outcome]:
        ground: dict[tuple[str, ...], list[tuple[Any, ...]]] = {
            AREAS: [("庆丰社区", "一网格", "1号楼")],
            TEAMS: [("护学队", "庆丰社区", "居委会", None)],
            ROSTER: [(*LI_MEI, "2025-01-01")],
        }
        kept = {**ground, header: ground.get(header, []) + list(rows)}
        book = Book()
        for number, (heads, lines) in enumerate(kept.items()):
            page = book.create_sheet(f"表{number}")
            for line in (heads, *lines):
                page.append(line)
        book.save(tmp_path / "all.xlsx")
        outcomes = list(Programme([tmp_path / "all.xlsx"], NothingYet(), str, TODAY))
        name = f"表{list(kept).index(header)}"
        return [one for one in outcomes if one.sheet == name][len(ground.get(header, [])) :]

    return run


def reason(outcome: Outcome) -> tuple[str, str | None]:
    assert isinstance(outcome, RefusedRow), outcome
    return outcome.reason_code, outcome.field


def changed(row: tuple[Any, ...], heads: tuple[str, ...], **new: Any) -> tuple[Any, ...]:
    return tuple(new.get(head, cell) for head, cell in zip(heads, row, strict=True))


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
    bad = changed(good, ROSTER, 服务队="没有")

    first, second = judge(ROSTER, bad, good)

    assert isinstance(first, RefusedRow)
    assert isinstance(second, Taken)


def test_the_cure_names_the_community(judge: Callable[..., list[Outcome]]) -> None:
    (outcome,) = judge(TEAMS, ("新队", "庆丰小区", "居委会", None))

    assert isinstance(outcome, RefusedRow)
    assert outcome.cure == "您是不是要写“庆丰社区”？"


@pytest.mark.parametrize(
    ("new", "code", "cure"),
    [
        ({"志愿者姓名": "李海"}, "unknown_volunteer", "花名册中有这个手机号"),
        ({"手机号": "13900000009"}, "unknown_volunteer", "花名册中有同名志愿者"),
        ({"志愿者姓名": "王五", "手机号": None}, "unknown_volunteer", "请先把"),
        ({"结束时间": "7:00"}, "impossible_time", "早于"),
        ({"结束时间": "8:00"}, "hours_exceed_event", "0 分钟"),
        ({"服务时长": 0}, "hours_not_positive", "核对"),
        ({"服务内容": "周一工作例会"}, "not_volunteer_service", "不计入"),
        ({"活动日期": "2026-11-23"}, "date_in_the_future", "2026-11-22"),
        ({"服务时长": None}, "unreadable_hours", "1.5"),
        ({"服务队": "护学对"}, "unknown_team", None),
    ],
)
def test_the_log(
    judge: Callable[..., list[Outcome]], new: dict[str, Any], code: str, cure: str | None
) -> None:
    (outcome,) = judge(LOG, changed(SERVED, LOG, **new))

    assert isinstance(outcome, RefusedRow)
    assert outcome.reason_code == code
    assert cure is None or cure in (outcome.cure or "")


def test_of_two_people_whom_nothing_tells_apart_neither_is_guessed(
    judge: Callable[..., list[Outcome]], tmp_path: Path
) -> None:
    judge(ROSTER, changed((*LI_MEI, "2025-01-01"), ROSTER, 身份证号=SISTER))
    book = Book()
    page = book.create_sheet("记录")
    page.append(LOG)
    page.append(SERVED)
    book.save(tmp_path / "log.xlsx")

    paths = [tmp_path / "all.xlsx", tmp_path / "log.xlsx"]
    *_, last = Programme(paths, NothingYet(), str, TODAY)

    assert reason(last) == ("ambiguous_volunteer", "name")


def test_a_night_watch_ends_the_next_morning(judge: Callable[..., list[Outcome]]) -> None:
    night = changed(SERVED, LOG, 开始时间="22:00", 结束时间="0:30", 服务时长="2.5小时")
    late = changed(SERVED, LOG, 活动日期="2026-03-02", 开始时间="0:15", 结束时间="1:15", 服务时长=1)

    first, second = judge(LOG, night, late)

    assert isinstance(first, Taken)
    assert isinstance(first.row, ServiceRow)
    assert first.row.end == datetime(2026, 3, 2, 0, 30)  # noqa: DTZ001  wall-clock, as typed
    assert reason(second) == ("overlaps_another_record", "start")


def test_services_that_touch_do_not_overlap(judge: Callable[..., list[Outcome]]) -> None:
    after = changed(SERVED, LOG, 活动名称="助老", 开始时间="9:30", 结束时间="11:00")

    assert all(isinstance(outcome, Taken) for outcome in judge(LOG, SERVED, after))


def test_the_second_of_two_overlapping_is_refused_and_blocks_nothing(
    judge: Callable[..., list[Outcome]],
) -> None:
    second = changed(SERVED, LOG, 活动名称="助老", 开始时间="9:00", 结束时间="11:00")
    third = changed(SERVED, LOG, 活动名称="巡逻", 开始时间="10:00", 结束时间="11:30")

    outcomes = judge(LOG, SERVED, second, third)

    assert [type(outcome) for outcome in outcomes] == [Taken, RefusedRow, Taken]


@pytest.mark.parametrize(
    ("method", "grade"),
    [
        *(("扫码签到", "scanned"), ("队长确认", "leader"), ("纸质补录", "backfilled")),
        *(("微信接龙", "imported"), ("", "imported"), ("队长补录", "backfilled")),
    ],
)
def test_the_grade_of_evidence(method: str, grade: str) -> None:
    assert service_log.grade_of(method) == grade


@pytest.mark.parametrize(
    "content", ["会议引导服务", "志愿服务会议保障服务", "文明劝导", "协助工作人员维持秩序"]
)
def test_helping_at_a_meeting_is_service(judge: Callable[..., list[Outcome]], content: str) -> None:
    (outcome,) = judge(LOG, changed(SERVED, LOG, 服务内容=content))

    assert isinstance(outcome, Taken)


def test_of_age_on_the_birthday_itself() -> None:
    assert is_minor(date(2008, 11, 23), TODAY)
    assert not is_minor(date(2008, 11, 22), TODAY)
    assert is_minor(date(2008, 2, 29), date(2026, 2, 28))


def test_raw_cells_are_kept_readable() -> None:
    typed = (datetime(2025, 1, 6), datetime(2025, 1, 6, 8, 30), time(8, 30), timedelta(hours=2))  # noqa: DTZ001

    kept = [cells.plain(raw) for raw in typed]

    assert kept == ["2025-01-06", "2025-01-06T08:30:00", "08:30:00", "120分钟"]
    assert [cells.day(kept[0]), cells.clock(kept[2]), cells.minutes(kept[3])] == [
        *(date(2025, 1, 6), time(8, 30), 120),
    ]
