"""Files of a clerk who never saw ours: a sheet a team, ticks, doubtful hours; none is silent."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import xlwt
from openpyxl import Workbook
from openpyxl.drawing.image import Image
from PIL import Image as Picture
from sqlalchemy import select

from tests.workbooks import town
from tests.workbooks.test_exported_files import log, only, roster
from tests.workbooks.test_odd_files import (
    CARDS,
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
from volunteer_service.people.models import Volunteer
from volunteer_service.teams.models import Membership, Team
from volunteer_service.workbooks import applying
from volunteer_service.workbooks.asked_sheets import sheet_answers
from volunteer_service.workbooks.models import Import


def served(**changed: Any) -> list[Any]:
    return [changed.get(head, cell) for head, cell in zip(LOG, SERVED, strict=True)]


def member(**changed: Any) -> list[Any]:
    return [changed.get(head, cell) for head, cell in zip(PEOPLE, WHO[0], strict=True)]


def a_sheet_a_team(book: Workbook) -> None:
    with_street(book, people=False)
    add(book, "护学队", PEOPLE[:5], *[who[:5] for who in WHO[:4]])
    add(book, "助老队", PEOPLE[:5], *[who[:5] for who in WHO[4:]])


def test_a_sheet_of_people_is_the_team_of_its_name(session: None, tmp_path: Path) -> None:
    row = previewed(tmp_path / "a.xlsx", a_sheet_a_team)

    assert only(row, "护学队").told()["team"] == "护学队"
    assert only(row, "队伍").told()["team"] is None
    applying.apply(row.id, by=town.SYSTEM, at=town.NOON)
    query = select(Team.name, Volunteer.name).select_from(Membership)
    query = query.join(Team, Team.id == Membership.team_id)
    query = query.join(Volunteer, Volunteer.id == Membership.volunteer_id)
    found = {(team, name) for team, name in db.session.execute(query)}
    assert found == {("护学队" if place < 4 else "助老队", who[0]) for place, who in enumerate(WHO)}


def test_a_log_sheet_is_of_the_team_of_its_name(session: None, tmp_path: Path) -> None:
    heads = [head for head in LOG if head != "服务队"]

    def fill(book: Workbook) -> None:
        with_street(book)
        at = LOG.index("服务队")
        add(book, "助老队", heads, [cell for place, cell in enumerate(SERVED) if place != at])

    row = previewed(tmp_path / "a.xlsx", fill)

    assert counts(row, "service_log") == (1, 0)
    applying.apply(row.id, by=town.SYSTEM, at=town.NOON)
    query = select(Team.name).join(ServiceRecord, ServiceRecord.team_id == Team.id)
    assert db.session.scalars(query).all() == ["助老队"]


def test_a_column_of_teams_counts_more_than_the_name(session: None, tmp_path: Path) -> None:
    def fill(book: Workbook) -> None:
        with_street(book, people=False)
        add(book, "助老队", PEOPLE, *WHO)

    row = previewed(tmp_path / "a.xlsx", fill)

    assert only(row, "助老队").told()["team"] is None


def test_a_sheet_named_after_no_team_says_what_to_do(session: None, tmp_path: Path) -> None:
    def fill(book: Workbook) -> None:
        with_street(book, people=False)
        add(book, "巡逻队", PEOPLE[:5], WHO[0][:5])

    row = previewed(tmp_path / "a.xlsx", fill)

    ((reason, cure),) = refused(row)
    assert reason == "unknown_team"
    assert "工作表" in cure


@pytest.mark.parametrize("name", ["服务队", "志愿服务队", "花名册"])
def test_a_word_for_all_teams_is_no_team(session: None, tmp_path: Path, name: str) -> None:
    def fill(book: Workbook) -> None:
        with_street(book, people=False)
        add(book, name, PEOPLE[:5], WHO[0][:5])

    row = previewed(tmp_path / "a.xlsx", fill)

    assert only(row, name).told()["team"] is None
    assert counts(row, "volunteers") == (1, 0)


def test_an_answer_by_hand_keeps_the_team_of_the_sheet(session: None, tmp_path: Path) -> None:
    row = previewed(tmp_path / "a.xlsx", a_sheet_a_team)
    number = only(row, "护学队").number

    asked = sheet_answers.question(row.id, number, by=town.SYSTEM)
    sheet_answers.answer(
        row.id, number, "volunteers", columns=dict(asked.known), by=town.SYSTEM, at=town.NOON
    )

    assert asked.is_team
    assert only(row, "护学队").told()["team"] == "护学队"


@pytest.mark.parametrize(
    "word", ["×", "✗", "否", "缺席", "缺勤", "未到", "没来", "请假", "病假", "0"]
)
def test_who_was_absent_gets_no_hours(session: None, tmp_path: Path, word: str) -> None:
    row = log(tmp_path, [*SERVED, word], heads=(*LOG, "是否到场"))

    assert [reason for reason, _cure in refused(row)] == ["not_present"]


def test_presence_that_is_not_said_is_asked(session: None, tmp_path: Path) -> None:
    row = log(tmp_path, [*SERVED, None], heads=(*LOG, "出勤情况"))

    ((reason, cure),) = refused(row)
    assert (reason, "没有写" in cure) == ("not_present", True)


@pytest.mark.parametrize("word", ["√", "✓", "是", "到", "已到", "正常", "迟到", "1"])
def test_who_was_there_gets_hours(session: None, tmp_path: Path, word: str) -> None:
    row = log(tmp_path, [*SERVED, word], heads=(*LOG, "签到情况"))

    assert counts(row, "service_log") == (1, 0)


@pytest.mark.parametrize(
    ("word", "is_taken"),
    [
        *(("已通过", True), ("审核通过", True), ("已完成", True), ("有效", True), (None, True)),
        *(("待审核", False), ("审核中", False), ("未通过", False), ("不通过", False)),
        *(
            ("已驳回", False),
            ("已取消", False),
            ("已撤销", False),
            ("作废", False),
            ("无效", False),
        ),
    ],
)
def test_what_nobody_approved_is_refused(
    session: None, tmp_path: Path, word: str | None, is_taken: bool
) -> None:
    row = log(tmp_path, [*SERVED, word], heads=(*LOG, "审核状态"))

    assert [reason for reason, _cure in refused(row)] == ([] if is_taken else ["not_approved"])


@pytest.mark.parametrize("word", ["已退出", "已注销", "已离队", "去世", "审核不通过"])
def test_who_is_no_longer_one_is_refused(session: None, tmp_path: Path, word: str) -> None:
    people = [(*WHO[0], word), (*WHO[1], "正常")]
    row = roster(tmp_path, *people, heads=(*PEOPLE, "志愿者状态"))

    assert [reason for reason, _cure in refused(row)] == ["not_approved"]
    assert counts(row, "volunteers") == (1, 1)


@pytest.mark.parametrize(
    ("written", "end", "is_asked"),
    [
        *(("2.30", "10:30", True), (2.35, "10:35", True), ("1.20", "09:20", True)),
        # A part of a day, as Excel counts lengths of time.
        *((2.5 / 24, "10:30", True), ("0.10416666667", "10:30", True)),
        # Tenths of an hour are how lists count: who came late has 2.3 of two hours and a half.
        *((2.3, "10:30", False), ("2.3", "10:30", False)),
        *((2.5, "10:50", False), (2.25, "10:25", False), (2.3, "11:00", False)),
        *((2, "10:00", False), (0.5, "10:00", False), ("2:30", "10:30", False)),
    ],
)
def test_a_length_with_two_meanings_is_asked(
    session: None, tmp_path: Path, written: Any, end: str, is_asked: bool
) -> None:
    row = log(tmp_path, served(结束时间=end, 服务时长=written))

    wanted = ["unreadable_hours"] if is_asked else []
    assert [reason for reason, _cure in refused(row)] == wanted


@pytest.mark.parametrize("year", ["1926", "1999"])
def test_a_year_before_all_service_is_a_slip(session: None, tmp_path: Path, year: str) -> None:
    row = log(tmp_path, served(日期=f"{year}-03-05"))

    assert [reason for reason, _cure in refused(row)] == ["impossible_date"]


def test_a_morning_in_the_afternoon_is_no_time(session: None, tmp_path: Path) -> None:
    row = log(tmp_path, served(开始时间="上午13:00", 结束时间="15:00"))

    assert [reason for reason, _cure in refused(row)] == ["impossible_time"]


@pytest.mark.parametrize(
    "name",
    [
        "许三（组长）",
        "许三先生",
        "许三队长",
        "许三*",
        "★许三",
        "许三[党员]",
        "许三 书记",
        "许三😀",
        "<b>许三",
        "-许三",
        "√许三",
    ],
)
def test_a_name_with_an_office_is_asked(session: None, tmp_path: Path, name: str) -> None:
    row = roster(tmp_path, member(姓名=name))

    ((reason, cure),) = refused(row)
    assert (reason, "备注" in cure) == ("more_than_a_name", True)


@pytest.mark.parametrize("name", ["许 三", "许　三", "欧阳 娜娜", "阿迪力·买买提", "许长"])
def test_a_bare_name_is_taken(session: None, tmp_path: Path, name: str) -> None:
    assert counts(roster(tmp_path, member(姓名=name)), "volunteers") == (1, 0)


@pytest.mark.parametrize("around", ['"{}"', "“{}”", "'{}'", " {} ", "「{}」"])
def test_quotes_around_an_id_are_no_part_of_it(session: None, tmp_path: Path, around: str) -> None:
    row = roster(tmp_path, member(身份证号=around.format(CARDS[0])))

    assert counts(row, "volunteers") == (1, 0)


def test_a_sheet_with_only_a_picture_says_so(session: None, tmp_path: Path) -> None:
    scan = BytesIO()
    Picture.new("RGB", (30, 40), "red").save(scan, "PNG")

    def fill(book: Workbook) -> None:
        with_street(book)
        book.create_sheet("扫描").add_image(Image(scan), "A1")
        book.create_sheet("空表")

    row = previewed(tmp_path / "a.xlsx", fill)

    told = {name: only(row, name).told() for name in ("扫描", "空表")}
    assert {name: (one["state"], one["shape"]) for name, one in told.items()} == {
        "扫描": ("empty", "pictures"),
        "空表": ("empty", None),
    }


def test_a_list_on_its_side_says_how_to_turn_it(session: None, tmp_path: Path) -> None:
    def fill(book: Workbook) -> None:
        with_street(book, people=False)
        add(book, "花名册", *[(head, *[who[n] for who in WHO]) for n, head in enumerate(PEOPLE)])

    assert only(previewed(tmp_path / "a.xlsx", fill), "花名册").told()["shape"] == "sideways"


def as_text(path: Path, *lines: str) -> Import:
    path.write_bytes("\r\n".join(lines).encode("gb18030"))
    return town.previewed([path], sub_district=STREET)


LINES = [",".join(cells) for cells in (PEOPLE, *WHO)]


@pytest.mark.parametrize(
    "broken",
    [
        lambda lines: [lines[0], lines[1], '"' + lines[2], *lines[3:]],
        # The second quote closes the first: two rows would become one cell.
        lambda lines: [*lines[:2], '"' + lines[2], *lines[3:5], lines[5].replace(",", '",', 1)],
    ],
    ids=["to the end", "to the next"],
)
def test_a_quote_that_is_not_closed_is_told(
    session: None, tmp_path: Path, broken: Callable[[list[str]], list[str]]
) -> None:
    with pytest.raises(Refused) as refusal:
        as_text(tmp_path / "名单.csv", *broken(LINES))

    assert refusal.value.code() == "quote_not_closed"
    assert refusal.value.numbers["row"] == 3


def test_a_break_within_a_quoted_cell_is_no_open_quote(session: None, tmp_path: Path) -> None:
    row = as_text(tmp_path / "名单.csv", LINES[0], '"许\n一",' + LINES[1].partition(",")[2])

    assert row.state == "previewed"


def test_a_sheet_of_wps_is_an_old_workbook_under_another_name(
    session: None, tmp_path: Path
) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    for title, rows in (
        ("楼栋", [("社区", "网格", "楼栋"), ("和风社区", "一网格", "1号楼")]),
        ("花名册", [PEOPLE[:5], *[who[:5] for who in WHO]]),
    ):
        page = book.add_sheet(title)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                page.write(number, column, cell)
    book.save(str(tmp_path / "名单.et"))

    row = town.previewed([tmp_path / "名单.et"], sub_district=STREET)

    assert counts(row, "volunteers") == (6, 0)


@pytest.mark.parametrize("name", ["名单.xlsb", "名单.xlsx"])
def test_a_binary_workbook_says_how_to_save_it(session: None, tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / name, "w") as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("xl/workbook.bin", b"\x83\x01\x00")

    with pytest.raises(Refused) as refusal:
        town.previewed([tmp_path / name], sub_district=STREET)

    assert refusal.value.code() == "not_a_workbook"
    assert "另存为" in str(refusal.value)
