"""Headers as people make them: groups over columns, units below, titles above, stars and notes."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.workbooks.test_merged_cells import list_of
from volunteer_service.workbooks.reading.line import Line
from volunteer_service.workbooks.reading.sheets import Workbook

Rows = list[tuple[object, ...]]
ID = "980121198005010226"
LOG_HEADS = ("活动名称", "活动日期", "开始时间", "结束时间", "服务时长", "服务队", "姓名", "手机号")
SERVED = ("晨间护学", "2026-03-05", "7:00", "8:30", 1.5, "和风护学队", "许一", "17000000001")


@pytest.fixture
def lines(tmp_path: Path) -> Callable[..., list[Line]]:
    """The rows of the one list in a sheet, with what is merged in it."""

    def read(rows: Rows, *merged: str) -> list[Line]:
        path = list_of(tmp_path / "list.xlsx", rows, *merged)
        # Here it is what the header says; whether such a list is asked is another test's.
        found = [replace(one, state="taken") for _, one in Workbook(path).sheets]
        book = Workbook(path, readings=found)
        (header,) = book.headers.values()
        return list(book.lines(header.kind))

    return read


def said(line: Line, *fields: str) -> tuple[str, ...]:
    return tuple(line.text(field) for field in fields)


def test_two_rows_with_groups(lines: Callable[..., list[Line]]) -> None:
    (line,) = lines(
        [
            (
                "序号",
                "活动名称",
                "活动日期",
                "活动时间",
                None,
                "服务时长",
                "服务队",
                "志愿者信息",
                None,
            ),
            (None, None, None, "开始时间", "结束时间", "(小时)", None, "姓名", "手机号"),
            (1, *SERVED),
        ],
        *("A1:A2", "B1:B2", "C1:C2", "D1:E1", "G1:G2", "H1:I1"),
    )

    assert said(line, "start", "end", "minutes", "name", "phone") == (
        *("7:00", "8:30", "1.5", "许一", "17000000001"),
    )
    assert (line.row_number, line.header.row_number) == (3, 2)


@pytest.mark.parametrize("is_merged", [True, False])
@pytest.mark.parametrize("order", [("手机", "邮箱"), ("邮箱", "手机"), ("微信", "手机号码")])
def test_contact_over_several_columns(
    lines: Callable[..., list[Line]], is_merged: bool, order: tuple[str, str]
) -> None:
    contact = {"邮箱": "a@example.invalid", "微信": "wx"}
    rows: Rows = [
        ("姓名", "身份证号", "联系方式", None, "注册日期"),
        (None, None, *order, None),
        ("许一", ID, *(contact.get(one, "17000000001") for one in order), "2026-01-05"),
        ("许二", ID, *(contact.get(one, "17000000002") for one in order), "2026-01-05"),
    ]
    merged = ("A1:A2", "B1:B2", "C1:D1", "E1:E2") if is_merged else ()

    assert [said(line, "name", "phone") for line in lines(rows, *merged)] == [
        *(("许一", "17000000001"), ("许二", "17000000002")),
    ]


def test_the_guardian_s_name_is_not_the_child_s(lines: Callable[..., list[Line]]) -> None:
    (line,) = lines(
        [
            ("监护人", None, "志愿者", None, None, None),
            ("姓名", "电话", "姓名", "身份证号", "手机号", "注册日期"),
            ("许大", "17000000009", "许小", ID, "17000000001", "2026-01-05"),
        ],
        *("A1:B1", "C1:F1"),
    )

    assert said(line, "name", "phone", "guardian_name", "guardian_phone") == (
        *("许小", "17000000001", "许大", "17000000009"),
    )


def test_the_phone_of_somebody_else_is_nobody_s(lines: Callable[..., list[Line]]) -> None:
    (line,) = lines(
        [
            ("姓名", "身份证号", "紧急联系人", None, "手机号", "注册日期"),
            (None, None, "姓名", "电话", None, None),
            ("许一", ID, "许大", "17000000009", "17000000001", "2026-01-05"),
        ],
        *("A1:A2", "B1:B2", "C1:D1", "E1:E2", "F1:F2"),
    )

    assert said(line, "name", "phone") == ("许一", "17000000001")


def test_three_rows_under_a_title_and_a_note(lines: Callable[..., list[Line]]) -> None:
    (line,) = lines(
        [
            ("和风街道志愿服务台账", *[None] * 7),
            ("单位：小时", *[None] * 7),
            ("活动", None, "时间", None, "服务时长", "服务队", "参加人", None),
            ("名称", "日期", "起止", None, None, None, None, None),
            ("活动名称", "活动日期", "开始", "结束", "分钟", None, "姓名", "手机号"),
            SERVED,
        ],
        *("A1:H1", "A3:B3", "C3:D3", "C4:D4", "G3:H3", "F3:F5", "E3:E4"),
    )

    assert said(line, "event", "start", "minutes") == ("晨间护学", "7:00", "1.5")
    assert line.header.units == {"minutes": "minutes"}
    assert line.header.title == "和风街道志愿服务台账"


def test_a_title_over_the_header_is_no_group(lines: Callable[..., list[Line]]) -> None:
    rows: Rows = [("和风街道志愿服务台账", *[None] * 7), LOG_HEADS, SERVED]

    (line,) = lines(rows, "A1:H1")

    assert (line.header.cells, line.header.title) == (LOG_HEADS, "和风街道志愿服务台账")


@pytest.mark.parametrize(
    "heads",
    [
        ("*姓名", "身份证号（必填）", "手机号\n码", "注册 日期"),
        ("姓名★", "【必填】身份证号码", "* 联系电话：", "注册日期(年/月/日)"),
        ("姓　名", "身份证号[18位]", "手机号码（11位）", "登记时间"),
        ("姓名/必填", "身份证号-必填", "手机号码※", "1、注册日期"),
        ("姓名", "身份證號", "手機號碼", "註冊日期"),
        ("姓名", "身份證號碼", "聯繫電話", "登記日期"),
        ("姓名", "公民身份號碼", "移動電話", "註冊時間"),
    ],
)
def test_headers_with_stars_units_and_in_traditional_characters(
    lines: Callable[..., list[Line]], heads: tuple[str, ...]
) -> None:
    (line,) = lines([heads, ("许一", ID, "17000000001", "2026-01-05")])

    assert said(line, "name", "id_number", "phone", "registered_on") == (
        *("许一", ID, "17000000001", "2026-01-05"),
    )


@pytest.mark.parametrize(
    "heads",
    [
        (
            "活動名稱",
            "活動日期",
            "開始時間",
            "結束時間",
            "服務時長（分鐘）",
            "服務隊",
            "姓名",
            "手機號",
        ),
        (
            "服務活動",
            "開展日期",
            "起始時間",
            "終止時間",
            "服務時長/分鐘",
            "隊伍名稱",
            "志願者",
            "手機",
        ),
        ("活动主题", "日期", "开始", "结束", "时长(min)", "团队", "参加人", "电话"),
        ("活动主题", "日期", "开始", "结束", "时长（分）", "团队", "参加人", "电话"),
    ],
)
def test_minutes_are_told_by_the_header(
    lines: Callable[..., list[Line]], heads: tuple[str, ...]
) -> None:
    (line,) = lines([heads, SERVED])

    assert line.header.units == {"minutes": "minutes"}


def test_notes_beside_and_totals_below_are_no_people(lines: Callable[..., list[Line]]) -> None:
    people = lines(
        [
            ("序号", "姓名", "身份证号", "手机号", "注册日期", None, "填写说明"),
            (1, "许一", ID, "17000000001", "2026-01-05", None, "请如实填写"),
            (2, "许二", ID, "17000000002", "2026-01-05", None, None),
            (3, None, None, None, None, None, "不要改表头"),
            ("小计", None, 2, None, None, None, None),
            (4, "许三", ID, "17000000003", "2026-01-05", None, None),
            (None, "合计", 3, 3, 3, None, None),
            ("总计：3人", None, None, None, None, None, None),
            (None, "共计 3 人", None, None, None, None, None),
            ("填表人：许一", None, "审核人：许二", None, None, None, None),
        ]
    )

    assert [said(line, "name") for line in people] == [("许一",), ("许二",), ("许三",)]


def test_a_header_that_comes_again_is_no_row(lines: Callable[..., list[Line]]) -> None:
    upper = ("姓名", "身份证号", "联系方式", None, "注册日期")
    lower = (None, None, "手机", "邮箱", None)
    person = ("许一", ID, "17000000001", None, "2026-01-05")

    assert len(lines([upper, lower, person, upper, lower, person])) == 2
