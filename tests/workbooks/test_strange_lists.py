"""Lists as streets really keep them: every way of typing that must not cost anybody a row."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.workbooks.street_cells import TODAY, id_number
from volunteer_service.scoring.rules.policy import STANDING
from volunteer_service.workbooks.judging.hand_in import HandIn
from volunteer_service.workbooks.judging.known import NothingYet
from volunteer_service.workbooks.judging.taken_or_refused import (
    WORDS,
    RefusedRow,
    Row,
    ServiceRow,
    Taken,
    VolunteerRow,
)
from volunteer_service.workbooks.reading import cells, times

LI_MEI = id_number(date(1980, 5, 1), "女", 11)
#: A number that ends in X.
WITH_X = next(
    number
    for serial in range(99)
    if (number := id_number(date(1970, 3, 5), "男", serial)).endswith("X")
)
ON = date(2026, 3, 5)
WIDE = str.maketrans("0123456789X.:-", "０１２３４５６７８９Ｘ．：－")


class Lists:
    """A workbook that grows by one sheet at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = Workbook()
        page = self.book.active
        assert isinstance(page, Worksheet)
        self.book.remove(page)

    def add(self, title: str, *rows: Sequence[Any], at: int = 1) -> Worksheet:
        """A sheet with these rows from row ``at`` on."""
        page = self.book.create_sheet(title)
        for number, row in enumerate(rows, at):
            for column, value in enumerate(row, 1):
                page.cell(number, column, value)
        return page

    def ground(self) -> None:
        """One place and one team."""
        self.add("楼栋", ("社区", "网格", "楼栋"), ("庆丰社区", "一网格", "1号楼"))
        self.add("队伍", ("队名", "所属社区", "记录单位"), ("护学队", "庆丰社区", "居委会"))

    def judged(self) -> list[Taken | RefusedRow]:
        """What becomes of each row."""
        self.book.save(self.path)
        return list(HandIn([self.path], NothingYet(), str, TODAY, STANDING))

    def taken(self) -> list[Row]:
        """Every row, where none may be refused."""
        outcomes = self.judged()
        assert [one for one in outcomes if isinstance(one, RefusedRow)] == []
        return [one.row for one in outcomes if isinstance(one, Taken)]


@pytest.fixture
def lists(tmp_path: Path) -> Lists:
    return Lists(tmp_path / "a.xlsx")


def test_the_header_may_stand_in_row_seven_under_merged_titles(lists: Lists) -> None:
    lists.ground()
    page = lists.add(
        " 花名册 (2026 年) ",
        (
            "序号",
            "联系电话\n(手机)",
            "志愿者姓  名",
            "*身份证号码（18位）",
            "入队\r\n日期",
            "性别",
            "鞋码",
        ),
        (1, 13900000001, "李梅", LI_MEI, ON, "女", 37),
        at=7,
    )
    page.merge_cells("A1:G2")
    page.merge_cells("A4:C5")
    page["A1"] = "临江镇志愿者花名册"
    page["A4"] = "填报单位：庆丰社区居委会"

    *_, person = lists.taken()

    assert isinstance(person, VolunteerRow)
    assert (person.name, person.phone, person.registered_on) == ("李梅", "13900000001", ON)


def test_blank_rows_by_the_thousand_hidden_sheets_and_another_order_do_not_matter(
    lists: Lists,
) -> None:
    header = ("手机号", "注册日期", "姓名", "身份证号")
    person = ("13900000001", "2026-03-05", "李梅", LI_MEI)
    page = lists.add("名 册", header, person)
    for row in range(3, 5003):
        page.cell(row, 1, "  ").number_format = "@"
    lists.add("去年", header, person).sheet_state = "veryHidden"
    lists.add("空表")
    lists.ground()

    assert [type(row).__name__ for row in lists.taken()] == ["AreaRow", "TeamRow", "VolunteerRow"]


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "2026-03-05",
            "2026.3.5",
            "2026/3/5",
            "2026年3月5日",
            "2026年3月5号",
            "20260305",
            20260305,
        ),
        *(46086, "46086", 46086.0, "2026-3-5 00:00:00", "2026年3月5日 星期四", "2026.3.5(周四)"),
        *("2026－03－05".translate(WIDE), " 2026 年 3 月 5 日", "'2026/03/05", ON),
        datetime(2026, 3, 5, 14),  # noqa: DTZ001  as a date cell is
    ],
)
def test_a_day(lists: Lists, typed: Any) -> None:
    lists.add("册", ("姓名", "身份证号", "手机号", "注册日期"), ("李梅", LI_MEI, None, typed))

    (person,) = lists.taken()

    assert isinstance(person, VolunteerRow)
    assert person.registered_on == ON


@pytest.mark.parametrize(
    "typed",
    [
        *("13900000001", 13900000001, 13900000001.0, "139 0000 0001", "139-0000-0001"),
        *("+86 139-0000-0001", "+8613900000001", "0086 13900000001", "139.0000.0001"),
        *("139–0000–0001", "13900000001".translate(WIDE), "(139)00000001", "'13900000001 "),
    ],
)
def test_a_phone(typed: Any) -> None:
    assert cells.phone(typed) == "13900000001"


@pytest.mark.parametrize(
    "typed",
    [
        *(WITH_X, WITH_X.lower(), f" {WITH_X}\t", f"'{WITH_X}", WITH_X.translate(WIDE)),
        *(f"{WITH_X[:6]} {WITH_X[6:14]} {WITH_X[14:]}", f"\u00a0{WITH_X}\u200b"),
    ],
)
def test_an_identity_number(lists: Lists, typed: str) -> None:
    lists.add("册", ("姓名", "身份证号", "手机号", "注册日期"), ("王强", typed, None, ON))

    (person,) = lists.taken()

    assert isinstance(person, VolunteerRow)
    assert person.id_number == WITH_X


@pytest.mark.parametrize(
    "typed",
    [
        *(2.5, "2.5", "2.5h", "2.5小时", "2.5 H", "2小时30分", "2小时30分钟", "2：30", "2:30"),
        *("2:30:00", "2h30m", "2个小时30分", "2时30分", "150分钟", "150min", "２．５", "2.50"),
    ],
)
def test_hours(lists: Lists, typed: Any) -> None:
    assert times.minutes(typed) == 150
    lists.ground()
    lists.add("册", ("姓名", "身份证号", "手机号", "注册日期"), ("李梅", LI_MEI, 13900000001, ON))
    lists.add(
        "台 账",
        ("服务时长", "服务队", "电话", "姓名", "结束", "开始", "日期", "活动名称", "天气"),
        (typed, "护学队", "139 0000 0001", "李 梅", "11点半", "８：30", "2026.3.5", "护学", "晴"),
    )

    *_, record = lists.taken()

    assert isinstance(record, ServiceRow)
    assert (record.minutes, record.start.hour, record.end.minute) == (150, 8, 30)


def test_every_refusal_names_its_reason_and_its_cure(lists: Lists) -> None:
    """One bad row a reason: a code that has words, and a sentence that says what to do."""
    lists.ground()
    header = ("姓名", "身份证号", "手机号", "注册日期", "性别", "服务队", "社区")
    good = ("李梅", LI_MEI, "13900000001", ON, "女", "护学队", "庆丰社区")
    changes: list[dict[int, Any]] = [
        *({0: None}, {1: None}, {1: 980110196001011234}, {1: "9801"}, {1: LI_MEI[:-1] + "0"}),
        *({2: "12345"}, {3: None}, {3: "3月5日"}, {3: "2031-1-1"}, {4: "男"}, {5: "没有的队"}),
        *({6: "没有的社区"}, {0: "长" * 61}, {1: id_number(date(2015, 5, 5), "女", 7)}),
    ]
    rows = [[change.get(n, value) for n, value in enumerate(good)] for change in changes]
    lists.add("册", header, *rows)

    refused = [one for one in lists.judged() if isinstance(one, RefusedRow)]

    assert len(refused) == len(rows)
    for one in refused:
        assert one.reason_code in WORDS, one
        assert one.cure, one
        assert one.cure.endswith(("。", "？")), one
