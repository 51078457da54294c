"""Names that look like one place are asked, never guessed: in lists of areas, rosters and teams."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from tests import make
from tests.workbooks import town
from tests.workbooks.test_odd_files import (
    AREAS,
    CARDS,
    PEOPLE,
    STREET,
    TEAMS,
    add,
    counts,
    previewed,
    refused,
)
from volunteer_service.areas.models import Area
from volunteer_service.db import db
from volunteer_service.errors import Invalid
from volunteer_service.workbooks import applying, receiving
from volunteer_service.workbooks.asked_sheets import asked_areas, sheet_memory
from volunteer_service.workbooks.asked_sheets.answers_in_advance import Answers
from volunteer_service.workbooks.judging.hand_in import judge
from volunteer_service.workbooks.models import Import, SheetMeaning

Fill = Callable[[Workbook], None]
BUILDINGS = [("和风社区", "一网格", name) for name in ("1号楼", "1栋", "一幢", "2号楼", "１号楼")]


def tree(*rows: tuple[str, str, str]) -> Fill:
    return lambda book: add(book, "楼栋", AREAS, *rows)


def say(row: Import, are: str, keys: list[str] | None = None) -> Import:
    asked_areas.choose_places(row.id, are, keys=keys, by=town.SYSTEM, at=town.NOON)
    receiving.previewed(row.id, judge(row, at=town.NOON, tell=applying.silent))
    return row


def names(kind: str) -> list[str]:
    return sorted(db.session.scalars(select(Area.name).where(Area.kind == kind)))


def apply(row: Import) -> Import:
    return applying.apply(row.id, by=town.SYSTEM, at=town.NOON)


def test_three_spellings_wait_and_are_told_with_the_place(session: None, tmp_path: Path) -> None:
    row = previewed(tmp_path / "a.xlsx", tree(*BUILDINGS))

    assert [reason for reason, _cure in refused(row)] == [
        *("maybe_same_area", "maybe_same_area", "duplicate_row")
    ]
    assert counts(row, "areas") == (2, 3)
    (place,) = asked_areas.places_of(row)
    assert place["name"] == "1号楼"
    assert place["others"] == ["1栋", "一幢"]
    assert (place["where"], place["level"], place["are"]) == (
        ["和风社区", "一网格"],
        "building",
        None,
    )


@pytest.mark.parametrize(
    ("are", "buildings"),
    [("one", ["1号楼", "2号楼"]), ("apart", ["1号楼", "1栋", "2号楼", "一幢"])],
)
def test_an_answer_makes_one_place_or_keeps_them_apart(
    session: None, tmp_path: Path, are: str, buildings: list[str]
) -> None:
    row = say(previewed(tmp_path / "a.xlsx", tree(*BUILDINGS)), are)

    assert [reason for reason, _cure in refused(row)] == ["duplicate_row"]
    apply(row)
    assert names("building") == sorted(buildings)


def test_each_place_has_its_own_answer_and_the_street_keeps_it(
    session: None, tmp_path: Path
) -> None:
    rows = [
        *(("第一社区", "一网格", "1号楼"), ("一社区", "一网格", "2号楼")),
        *(("第一社区", "一网格", "3号楼"), ("第一社区", "网格1", "4号楼")),
    ]
    row = previewed(tmp_path / "a.xlsx", tree(*rows))
    by_level = {place["level"]: place["key"] for place in asked_areas.places_of(row)}
    assert set(by_level) == {"community", "grid"}

    say(row, "apart", [by_level["community"]])
    assert [place["are"] for place in asked_areas.places_of(row)] == [None, "apart"]
    say(row, "one", [by_level["grid"]])
    apply(row)

    assert (names("community"), len(names("grid"))) == (["一社区", "第一社区"], 2)
    kept = db.session.scalars(select(SheetMeaning).where(SheetMeaning.about == "places")).all()
    assert sorted(one.words for one in kept) == ["一网格、网格1", "第一社区、一社区"]
    later = previewed(tmp_path / "b.xlsx", tree(("第一社区", "1网格", "5号楼")))
    assert refused(later) == []
    (place,) = asked_areas.places_of(later)
    assert (place["are"], place["said"]) == ("one", "2026-11-22")
    apply(later)
    assert len(names("grid")) == 2


def test_a_roster_and_teams_are_asked_too_and_find_the_place(session: None, tmp_path: Path) -> None:
    heads = (*PEOPLE[:5], "网格", "楼栋")
    people = [
        ("许一", CARDS[0], "17000000000", "2026-01-05", "和风居委会", "第一网格", "1栋2单元301室"),
        ("许二", CARDS[1], "17000000001", "2026-01-05", "和风社区", "一网格", "1号楼"),
    ]

    def fill(book: Workbook) -> None:
        tree(BUILDINGS[0])(book)
        add(book, "队伍", TEAMS, ("护学队", "和风", "居委会"))
        add(book, "花名册", heads, *people)

    row = previewed(tmp_path / "a.xlsx", fill)
    assert [reason for reason, _cure in refused(row)] == ["maybe_same_area"] * 2
    told = {place["level"]: place["others"] for place in asked_areas.places_of(row)}
    assert told == {"community": ["和风", "和风居委会"]}

    say(say(say(row, "one"), "one"), "one")

    assert refused(row) == []
    told = {place["level"]: place["others"] for place in asked_areas.places_of(row)}
    assert told["building"] == ["1栋…"]
    apply(row)
    assert names("building") == ["1号楼"]
    assert names("community") == ["和风社区"]


def test_units_of_one_building_become_it_only_when_that_is_said(
    session: None, tmp_path: Path
) -> None:
    rows = [("和风社区", "一网格", f"1号楼{n}单元") for n in (1, 2, 3)]
    row = previewed(tmp_path / "a.xlsx", tree(*rows))
    assert [reason for reason, _cure in refused(row)] == ["maybe_same_area"] * 2

    apply(say(row, "one"))

    assert names("building") == ["1号楼"]


def test_a_closed_place_gives_no_name(session: None, tmp_path: Path) -> None:
    apply(previewed(tmp_path / "a.xlsx", tree(BUILDINGS[0])))
    old = db.session.scalars(select(Area).where(Area.name == "1号楼")).one()
    old.closed_at = town.NOON
    db.session.flush()

    row = previewed(tmp_path / "b.xlsx", tree(BUILDINGS[1]))

    assert refused(row) == []


def test_a_place_that_is_not_asked_about_is_refused(session: None, tmp_path: Path) -> None:
    row = previewed(tmp_path / "a.xlsx", tree(*BUILDINGS))

    with pytest.raises(Invalid) as said:
        asked_areas.choose_places(row.id, "one", keys=["x"], by=town.SYSTEM, at=town.NOON)
    assert (said.value.field, row.state) == ("keys", "previewed")


def test_what_is_said_in_advance_holds_for_all_places(session: None, tmp_path: Path) -> None:
    book = Workbook()
    tree(*BUILDINGS[:3])(book)
    book.save(tmp_path / "a.xlsx")

    row = town.previewed([tmp_path / "a.xlsx"], sub_district=STREET, answers=Answers(alike="one"))

    assert refused(row) == []
    assert counts(row, "areas") == (3, 0)
    apply(row)
    assert names("building") == ["1号楼"]
    assert sheet_memory.places_of(row.area_id) != {}


def test_what_the_street_said_can_be_forgotten(session: None, tmp_path: Path) -> None:
    cast = make.cast()
    by: Any = make.acting(cast.coordinator)
    book = Workbook()
    tree(*BUILDINGS[:2])(book)
    book.save(tmp_path / "a.xlsx")
    row = town.previewed([tmp_path / "a.xlsx"], by, area_id=cast.town.id)
    asked_areas.choose_places(row.id, "one", by=by, at=town.NOON)
    (kept,) = sheet_memory.meanings(by).items
    assert (kept.about, kept.words, kept.meaning["are"]) == ("places", "1号楼、1栋", "one")

    sheet_memory.forget(kept.id, by=by, at=town.NOON)

    assert asked_areas.remembered(cast.town.id) is None
