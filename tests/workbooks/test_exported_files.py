"""Files exported by questionnaires, attendance machines and other programs are read, or the refusal
says why.
"""

import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from tests.workbooks import town
from tests.workbooks.test_odd_files import (
    LOG,
    PEOPLE,
    SERVED,
    STREET,
    WHO,
    add,
    counts,
    previewed,
    refused,
    with_street,
)
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db
from volunteer_service.errors import Refused
from volunteer_service.workbooks import applying
from volunteer_service.workbooks.asked_sheets import import_sheets
from volunteer_service.workbooks.models import Import

#: A roster without the day of registration and the team, as three forms ask for it.
ASKED = {
    "questionnaire": (
        *("1、您的姓名：", "2、您的身份证号码：", "3、请填写您的手机号码", "4、您所在的社区？"),
    ),
    "form": ("Q1_姓名", "Q2_身份证号", "Q3_手机号", "Q4_社区"),
    "numbered": ("01 姓名", "02 身份证号", "03 手机号", "04 社区"),
    "required": ("姓名（必填）", "身份证号（必填）", "手机号（必填）", "所在社区（必填）"),
}
SHAPES = {
    "relay": [("#接龙",), ("护学志愿服务报名",), ("1. 许一 17000000000",)],
    "pivot": [("行标签", "求和项:服务时长"), ("许一", 2), ("总计", 2)],
    "garbled": [("濮撳悕", "鎵嬫満鍙�"), ("璁镐竴", "17000000000")],
    "no_header": [WHO[0], WHO[1]],
    "days_across": [
        ("打卡时间表",),
        ("姓名", "部门", "1", "2", "3", "4", "5"),
        ("许一", "护学队", "08:00\n10:00", None, "08:00  \n10:00"),
    ],
}
CLOCKED = [
    ("工号：", 1, "姓名：", "许一", "部门：护学队"),
    ("08:01\n10:02", None, "08:00\n10:00"),
]


def only(row: Import, name: str) -> import_sheets.Sheet:
    (found,) = [one for one in import_sheets.sheets(row.files) if one.name == name]
    return found


def roster(tmp_path: Path, *rows: Any, heads: Any = PEOPLE) -> Import:
    def fill(book: Workbook) -> None:
        with_street(book, people=False)
        add(book, "花名册", heads, *rows)

    return previewed(tmp_path / "a.xlsx", fill)


def log(tmp_path: Path, *rows: Any, heads: Any = LOG) -> Import:
    def fill(book: Workbook) -> None:
        with_street(book)
        add(book, "记录", *rows if heads is None else (heads, *rows))

    return previewed(tmp_path / "a.xlsx", fill)


def record(**changed: Any) -> list[Any]:
    return [changed.get(head, cell) for head, cell in zip(LOG, SERVED, strict=True)]


@pytest.mark.parametrize("form", ASKED)
def test_what_a_form_asks_for_is_known_and_what_lacks_is_asked(
    session: None, tmp_path: Path, form: str
) -> None:
    rows = [("2026/1/5 8:00:00", *who[:3], who[4]) for who in WHO]
    row = roster(tmp_path, *rows, heads=("提交时间", *ASKED[form]))

    sheet = only(row, "花名册")
    assert (sheet.reading.state, sheet.reading.kind) == ("unknown", "volunteers")
    assert sheet.reading.missing == ("注册日期",)
    assert sheet.told()["unused"] == ["提交时间"]


@pytest.mark.parametrize(
    "heads",
    [
        ("姓名/Name", "身份证号 ID Card", "手机号(Mobile)", "注册日期 Date", "社区", "Team 服务队"),
        ("★姓名", "*身份证号", "手机号 *", "【注册日期】", "社区：", "[服务队]"),
    ],
)
def test_a_header_in_two_languages_or_in_brackets(
    session: None, tmp_path: Path, heads: tuple[str, ...]
) -> None:
    row = roster(tmp_path, *WHO, heads=heads)

    assert counts(row, "volunteers") == (6, 0)
    assert set(only(row, "花名册").reading.columns) >= {"team", "community", "registered_on"}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_sheet_that_is_no_list_says_which_it_is(
    session: None, tmp_path: Path, shape: str
) -> None:
    def fill(book: Workbook) -> None:
        with_street(book)
        add(book, "另表", *SHAPES[shape])

    sheet = only(previewed(tmp_path / "a.xlsx", fill), "另表")

    assert (sheet.reading.state, sheet.told()["shape"]) == ("unknown", shape)


def test_an_attendance_machine_s_clocks_are_no_form_of_a_person(
    session: None, tmp_path: Path
) -> None:
    def fill(book: Workbook) -> None:
        with_street(book)
        add(book, "考勤", *CLOCKED)
        heads = ("姓名", "考勤组", "部门", "日期", "班次", "上班1打卡时间", "下班1打卡时间")
        add(book, "每日统计", heads, ("许一", "甲", "护学队", "2026-03-05", "A", "08:00", "10:00"))

    row = previewed(tmp_path / "a.xlsx", fill)

    assert only(row, "考勤").told()["shape"] == "days_across"
    daily = only(row, "每日统计")
    assert (daily.reading.kind, daily.told()["shape"]) == ("service_log", None)


def test_rows_above_the_header_come_back(session: None, tmp_path: Path) -> None:
    def fill(book: Workbook) -> None:
        with_street(book, people=False)
        title = ("和风社区花名册",), ("单位：居委会", "填表日期：2026-01-05")
        add(book, "花名册", *title, *WHO[:2], PEOPLE, *WHO[2:])

    row = previewed(tmp_path / "a.xlsx", fill)

    assert counts(row, "volunteers") == (4, 2)
    assert {reason for reason, _cure in refused(row)} == {"above_header"}


def test_notes_and_figures_above_the_header_are_no_rows(session: None, tmp_path: Path) -> None:
    def fill(book: Workbook) -> None:
        with_street(book, people=False)
        notes = ("单位：居委会", "人数：24", "填表日期：2026-01-05", "电话：17000000000")
        add(book, "花名册", notes, ("总数", 24, "男", 10, "女", 14), PEOPLE, *WHO)

    assert counts(previewed(tmp_path / "a.xlsx", fill), "volunteers") == (6, 0)


@pytest.mark.parametrize("is_merged", [False, True])
def test_a_caption_that_names_the_team_comes_back(
    session: None, tmp_path: Path, is_merged: bool
) -> None:
    def fill(book: Workbook) -> None:
        with_street(book, people=False)
        heads = PEOPLE[:5]
        page = add(book, "花名册", heads, ("一、护学队（2人）",), *[who[:5] for who in WHO[:2]])
        if is_merged:
            page.merge_cells("A2:E2")

    row = previewed(tmp_path / "a.xlsx", fill)

    ((reason, cure),) = refused(row)
    assert (reason, "服务队" in cure) == ("caption", True)
    assert counts(row, "volunteers") == (2, 1)


def test_a_second_team_alone_in_its_row_is_no_caption(session: None, tmp_path: Path) -> None:
    def fill(book: Workbook) -> None:
        with_street(book, people=False)
        page = add(book, "花名册", PEOPLE, WHO[0], (*(None,) * 5, "助老队"))
        for letter in "ABCDE":
            page.merge_cells(f"{letter}2:{letter}3")

    assert counts(previewed(tmp_path / "a.xlsx", fill), "volunteers") == (2, 0)


@pytest.mark.parametrize(
    ("head", "hours", "end", "minutes"),
    [
        ("服务时长（分钟）", 120, "10:00", 120),
        ("服务时长/分", "120", "10:00", 120),
        ("服务时长\n单位：小时", "2.0", "10:00", 120),
        ("服务时长，单位：分钟", 90, "10:00", 90),
        ("服务时长(天)", 0.25, "10:00", 120),
        ("服务时长（单位：天）", 1, "16:00", 480),
        ("服务时长(天)", "2小时", "10:00", 120),
    ],
)
def test_the_unit_over_a_column_counts(
    session: None, tmp_path: Path, head: str, hours: Any, end: str, minutes: int
) -> None:
    heads = [head if one == "服务时长" else one for one in LOG]
    row = log(tmp_path, record(服务时长=hours, 结束时间=end), heads=heads)

    assert counts(row, "service_log") == (1, 0)
    applying.apply(row.id, by=town.SYSTEM, at=town.NOON)
    assert db.session.scalars(select(ServiceRecord.minutes)).all() == [minutes]


def test_the_unit_over_a_list_and_in_a_row_of_its_own(session: None, tmp_path: Path) -> None:
    units = (None, "年-月-日", "时:分", "时:分", "小时", None, None, None)
    above = [("服务记录表", None, None, None, None, "单位：分钟")]
    row = log(tmp_path, *above, LOG, record(服务时长=120), heads=None)
    assert counts(row, "service_log") == (1, 0)

    assert counts(log(tmp_path, units, record()), "service_log") == (1, 0)


@pytest.mark.parametrize(
    "day", ["2026-03-05 (四)", "2026-03-05T08:00:00+08:00", "2026.3.5（周四）"]
)
def test_a_day_as_platforms_write_it(session: None, tmp_path: Path, day: str) -> None:
    assert counts(log(tmp_path, record(日期=day)), "service_log") == (1, 0)


@pytest.mark.parametrize("days", ["2026.3.5-3.7", "3.5-3.7", "3月5日-7日"])
def test_several_days_in_a_cell_are_told(session: None, tmp_path: Path, days: str) -> None:
    ((reason, cure),) = refused(log(tmp_path, record(日期=days)))

    assert (reason, cure[:6]) == ("impossible_date", "一行只写一天")


def test_a_cell_of_spaces_far_away_is_none(session: None, tmp_path: Path) -> None:
    def fill(book: Workbook) -> None:
        with_street(book, people=False)
        add(book, "花名册", PEOPLE, *WHO)["CZ9"] = " "

    assert counts(previewed(tmp_path / "a.xlsx", fill), "volunteers") == (6, 0)


def _renamed(name: str, content: bytes) -> tuple[str, bytes]:
    if name.endswith((".rels", "Types].xml")):
        content = content.replace(b"xl/workbook.xml", b"xl/book2.xml")
    return re.sub(r"workbook\.xml", "book2.xml", name), content


def _as_excel_shares(name: str, content: bytes) -> tuple[str, bytes]:
    return name.replace("sharedStrings", "SharedStrings"), content


@pytest.mark.parametrize("change", [_renamed, _as_excel_shares])
def test_a_workbook_whose_parts_have_other_names(
    session: None, tmp_path: Path, change: Callable[[str, bytes], tuple[str, bytes]]
) -> None:
    book, path = Workbook(), tmp_path / "a.xlsx"
    book.remove(book.worksheets[0])
    with_street(book)
    book.save(path)
    with zipfile.ZipFile(path) as archive:
        parts = [change(name, archive.read(name)) for name in archive.namelist()]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts:
            archive.writestr(name, content)

    assert counts(town.previewed([path], sub_district=STREET), "volunteers") == (6, 0)


@pytest.mark.parametrize("coding", ["utf-32", "utf-16"])
def test_text_of_wide_characters(session: None, tmp_path: Path, coding: str) -> None:
    path = tmp_path / "花名册.csv"
    rows = [PEOPLE[:4], *[who[:4] for who in WHO]]
    path.write_bytes("\r\n".join(",".join(row) for row in rows).encode(coding))

    assert counts(town.previewed([path], sub_district=STREET), "volunteers") == (6, 0)


def _cut_off(path: Path) -> None:
    book = Workbook()
    book.save(path)
    path.write_bytes(path.read_bytes()[:-300])


def _mixed(path: Path) -> None:
    path.write_bytes(",".join(PEOPLE).encode("gb18030") + b"\n" + ",".join(WHO[0]).encode())


@pytest.mark.parametrize(
    ("name", "write", "cure"),
    [
        ("名单.xlsx", Path.touch, "空文件"),
        ("名单.xlsx", _cut_off, "不完整"),
        ("~$名单.xlsx", lambda path: path.write_bytes(b"\x05admin" + bytes(159)), "临时文件"),
        ("名单.csv", _mixed, "编码"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    session: None, tmp_path: Path, name: str, write: Callable[[Path], Any], cure: str
) -> None:
    path = tmp_path / name
    write(path)

    with pytest.raises(Refused) as refusal:
        town.previewed([path], sub_district=STREET)

    assert cure in str(refusal.value)


def test_a_length_that_is_a_span_of_days_is_none_of_a_unit(session: None, tmp_path: Path) -> None:
    heads = ["服务时长(天)" if one == "服务时长" else one for one in LOG]
    row = log(tmp_path, record(服务时长=timedelta(hours=2)), heads=heads)

    assert counts(row, "service_log") == (1, 0)
