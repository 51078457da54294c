"""A person in two teams has a row for each of them in the roster."""

from pathlib import Path

from openpyxl import Workbook as Book
from sqlalchemy import func, select

from tests.workbooks import town
from tests.workbooks.judged import ADULT, SISTER
from volunteer_service.db import db
from volunteer_service.people.models import Volunteer
from volunteer_service.teams.models import Membership, Team
from volunteer_service.workbooks.taking_back import undoing

HEADS = ("姓名", "身份证号", "手机号", "注册日期", "社区", "服务队")
ONE = ("许一", ADULT, "17000000001", "2026-01-05", "和风社区", "和风护学队")
OTHER = (*ONE[:5], "和风助老队")


def workbook(folder: Path, *people: tuple[str | None, ...]) -> Path:
    book = Book()
    for name, rows in {
        "楼栋": [("街道", "社区", "网格", "楼栋"), ("和风街道", "和风社区", "一网格", "1号楼")],
        "队伍": [
            ("队名", "所属社区", "记录单位"),
            *(("和风护学队", "和风社区", "居委会"), ("和风助老队", "和风社区", "居委会")),
        ],
        "花名册": [HEADS, *people],
    }.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    book.save(folder / "list.xlsx")
    return folder / "list.xlsx"


def teams_of(name: str) -> list[str]:
    query = (
        select(Team.name)
        .join(Membership, Membership.team_id == Team.id)
        .join(Volunteer, Volunteer.id == Membership.volunteer_id)
        .where(Volunteer.name == name)
        .order_by(Team.name)
    )
    return list(db.session.scalars(query))


def test_both_teams_have_the_person_once(session, tmp_path: Path) -> None:
    sister = ("许二", SISTER, *ONE[2:5], "和风助老队")
    row = town.applied([workbook(tmp_path, ONE, sister, OTHER)])

    assert row.counts["by_kind"]["volunteers"] == [3, 2, 0]
    assert teams_of("许一") == ["和风助老队", "和风护学队"] == sorted(teams_of("许一"))
    assert db.session.scalar(select(func.count()).select_from(Volunteer)) == 2
    town.healthy()
    undoing.undo(row.id, by=town.SYSTEM, at=town.NOON)
    assert db.session.scalar(select(func.count()).select_from(Membership)) == 0


def test_the_same_team_again_is_a_duplicate(session, tmp_path: Path) -> None:
    row = town.previewed([workbook(tmp_path, ONE, OTHER, OTHER, ONE, (*ONE[:5], None))])

    assert row.counts["by_kind"]["volunteers"] == [2, 1, 3]
    assert row.counts["dirt"]["refused:duplicate_row"] == 3


def test_two_phones_of_one_person_are_asked_for_one(session, tmp_path: Path) -> None:
    other_phone = (*OTHER[:2], "17000000009", *OTHER[3:])
    row = town.previewed([workbook(tmp_path, ONE, other_phone)])

    assert row.counts["dirt"]["refused:duplicate_row"] == 1


def test_without_a_phone_the_second_row_is_the_same_person(session, tmp_path: Path) -> None:
    row = town.applied([workbook(tmp_path, ONE, (*OTHER[:2], None, *OTHER[3:]))])

    assert row.counts["by_kind"]["volunteers"] == [2, 1, 0]
    assert len(teams_of("许一")) == 2
