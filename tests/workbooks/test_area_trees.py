"""Areas in one column, each row below the one that it belongs to; streets by their code."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.styles import Alignment
from sqlalchemy import select

from tests.workbooks import town
from volunteer_service.areas.models import Area
from volunteer_service.db import db
from volunteer_service.workbooks import applying
from volunteer_service.workbooks.models import Import, RefusedRow

Rows = Sequence[Sequence[Any]]
HOME = ("甲街道", "和风社区", "一网格")
TREE = [(*HOME, "1号楼"), (*HOME, "2号楼"), ("甲街道", "细雨社区", "二网格", "3号楼")]
NUMBERED = ("1 和风社区", "1.1 一网格", "1.1.1 1号楼", "1.1.2 2号楼", "2 细雨社区", "2.1 二网格")
BY_CODE: Rows = [
    *[("330106001", "甲街道"), ("330106001001", "和风社区"), ("33010600100101", "一网格")],
    *[("3301060010010101", "1号楼"), ("3301060010010102", "2号楼"), ("330106001002", "细雨社区")],
    *[("33010600100201", "二网格"), ("3301060010020101", "3号楼")],
]
BY_LEVEL: Rows = [
    *[("街道", "甲街道"), ("社区", "和风社区"), ("网格", "一网格"), ("楼栋", "1号楼")],
    *[("楼栋", "2号楼"), ("社区", "细雨社区"), ("网格", "二网格"), ("楼栋", "3号楼")],
]
BY_ABOVE: Rows = [
    *[("甲街道", None), ("和风社区", "甲街道"), ("细雨社区", "甲街道"), ("一网格", "和风社区")],
    *[("二网格", "细雨社区"), ("3号楼", "二网格"), ("1号楼", "一网格"), ("2号楼", "一网格")],
]
IN_WORDS = ("甲街道", "一、和风社区", "（一）一网格", "1. 1号楼", "2、2 号楼", "二、细雨社区")
NAMES = ("甲街道", "和风社区", "一网格", "1号楼", "2号楼", "细雨社区", "二网格", "3号楼")
DEPTHS = (0, 1, 2, 3, 3, 1, 2, 3)
FORMS: dict[str, tuple[tuple[str, ...], Rows]] = {
    "numbers": (("区域名称",), [("甲街道",), *[(one,) for one in (*NUMBERED, "2.1.1 3号楼")]]),
    "numbers in words": (("区域",), [(one,) for one in (*IN_WORDS, "（一）二网格", "1、3号楼")]),
    "spaces": (("区域",), [("　" * n + one,) for n, one in zip(DEPTHS, NAMES, strict=True)]),
    "names alone": (("区域名称",), [(one,) for one in NAMES]),
    "codes": (("区划代码", "名称"), BY_CODE),
    "codes, the lower first": (("区划代码", "名称"), sorted(BY_CODE, key=lambda row: len(row[0]))),
    "levels": (("级别", "名称"), BY_LEVEL),
    "the area above": (("名称", "上级"), BY_ABOVE),
}


def preview(path: Path, header: Sequence[str], rows: Rows, **where: Any) -> Import:
    book = Workbook()
    for row in (header, *rows):
        book.worksheets[0].append(row)
    book.save(path)
    return town.previewed([path], **where)


def standing() -> list[tuple[str, ...]]:
    """The path of every building, by names."""
    names = {area.id: area.name for area in db.session.scalars(select(Area))}
    paths = db.session.scalars(select(Area.path).where(Area.kind == "building"))
    return sorted(tuple(names[int(one)] for one in path.strip("/").split("/")) for path in paths)


def refused(row: Import) -> list[tuple[int, str]]:
    query = select(RefusedRow).where(RefusedRow.import_id == row.id)
    return sorted((one.row_number, one.reason) for one in db.session.scalars(query))


@pytest.mark.parametrize("form", FORMS)
def test_every_building_has_its_whole_path(session: None, tmp_path: Path, form: str) -> None:
    header, rows = FORMS[form]
    row = preview(tmp_path / "areas.xlsx", header, rows)

    applying.apply(row.id, by=town.SYSTEM, at=town.NOON)

    assert standing() == sorted(TREE)
    assert refused(row) == []


def test_what_excel_shows_indented_is_below(session: None, tmp_path: Path) -> None:
    """The last name says nothing by itself; how far it is indented does."""
    names = ("甲街道", "和风社区", "一网格", "1号楼", "老粮站")
    book = Workbook()
    page = book.worksheets[0]
    page.append(("区域",))
    for number, (name, depth) in enumerate(zip(names, (0, 1, 2, 3, 3), strict=True), 2):
        page.cell(number, 1, name).alignment = Alignment(indent=depth)
    book.save(tmp_path / "areas.xlsx")

    town.applied([tmp_path / "areas.xlsx"])

    assert standing() == [(*HOME, "1号楼"), (*HOME, "老粮站")]


def test_an_area_with_nothing_below_and_what_is_below_a_building_are_told(
    session: None, tmp_path: Path
) -> None:
    names = ("和风社区", "一网格", "1号楼", "1单元", "空社区", "二网格")
    row = preview(
        tmp_path / "areas.xlsx", ("区域",), [(one,) for one in names], sub_district="甲街道"
    )

    assert refused(row) == [(5, "below_building"), (7, "missing_value")]
    assert row.counts["by_kind"]["areas"] == [1, 1, 2]


def test_a_list_of_things_with_names_is_no_tree(session: None, tmp_path: Path) -> None:
    things = [("1", "和风社区活动室", "一级"), ("2", "帐篷", "二级")]
    row = preview(tmp_path / "x.xlsx", ("编号", "名称", "级别"), things, sub_district="甲街道")

    assert [sheet["state"] for sheet in row.files[0]["sheets"]] == ["unknown"]


STREETS = [
    ("330106001001", "甲街道", *HOME[1:], "1号楼"),
    ("330106002001", "乙街道", "红社区", "一网格", "1号楼"),
    ("330106001002", None, "细雨社区", "二网格", "3号楼"),
]
COLUMNS = ("区划代码", "街道", "社区", "网格", "楼栋")


def test_a_code_tells_the_street_of_a_row_that_does_not_name_it(
    session: None, tmp_path: Path
) -> None:
    row = preview(tmp_path / "areas.xlsx", COLUMNS, STREETS)

    applying.apply(row.id, by=town.SYSTEM, at=town.NOON)

    assert standing() == sorted(
        [(*HOME, "1号楼"), ("乙街道", "红社区", "一网格", "1号楼"), TREE[2]]
    )


def test_a_code_whose_street_nothing_names_is_asked(session: None, tmp_path: Path) -> None:
    unnamed = [(STREETS[1][0], None, *STREETS[1][2:])]
    row = preview(tmp_path / "areas.xlsx", COLUMNS, [STREETS[0], *unnamed])
    assert refused(row) == [(3, "street_unclear")]

    neither = [(one[0], *one[2:]) for one in STREETS[:2]]
    columns = (COLUMNS[0], *COLUMNS[2:])
    row = preview(tmp_path / "b.xlsx", columns, neither, sub_district="甲街道")
    assert refused(row) == [(2, "street_unclear"), (3, "street_unclear")]


def test_one_code_alone_lands_where_it_was_said(session: None, tmp_path: Path) -> None:
    rows = [(one[0], *one[2:]) for one in (STREETS[0], STREETS[2])]
    columns = (COLUMNS[0], *COLUMNS[2:])
    row = preview(tmp_path / "areas.xlsx", columns, rows, sub_district="甲街道")

    assert refused(row) == []
    assert row.counts["by_kind"]["areas"] == [2, 2, 0]
