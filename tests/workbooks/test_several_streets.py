"""Three streets in one list of areas: each building lands under its own street, or says why not."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook as Book
from sqlalchemy import select

from tests import make
from tests.workbooks import town
from volunteer_service.areas.models import Area
from volunteer_service.db import db
from volunteer_service.errors import NotAllowed
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Grant
from volunteer_service.workbooks import applying, import_overviews
from volunteer_service.workbooks.models import Import
from volunteer_service.workbooks.taking_back import undoing

STREETS = ("甲街道", "乙镇", "丙乡")
#: Two communities of one name are two.
UNDER = [
    ("和风社区", "一网格", "1号楼"),
    ("和风社区", "一网格", "2号楼"),
    ("细雨社区", "二网格", "1号楼"),
]
HEADS = ("街道", "社区", "网格", "楼栋")


def by_column(book: Book) -> None:
    page = book.create_sheet("楼栋")
    page.append(HEADS)
    for street in STREETS:
        for row in UNDER:
            page.append((street, *row))


def only_in_the_first_row(book: Book) -> None:
    page = book.create_sheet("楼栋")
    page.append(HEADS)
    for street in STREETS:
        for n, row in enumerate(UNDER):
            page.append((None if n else street, *row))


def merged(book: Book) -> None:
    only_in_the_first_row(book)
    page = book["楼栋"]
    for first in (2, 5, 8):
        page.merge_cells(start_row=first, end_row=first + 2, start_column=1, end_column=1)
        page.merge_cells(start_row=first, end_row=first + 1, start_column=2, end_column=2)


def by_indentation(book: Book) -> None:
    page = book.create_sheet("楼栋")
    page.append(HEADS)
    for street in STREETS:
        page.append((street, None, None, None))
        for row in UNDER:
            page.append((None, *row))


def by_headings(book: Book) -> None:
    page = book.create_sheet("楼栋")
    page.append(("序号", *HEADS[1:]))
    for street in STREETS:
        page.append((street,))
        for n, row in enumerate(UNDER, 1):
            page.append((n, *row))


def by_captions(book: Book) -> None:
    by_headings(book)
    page = book["楼栋"]
    for first in (2, 6, 10):
        page.merge_cells(start_row=first, end_row=first, start_column=1, end_column=4)


def by_sheet(book: Book) -> None:
    for street in STREETS:
        page = book.create_sheet(street)
        page.append(HEADS[1:])
        for row in UNDER:
            page.append(row)


def by_title(book: Book) -> None:
    for n, street in enumerate(STREETS):
        page = book.create_sheet(f"表{n}")
        page.append((f"{street}网格楼栋表",))
        page.append(HEADS[1:])
        for row in UNDER:
            page.append(row)


def by_number(book: Book) -> None:
    page = book.create_sheet("楼栋")
    page.append(HEADS)
    for n, street in enumerate(STREETS, 1):
        for row in UNDER:
            page.append((f"33010600{n} {street}", *row))


FORMS: tuple[Callable[[Book], None], ...] = (
    *(by_column, only_in_the_first_row, merged, by_indentation, by_headings, by_captions),
    *(by_sheet, by_title, by_number),
)


def saved(path: Path, form: Callable[[Book], None]) -> Path:
    book = Book()
    form(book)
    book.remove(book.worksheets[0])
    book.save(path)
    return path


def tree() -> dict[str, list[tuple[str, ...]]]:
    """The buildings by street, each with what is above it."""
    areas = {area.id: area for area in db.session.scalars(select(Area))}
    found: dict[str, list[tuple[str, ...]]] = {}
    for area in areas.values():
        names = [areas[int(step)].name for step in area.path.strip("/").split("/")]
        if len(names) == 4:
            found.setdefault(names[0], []).append(tuple(names[1:]))
    return {street: sorted(rows) for street, rows in found.items()}


@pytest.mark.parametrize("form", FORMS)
def test_every_building_lands_under_its_own_street(
    session: None, tmp_path: Path, form: Callable[[Book], None]
) -> None:
    path = saved(tmp_path / "a.xlsx", form)
    row = town.applied([path])

    assert tree() == {street: sorted(UNDER) for street in STREETS}
    assert (row.counts["areas"]["communities"], row.counts["areas"]["buildings"]) == (6, 9)
    assert row.counts["dirt"] == {}
    again = town.applied([path])
    assert again.counts["new"] == {"areas": 0}
    undoing.undo(row.id, by=town.SYSTEM, at=town.NOON)
    assert tree() == {}
    assert db.session.scalars(select(Area)).all() == []


def test_one_street_that_was_said_takes_its_own_rows_alone(session: None, tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx", by_column)
    row = town.previewed([path], sub_district="乙镇")
    applying.apply(row.id, by=town.SYSTEM, at=town.NOON)

    assert tree() == {"乙镇": sorted(UNDER)}
    assert row.counts["dirt"] == {"areas_refused:other_street": 6}


@pytest.fixture
def cast(session: None) -> make.Cast:
    return make.cast()


def test_who_may_in_one_street_brings_in_that_one(cast: make.Cast, tmp_path: Path) -> None:
    by = make.acting(cast.coordinator)
    cast.town.name = "乙镇"
    db.session.flush()
    path = saved(tmp_path / "a.xlsx", by_headings)
    row = town.applied([path], by)

    assert (row.area_id, row.counts["dirt"]) == (cast.town.id, {"areas_refused:other_street": 6})
    assert set(tree()) == {"乙镇"}


def test_it_takes_the_right_in_each_of_the_streets(cast: make.Cast, tmp_path: Path) -> None:
    cast.town.name, other = "甲街道", make.area("乙镇")
    both = make.account("lin", "林全", role="coordinator", area=cast.town)
    db.session.add(Grant(account_id=both.id, role="coordinator", area_id=other.id))
    db.session.flush()
    by, one = make.acting(both), make.acting(cast.coordinator)
    row = town.previewed([saved(tmp_path / "a.xlsx", by_column)], by)

    assert row.counts["dirt"] == {"areas_refused:other_street": 3}
    assert may(row, one) == {"discard"}
    assert may(row, by) == {"apply", "discard"}
    with pytest.raises(NotAllowed):
        applying.apply(row.id, by=one, at=town.NOON)
    applying.apply(row.id, by=by, at=town.NOON)
    assert {street: len(rows) for street, rows in tree().items()} == {"甲街道": 3, "乙镇": 3}
    with pytest.raises(NotAllowed):
        undoing.undo(row.id, by=one, at=town.NOON)
    undoing.undo(row.id, by=by, at=town.NOON)
    assert tree() == {}


def may(row: Import, by: Actor) -> set[str]:
    return set(import_overviews.detail(row.id, by=by, at=town.NOON).may)


def test_a_row_of_no_street_is_asked(session: None, tmp_path: Path) -> None:
    def unclear(book: Book) -> None:
        by_sheet(book)
        book.create_sheet("其他").append(HEADS[1:])
        book["其他"].append(UNDER[0])

    row = town.applied([saved(tmp_path / "a.xlsx", unclear)])

    assert row.counts["dirt"] == {"areas_refused:street_unclear": 1}


def test_one_street_lands_where_it_was_said(session: None, tmp_path: Path) -> None:
    def one(book: Book) -> None:
        page = book.create_sheet("楼栋")
        page.append(HEADS)
        rows: list[tuple[Any, ...]] = [("甲街道", *row) for row in UNDER]
        for row in rows:
            page.append(row)

    row = town.previewed([saved(tmp_path / "a.xlsx", one)], sub_district="试用街道")
    applying.apply(row.id, by=town.SYSTEM, at=town.NOON)

    assert tree() == {"试用街道": sorted(UNDER)}
