"""Sheets and cells of further kinds are read, or told with the cure; see ``test_odd_files``."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from tests.workbooks import town
from tests.workbooks.test_odd_files import (
    AREAS,
    CARDS,
    LOG,
    PEOPLE,
    SERVED,
    STREET,
    WHO,
    ZONE,
    add,
    counts,
    logged,
    previewed,
    refused,
    with_street,
)
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db
from volunteer_service.people.models import Volunteer
from volunteer_service.workbooks import applying
from volunteer_service.workbooks.asked_sheets import import_sheets
from volunteer_service.workbooks.models import Import

Fill = Callable[[Workbook], None]


FORM = [
    ("志愿者登记表",),
    ("姓名", "许一", "性别", "男"),
    ("身份证号", CARDS[0], "手机号", "17000000000"),
]
SHAPES = {
    "days_across": [("姓名", "手机号", "3月5日", "3月12日"), ("许一", "17000000000", "√", "√")],
    "months": [("姓名", "手机号", "1月", "2月"), ("许一", "17000000000", 2, 1.5)],
    "real_days": [("姓名", "手机号", date(2026, 3, 5), date(2026, 3, 12)), ("许一", "17", 2, 1)],
    "side_by_side": [(*PEOPLE[:3], None, *PEOPLE[:3]), (*WHO[0][:3], None, *WHO[1][:3])],
    "one_form_each": FORM,
    "not_parted": [("姓名  身份证号  手机号",), ("许一  980111195003050105  17000000000",)],
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_sheet_of_another_shape_says_how_it_becomes_a_list(
    session: None, tmp_path: Path, shape: str
) -> None:
    def fill(book: Workbook) -> None:
        with_street(book)
        add(book, "另表", *SHAPES[shape])

    row = previewed(tmp_path / "a.xlsx", fill)

    (sheet,) = [one for one in import_sheets.sheets(row.files) if one.name == "另表"]
    told = "days_across" if shape in ("months", "real_days") else shape
    assert (sheet.reading.state, sheet.told()["shape"]) == ("unknown", told)
    assert sheet.waiting > 0


def test_hidden_columns_are_read_and_named(session: None, tmp_path: Path) -> None:
    def fill(book: Workbook) -> None:
        with_street(book, people=False)
        page = add(book, "花名册", PEOPLE, *WHO)
        page.column_dimensions["F"].hidden = page.column_dimensions["H"].hidden = True

    row = previewed(tmp_path / "a.xlsx", fill)

    (sheet,) = [one for one in import_sheets.sheets(row.files) if one.name == "花名册"]
    assert (sheet.taken, sheet.told()["hidden_columns"]) == (6, ["服务队"])


def people(*rows: Any) -> Fill:
    def fill(book: Workbook) -> None:
        with_street(book, people=False)
        add(book, "花名册", *rows)

    return fill


def test_what_a_printed_list_repeats_on_each_page_is_no_row(session: None, tmp_path: Path) -> None:
    title, page = ("志愿者花名册",), ("第1页 共2页",)
    total, sums = ("和风社区小计", "2人"), (None, None, None, None, None, "护学队 汇总")
    row = previewed(
        tmp_path / "a.xlsx",
        people(title, PEOPLE, *WHO[:2], total, sums, page, title, PEOPLE, *WHO[2:4]),
    )

    assert (refused(row), counts(row, "volunteers")) == ([], (4, 0))


def with_person(**changes: Any) -> Fill:
    return people(PEOPLE, [changes.get(h, raw) for h, raw in zip(PEOPLE, WHO[0], strict=True)])


@pytest.mark.parametrize(
    ("changes", "registered"),
    [
        ({"注册日期": "5-Jan-2026"}, date(2026, 1, 5)),
        ({"注册日期": "Jan 5, 2026"}, date(2026, 1, 5)),
        ({"注册日期": "2026、1、5"}, date(2026, 1, 5)),
        ({"注册日期": "２０２６－０１－０５"}, date(2026, 1, 5)),
        ({"手机号": "17000000000.0"}, date(2026, 1, 5)),
        ({"手机号": "170‑0000—0000"}, date(2026, 1, 5)),
        ({"身份证号": f"‘{CARDS[0]}"}, date(2026, 1, 5)),
        ({"手机号": "无", "服务队": "/", "社区": "-"}, date(2026, 1, 5)),
        ({"姓名": "许\n一"}, date(2026, 1, 5)),
    ],
)
def test_a_row_of_a_roster_is_read(
    session: None, tmp_path: Path, changes: dict[str, Any], registered: date
) -> None:
    row = previewed(tmp_path / "a.xlsx", with_person(**changes))
    assert refused(row) == []

    applying.apply(row.id, by=town.SYSTEM, at=town.NOON)

    person = db.session.scalars(select(Volunteer)).one()
    assert (person.name, person.registered_on) == ("许一", registered)


@pytest.mark.parametrize(
    ("changes", "reason", "cure"),
    [
        ({"注册日期": "05/03/2026"}, "impossible_date", "年份写在前面"),
        ({"注册日期": "2026年3月"}, "impossible_date", "写全年、月、日"),
        ({"注册日期": "6日"}, "impossible_date", "写全年、月、日"),
        ({"手机号": "1.38E+10"}, "bad_phone", "数字太长"),
        ({"手机号": "170****0000"}, "bad_phone", "星号"),
        ({"手机号": "17000000000/17000000001"}, "bad_phone", "只写一个"),
        ({"身份证号": "980111********0105"}, "id_malformed", "星号"),
        ({"身份证号": "980111500305010"}, "id_malformed", "15 位"),
        ({"身份证号": 9.8011119500305e17}, "id_lost_digits", "文本"),
        ({"服务队": "同上"}, "unreadable_cell", "向下填充"),
        ({"社区": "〃"}, "unreadable_cell", "向下填充"),
        ({"姓名": "许一\n许二"}, "several_people", "每人写一行"),
        ({"姓名": "许一等5人"}, "several_people", "每人写一行"),
        ({"姓名": "许一17000000000"}, "more_than_a_name", "只写姓名"),
        ({"姓名": "1、许一"}, "more_than_a_name", "只写姓名"),
        ({"身份证号": "NULL"}, "id_missing", "补上"),
        ({"身份证号": "暂无"}, "id_missing", "补上"),
    ],
)
def test_a_row_of_a_roster_says_what_to_do(
    session: None, tmp_path: Path, changes: dict[str, Any], reason: str, cure: str
) -> None:
    ((found, said),) = refused(previewed(tmp_path / "a.xlsx", with_person(**changes)))

    assert found == reason
    assert cure in said


@pytest.mark.parametrize("end", ["次日2:00", "第二天凌晨2点", "翌日02:00"])
def test_an_end_on_the_next_day(session: None, tmp_path: Path, end: str) -> None:
    changes = {"开始时间": "22:00", "结束时间": end, "服务时长": 4}
    row = previewed(tmp_path / "a.xlsx", logged(changes))
    assert refused(row) == []

    applying.apply(row.id, by=town.SYSTEM, at=town.NOON)

    record = db.session.scalars(select(ServiceRecord)).one()
    assert record.ends_at - record.starts_at == timedelta(hours=4)


@pytest.mark.parametrize(
    ("changes", "reason", "cure"),
    [
        ({"结束时间": "26:00"}, "impossible_time", "次日 02:00"),
        ({"结束时间": timedelta(hours=26)}, "impossible_time", "次日 02:00"),
        ({"结束时间": "次日10:00"}, "impossible_time", "24 小时"),
        ({"手机号": "170****0000"}, "unknown_volunteer", "星号"),
    ],
)
def test_a_row_of_a_log_says_what_to_do(
    session: None, tmp_path: Path, changes: dict[str, Any], reason: str, cure: str
) -> None:
    ((found, said),) = refused(previewed(tmp_path / "a.xlsx", logged(changes)))

    assert found == reason
    assert cure in said


def test_several_buildings_in_one_cell_are_never_one(session: None, tmp_path: Path) -> None:
    path = ("和风社区", "一网格")
    rows = [(*path, "1-3号楼"), (*path, "4、5、6号楼"), (*path, "7至9号楼"), (*path, "10号楼")]

    row = previewed(tmp_path / "a.xlsx", lambda book: add(book, "楼栋", AREAS, *rows))

    assert refused(row) == [("several_buildings", "每栋楼写一行。")] * 2


def of_text(path: Path, words: str, coding: str = "utf-8") -> Import:
    path.write_bytes(words.encode(coding))
    return town.previewed([path], sub_district=STREET)


@pytest.mark.parametrize(
    ("begin", "behind"),
    [("\ufeff\ufeff", ""), ("", "\t"), ("", ",,,"), ("", "\r\n")],
    ids=["two marks", "a tab behind each cell", "commas at the end", "empty lines"],
)
def test_text_as_platforms_write_it(session: None, tmp_path: Path, begin: str, behind: str) -> None:
    rows = [PEOPLE[:4], *(one[:4] for one in WHO)]
    cell, line = (behind, "") if behind == "\t" else ("", behind)
    words = begin + "".join(",".join(raw + cell for raw in row) + line + "\r\n" for row in rows)

    row = of_text(tmp_path / "名单.csv", words)

    assert (refused(row), counts(row, "volunteers")) == ([], (6, 0))


def test_headers_of_other_words(session: None, tmp_path: Path) -> None:
    heads = ("志愿者名字", "证件号", "联系方式", "入队时间", "所在社区", "所属队伍")
    row = previewed(tmp_path / "a.xlsx", people(heads, *WHO))
    assert counts(row, "volunteers") == (6, 0)

    other = ("姓名", "身分證號", "手機號碼", "註冊日期", "社區", "服務隊")
    row = previewed(tmp_path / "b.xlsx", people(other, *WHO))
    assert counts(row, "volunteers") == (6, 0)


def test_a_total_of_a_part_in_the_midst_of_a_log(session: None, tmp_path: Path) -> None:
    def fill(book: Workbook) -> None:
        with_street(book)
        total = ("护学队小计", None, None, None, 2)
        add(book, "记录", LOG, SERVED, total, ("扫雪", "2026-03-06", *SERVED[2:]))

    row = previewed(tmp_path / "a.xlsx", fill)

    assert (refused(row), counts(row, "service_log")) == ([], (2, 0))


def test_no_star_in_words_is_no_star(session: None, tmp_path: Path) -> None:
    def fill(book: Workbook) -> None:
        with_street(book)
        heads = ("礼品名称", "所需积分", "库存数量", "最低星级")
        add(book, "礼品", heads, ("油", 10, 3, "无"), ("盐", 5, 3, "不限"), ("糖", 5, 3, "—"))

    assert counts(previewed(tmp_path / "a.xlsx", fill), "gifts") == (3, 0)


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        ("20260305 083000", "20260305 103000"),
        ("202603050830", "202603051030"),
        (20260305083000, 20260305103000),
        ("20260305T0830", "20260305T1030"),
    ],
)
def test_day_and_time_in_figures_alone(session: None, tmp_path: Path, begin: Any, end: Any) -> None:
    changes = {"日期": begin, "开始时间": begin, "结束时间": end}
    row = previewed(tmp_path / "a.xlsx", logged(changes))
    assert refused(row) == []

    applying.apply(row.id, by=town.SYSTEM, at=town.NOON)

    record = db.session.scalars(select(ServiceRecord)).one()
    assert f"{record.starts_at.astimezone(ZONE):%Y-%m-%d %H:%M}" == "2026-03-05 08:30"
    assert record.minutes == 120


def test_the_columns_that_come_back_with_refused_rows_are_not_told(
    session: None, tmp_path: Path
) -> None:
    ours = ("退回原因", "建议", "原因代码", "原行号")
    rows = [(*one, "x", "x", "x", 2) for one in WHO]
    row = previewed(tmp_path / "a.xlsx", people((*PEOPLE, *ours, "别的"), *rows))

    (sheet,) = [one for one in import_sheets.sheets(row.files) if one.name == "花名册"]
    assert (sheet.taken, sheet.reading.unused) == (6, ["别的"])


CAME = ("活动名称", "服务队", "姓名", "手机号", "签到时间", "签退时间", "服务时长")
CAME_ROW = ("清洁", "护学队", "许一", "17000000000")


@pytest.mark.parametrize(
    ("heads", "row"),
    [
        (CAME, (*CAME_ROW, "2026-03-05 08:00", "2026-03-05 10:00", 2)),
        (
            (*CAME[:4], "日期", "上班1打卡时间", "下班1打卡时间", CAME[6]),
            (*CAME_ROW, "2026-03-05", "08:00", "10:00", 2),
        ),
        (
            (*CAME[:4], "日期", "签到时间", "签退时间", "开始时间", "结束时间", CAME[6]),
            (*CAME_ROW, "2026-03-05", "07:51", "10:12", "08:00", "10:00", 2),
        ),
        (
            (*CAME[:4], "日期", "签到", "活动时间", CAME[6]),
            (*CAME_ROW, "2026-03-05", "√", "08:00-10:00", 2),
        ),
    ],
)
def test_when_somebody_came_and_went_is_begin_and_end_unless_these_are_there(
    session: None, tmp_path: Path, heads: tuple[str, ...], row: tuple[Any, ...]
) -> None:
    def fill(book: Workbook) -> None:
        with_street(book)
        add(book, "签到表", heads, row)

    found = previewed(tmp_path / "a.xlsx", fill)

    (sheet,) = [one for one in import_sheets.sheets(found.files) if one.name == "签到表"]
    assert (sheet.reading.state, sheet.taken, refused(found)) == ("taken", 1, [])
    applying.apply(found.id, by=town.SYSTEM, at=town.NOON)
    record = db.session.scalars(select(ServiceRecord)).one()
    start = record.starts_at.astimezone(ZONE)
    assert (f"{start:%H:%M}", record.minutes) == ("08:00", 120)
