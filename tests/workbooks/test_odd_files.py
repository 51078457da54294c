"""Files as offices make them: each is read, or says in a sentence what to do; none is silent.

Every case goes the whole way to a preview. A case says which rows come in and, for each row that
does not, its reason and a piece of its cure.
"""

from collections.abc import Callable
from datetime import date, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import select

from tests.workbooks import town
from tests.workbooks.street_cells import id_number
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db
from volunteer_service.errors import Refused
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.rewards.models import Gift
from volunteer_service.workbooks import applying
from volunteer_service.workbooks.asked_sheets import import_sheets
from volunteer_service.workbooks.models import Import, RefusedRow

STREET, ZONE = "甲街道", ZoneInfo("Asia/Shanghai")
AREAS, TEAMS = ("社区", "网格", "楼栋"), ("队名", "所属社区", "记录单位")
PEOPLE = ("姓名", "身份证号", "手机号", "注册日期", "社区", "服务队")
LOG = ("活动名称", "日期", "开始时间", "结束时间", "服务时长", "服务队", "姓名", "手机号")
GIFTS = ("礼品名称", "所需积分", "库存数量", "最低星级")
CARDS = [id_number(date(1950 + n, 3, 5), "男" if n % 2 else "女", n + 10) for n in range(6)]
WHO = [
    (f"许{sign}", CARDS[n], f"1700000000{n}", "2026-01-05", "和风社区", "护学队")
    for n, sign in enumerate("一二三四五六")
]
SERVED = ("清洁", "2026-03-05", "08:00", "10:00", 2, "护学队", "许一", "17000000000")


def with_street(book: Workbook, *, people: bool = True) -> None:
    add(book, "楼栋", AREAS, ("和风社区", "一网格", "1号楼"))
    add(book, "队伍", TEAMS, ("护学队", "和风社区", "居委会"), ("助老队", "和风社区", "居委会"))
    if people:
        add(book, "花名册", PEOPLE, *WHO)


def add(book: Workbook, title: str, *rows: Any) -> Worksheet:
    page = book.create_sheet(title)
    for row in rows:
        page.append(row)
    return page


def previewed(path: Path, fill: Callable[[Workbook], None]) -> Import:
    book = Workbook()
    book.remove(book.worksheets[0])
    fill(book)
    book.save(path)
    return town.previewed([path], sub_district=STREET)


def refused(row: Import) -> list[tuple[str, str]]:
    """Reason and cure of each row that does not come in, in the order of the sheet."""
    query = select(RefusedRow).where(RefusedRow.import_id == row.id)
    found = sorted(db.session.scalars(query), key=lambda one: one.row_number)
    return [(one.reason, one.cure or "") for one in found]


def counts(row: Import, kind: str) -> tuple[int, int]:
    accepted, _new, left = row.counts["by_kind"][kind]
    return accepted, left


#: One log row, changed so; the local minutes of day it comes in with, and its length.
READ = [
    ({"开始时间": "晚上10点", "结束时间": "晚上12点"}, "22:00", 120),
    ({"开始时间": "凌晨12:30", "结束时间": "凌晨2:30"}, "00:30", 120),
    ({"开始时间": "上午10:00", "结束时间": "上午12:00"}, "10:00", 120),
    ({"开始时间": "22:00", "结束时间": "24:00"}, "22:00", 120),
    ({"开始时间": "7:00-8:30", "结束时间": None, "服务时长": "1个半小时"}, "07:00", 90),
    ({"开始时间": "7:00-8:30", "结束时间": "7:00-8:30", "服务时长": "1.5"}, "07:00", 90),
    ({"开始时间": "8:00", "结束时间": "12:00", "服务时长": "半天"}, "08:00", 240),
    ({"服务时长": "120分钟"}, "08:00", 120),
    ({"服务时长": "两小时"}, "08:00", 120),
    ({"服务时长": "2:00"}, "08:00", 120),
    ({"开始时间": time(8), "结束时间": time(10), "服务时长": time(2)}, "08:00", 120),
    ({"开始时间": "22:00", "结束时间": "01:00", "服务时长": 3}, "22:00", 180),
    ({"开始时间": "８：００", "结束时间": "１０：００"}, "08:00", 120),
    ({"日期": "二〇二六年三月五日"}, "08:00", 120),
    ({"日期": "2026.3.5"}, "08:00", 120),
    ({"日期": 20260305}, "08:00", 120),
    ({"手机号": "170 0000 0000"}, "08:00", 120),
    ({"手机号": "+86 17000000000"}, "08:00", 120),
    ({"姓名": "许　一"}, "08:00", 120),
]
#: One log row, changed so; its reason, and what its cure says.
TOLD = [
    ({"日期": "26-3-5"}, "impossible_date", "四位"),
    ({"日期": "3/5/26"}, "impossible_date", "四位"),
    ({"日期": "农历正月初五"}, "impossible_date", "公历"),
    ({"日期": "3月5日"}, "impossible_date", "补上年份"),
    ({"日期": "2026-02-30"}, "impossible_date", "确认这一天存在"),
    ({"日期": "2026-03-05至03-06"}, "impossible_date", "一天"),
    ({"日期": "3月5日、6日"}, "impossible_date", "一天"),
    ({"日期": "2027-03-05"}, "date_in_the_future", "核对年份"),
    ({"开始时间": "8.30"}, "impossible_time", "08:30"),
    ({"开始时间": "上午", "结束时间": "下午"}, "impossible_time", "08:30"),
    ({"服务时长": -2}, "hours_not_positive", "核对"),
    ({"服务时长": 5}, "hours_exceed_event", "120 分钟"),
    ({"服务时长": "#VALUE!"}, "unreadable_cell", "Excel 的错误"),
    ({"服务时长": "=1+1"}, "unreadable_cell", "没有算出"),
    ({"姓名": "许一、许二"}, "several_people", "每人写一行"),
    ({"姓名": "王五"}, "unknown_volunteer", "核对姓名"),
    ({"手机号": "17099999999"}, "unknown_volunteer", "核对手机号"),
    ({"服务队": "护学对"}, "unknown_team", "核对队名"),
]


def logged(changes: dict[str, Any]) -> Callable[[Workbook], None]:
    def fill(book: Workbook) -> None:
        with_street(book)
        add(
            book,
            "记录",
            LOG,
            [changes.get(head, raw) for head, raw in zip(LOG, SERVED, strict=True)],
        )

    return fill


@pytest.mark.parametrize(("changes", "begins", "minutes"), READ)
def test_a_row_of_a_log_comes_in_as_it_is_meant(
    session: None, tmp_path: Path, changes: dict[str, Any], begins: str, minutes: int
) -> None:
    row = previewed(tmp_path / "a.xlsx", logged(changes))
    assert refused(row) == []

    applying.apply(row.id, by=town.SYSTEM, at=town.NOON)

    record = db.session.scalars(select(ServiceRecord)).one()
    assert (record.minutes, f"{record.starts_at.astimezone(ZONE):%H:%M}") == (minutes, begins)


@pytest.mark.parametrize(("changes", "reason", "cure"), TOLD)
def test_a_row_of_a_log_says_what_to_do(
    session: None, tmp_path: Path, changes: dict[str, Any], reason: str, cure: str
) -> None:
    row = previewed(tmp_path / "a.xlsx", logged(changes))

    ((found, said),) = refused(row)
    assert found == reason
    assert cure in said


def test_a_log_handed_in_again_with_other_hours_says_so(session: None, tmp_path: Path) -> None:
    first = previewed(tmp_path / "a.xlsx", logged({}))
    applying.apply(first.id, by=town.SYSTEM, at=town.NOON)

    again = previewed(tmp_path / "b.xlsx", logged({"服务时长": 1}))

    assert refused(again) == [
        ("recorded_otherwise", "已有这条记录，时长是 120 分钟。要改请在这条记录的页面上更正。")
    ]
    assert refused(previewed(tmp_path / "c.xlsx", logged({}))) == []


def test_two_teams_in_one_cell_and_a_merged_begin_and_end(session: None, tmp_path: Path) -> None:
    def fill(book: Workbook) -> None:
        with_street(book, people=False)
        add(book, "花名册", PEOPLE, WHO[0], (*WHO[1][:5], "护学队、助老队"))
        page = add(book, "记录", LOG, ("清洁", "2026-03-05", "08:00-10:00", None, *SERVED[4:]))
        page.merge_cells("C2:D2")

    row = previewed(tmp_path / "a.xlsx", fill)

    ((reason, cure),) = refused(row)
    assert (reason, "每支队伍写一行" in cure) == ("unknown_team", True)
    assert counts(row, "service_log") == (1, 0)


def test_gifts_with_units_and_drawn_stars(session: None, tmp_path: Path) -> None:
    def fill(book: Workbook) -> None:
        with_street(book)
        rows = [("毛巾", "5分", "20条", "★★★"), ("肥皂", 2, "6块", "三星级"), ("伞", 9, 3, "★☆☆☆☆")]
        add(book, "礼品", GIFTS, *rows, ("锅", 50, "若干", None), ("车", "免费", 1, None))

    row = previewed(tmp_path / "a.xlsx", fill)

    assert [reason for reason, _cure in refused(row)] == ["bad_number", "bad_number"]
    applying.apply(row.id, by=town.SYSTEM, at=town.NOON)
    found = db.session.execute(select(Gift.name, Gift.price_centi, Gift.stock, Gift.minimum_stars))
    assert sorted(map(tuple, found)) == [
        ("伞", 900, 3, 1),
        ("毛巾", 500, 20, 3),
        ("肥皂", 200, 6, 3),
    ]


def test_a_note_beside_the_list_is_told_by_its_column(session: None, tmp_path: Path) -> None:
    def fill(book: Workbook) -> None:
        with_street(book, people=False)
        add(book, "花名册", PEOPLE, *WHO)["H3"] = "电话已核对"

    row = previewed(tmp_path / "a.xlsx", fill)

    (sheet,) = [one for one in import_sheets.sheets(row.files) if one.name == "花名册"]
    assert (sheet.taken, sheet.reading.nameless) == (6, ("H",))


def test_comments_are_told_by_their_cells_as_nothing_reads_them(
    session: None, tmp_path: Path
) -> None:
    def fill(book: Workbook) -> None:
        with_street(book, people=False)
        page = add(book, "花名册", PEOPLE, *WHO)
        page["C3"].comment = Comment("已换号码 13800000000", "小李")
        page["A5"].comment = Comment("已搬走", "小李")

    row = previewed(tmp_path / "a.xlsx", fill)

    told = {one.name: one.told()["comments"] for one in import_sheets.sheets(row.files)}
    assert {name: sorted(cells) for name, cells in told.items()} == {
        "楼栋": [],
        "队伍": [],
        "花名册": ["A5", "C3"],
    }


LOOKALIKES = {
    "成员单位": (("单位名称", *AREAS, "联系人"), ("粮油店", "和风社区", "一网格", "1号楼", "张三")),
    "岗位清单": ((*AREAS, "岗位"), ("和风社区", "一网格", "2号楼", "门岗")),
    "报到名册": (("姓名", "身份证号", "手机号", "报到日期"), (*WHO[0][:3], "2026-01-01")),
    "社团": (("社团名称", "所属社区", "主管单位"), ("舞蹈队", "和风社区", "文化站")),
    "物资": (("物品名称", "数量", "单价"), ("口罩", 100, 2)),
    "台账": ((*LOG[:6], "谁", "手机号"), SERVED),
    "签到": (("姓名", "手机号", "3月5日"), ("许一", "17000000000", "√")),
    "Roster": (("Name", "ID number", "Phone"), WHO[0][:3]),
    "两栏": ((*PEOPLE, None, *PEOPLE), (*WHO[0], None, *WHO[1])),
}


@pytest.mark.parametrize("title", LOOKALIKES)
def test_what_only_looks_like_a_list_stays_out_and_is_named(
    session: None, tmp_path: Path, title: str
) -> None:
    def fill(book: Workbook) -> None:
        with_street(book)
        add(book, title, *LOOKALIKES[title])

    row = previewed(tmp_path / "a.xlsx", fill)

    (sheet,) = [one for one in import_sheets.sheets(row.files) if one.name == title]
    assert (sheet.reading.state in ("asked", "unknown"), sheet.taken, sheet.waiting) == (True, 0, 1)
    assert refused(row) == []


@pytest.mark.parametrize("coding", ["gb18030", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("between", [",", "\t", ";", "；", "|"])
def test_text_of_any_coding_and_separator(
    session: None, tmp_path: Path, coding: str, between: str
) -> None:
    path = tmp_path / "名单.txt"
    lines = ["甲街道花名册", between.join(PEOPLE[:4]), *(between.join(one[:4]) for one in WHO)]
    path.write_bytes("\r\n".join(lines).encode(coding))

    assert counts(town.previewed([path]), "volunteers") == (6, 0)


def test_text_in_big5_under_traditional_headers(session: None, tmp_path: Path) -> None:
    path = tmp_path / "名冊.csv"
    rows = [("姓名", "身份證號", "手機號", "註冊日期"), ("陳小華", *WHO[0][1:4])]
    path.write_bytes("\r\n".join(map(",".join, rows)).encode("big5"))

    row = town.previewed([path], sub_district=STREET)

    assert counts(row, "volunteers") == (1, 0)
    applying.apply(row.id, by=town.SYSTEM, at=town.NOON)
    assert db.session.scalars(select(Volunteer.name)).all() == ["陳小華"]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("网页.xls", b"<html><table><tr><td>x</td></tr></table>", "web_page_as_workbook"),
        ("图.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(99), "not_a_workbook"),
        ("空.csv", b"", "not_a_workbook"),
        ("半个.xlsx", b"PK\x03\x04" + bytes(200), "not_a_workbook"),
    ],
)
def test_what_is_no_list_at_all_is_refused_by_its_name(
    session: None, tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(Refused) as refusal:
        town.previewed([path], sub_district=STREET)

    assert refusal.value.code() == code
    assert f"“{name}”" in str(refusal.value)
    assert "请" in str(refusal.value)
