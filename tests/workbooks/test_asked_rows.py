"""Rows that are hidden or struck through: in or out, as it is said; kept for the street."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook as Book
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font, NamedStyle

from tests import make
from tests.workbooks import town
from tests.workbooks.street_cells import only
from volunteer_service.db import db
from volunteer_service.errors import Invalid, NotFound
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.scoring.rewards.models import Gift
from volunteer_service.workbooks import applying, receiving, refused_rows
from volunteer_service.workbooks.asked_sheets import asked_rows, sheet_memory
from volunteer_service.workbooks.asked_sheets.asked_rows import RowLooks
from volunteer_service.workbooks.judging.hand_in import judge
from volunteer_service.workbooks.models import Import
from volunteer_service.workbooks.refusals import ImportNotReady

STRUCK = InlineFont(strike=True)


def gifts(path: Path, dress: Callable[[Book], None]) -> Path:
    book = Book()
    page = only(book)
    rows: list[tuple[object, ...]] = [("礼品名称", "所需积分", "库存数量")]
    rows += [("锅", 5, 1), ("碗", 6, 2), ("盆", 7, 3)]
    for row in rows:
        page.append(row)
    dress(book)
    book.save(path)
    return path


def looking(book: Book) -> None:
    """锅 is hidden, 碗 is struck through."""
    page = only(book)
    page.row_dimensions[2].hidden = True
    for cell in page[3]:
        cell.font = Font(strike=True)


def whole_text(book: Book) -> None:
    only(book)["A3"] = CellRichText(TextBlock(STRUCK, "碗"))


def by_named_style(book: Book) -> None:
    style = NamedStyle("作废", font=Font(strike=True))
    for cell in only(book)[3]:
        cell.style = style


def key_cell(book: Book) -> None:
    only(book)["A3"].font = Font(strike=True)


@pytest.fixture
def cast(session: None) -> make.Cast:
    return make.cast()


@pytest.fixture
def by(cast: make.Cast) -> Actor:
    return make.acting(cast.coordinator)


@pytest.fixture
def handed(cast: make.Cast, by: Actor, tmp_path: Path) -> Callable[..., Import]:
    def hand_in(dress: Callable[[Book], None] = looking) -> Import:
        return town.previewed([gifts(tmp_path / "a.xlsx", dress)], by, area_id=cast.town.id)

    return hand_in


def names(row: Import) -> set[str]:
    return {gift.name for gift in db.session.query(Gift).filter(Gift.import_id == row.id)}


def judged_again(row: Import) -> None:
    receiving.previewed(row.id, judge(row, at=town.NOON, tell=applying.silent))


def test_hidden_rows_are_in_and_struck_ones_wait(handed: Callable[..., Import], by: Actor) -> None:
    row = handed()

    assert (row.counts["hidden_rows"], row.counts["struck_rows"]) == (1, 1)
    assert row.counts["dirt"] == {"gifts_refused:struck_row_asked": 1}
    assert asked_rows.looks_of(row) == RowLooks("in", "asked")
    applying.apply(row.id, by=by, at=town.NOON)
    assert names(row) == {"锅", "盆"}


@pytest.mark.parametrize("dress", [looking, whole_text, by_named_style, key_cell])
def test_a_row_is_struck_by_its_cells_or_by_its_key_alone(
    handed: Callable[..., Import], dress: Callable[[Book], None]
) -> None:
    assert handed(dress).counts["struck_rows"] == 1


def test_a_text_that_is_struck_in_part_is_never_a_value(handed: Callable[..., Import]) -> None:
    def in_part(book: Book) -> None:
        only(book)["A3"] = CellRichText(TextBlock(STRUCK, "碗"), "大碗")

    row = handed(in_part)

    assert row.counts["dirt"] == {"gifts_refused:unreadable_cell": 1}


def test_what_is_said_is_foretold_done_and_kept(
    handed: Callable[..., Import], cast: make.Cast, by: Actor
) -> None:
    row = handed()
    asked_rows.choose(row.id, hidden="out", struck="in", by=by, at=town.NOON)
    judged_again(row)

    assert row.counts["dirt"] == {"gifts_refused:hidden_row": 1}
    assert row.counts["hidden_rows"] == 1
    applying.apply(row.id, by=by, at=town.NOON)
    assert names(row) == {"碗", "盆"}

    again = handed()
    day = town.NOON.date().isoformat()
    assert asked_rows.looks_of(again) == RowLooks("out", "in", day, day)
    assert again.counts["dirt"] == {"gifts_refused:hidden_row": 1}
    kept = sheet_memory.meanings(by).items
    assert {(one.about, one.words, one.meaning["come"]) for one in kept} == {
        *(("rows", "hidden", "out"), ("rows", "struck", "in")),
    }
    for one in list(kept):
        sheet_memory.forget(one.id, by=by, at=town.NOON)
    assert asked_rows.looks_of(handed()) == RowLooks("in", "asked")


def test_a_new_street_keeps_it_once_it_is_there(session: None, tmp_path: Path) -> None:
    path = gifts(tmp_path / "a.xlsx", looking)
    row = town.previewed([path], sub_district="新街道")
    asked_rows.choose(row.id, struck="out", by=town.SYSTEM, at=town.NOON)
    judged_again(row)
    applying.apply(row.id, by=town.SYSTEM, at=town.NOON)

    assert asked_rows.looks_of(town.previewed([path], sub_district="新街道")).struck == "out"


def test_left_out_rows_come_back_in_no_workbook_and_asked_ones_are_asked_again(
    handed: Callable[..., Import], by: Actor, tmp_path: Path, cast: make.Cast
) -> None:
    row = handed()
    asked_rows.choose(row.id, hidden="out", by=by, at=town.NOON)
    judged_again(row)
    out = BytesIO()
    refused_rows.refused_workbook(row.id, out, by=by)
    back = tmp_path / "back.xlsx"
    back.write_bytes(out.getvalue())

    page = load_workbook(back).worksheets[0]
    assert [cell.value for cell in page["A"]] == ["礼品名称", "碗"]
    again = town.previewed([back], by, area_id=cast.town.id)
    assert again.counts["dirt"] == {"gifts_refused:struck_row_asked": 1}


def test_who_says_what_and_when(handed: Callable[..., Import], by: Actor, cast: make.Cast) -> None:
    row = handed()

    other = make.account("he", "何静", role="coordinator", area=cast.elsewhere)
    stranger = make.acting(other)
    with pytest.raises(NotFound):
        asked_rows.choose(row.id, hidden="out", by=stranger, at=town.NOON)
    with pytest.raises(Invalid):
        asked_rows.choose(row.id, hidden="perhaps", by=by, at=town.NOON)
    applying.apply(row.id, by=by, at=town.NOON)
    with pytest.raises(ImportNotReady):
        asked_rows.choose(row.id, hidden="out", by=by, at=town.NOON)
