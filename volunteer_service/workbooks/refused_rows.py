"""The refused rows of an import: their list, and the workbook that returns them.

In the workbook the sheets, the title, the columns and the type of each value stay as they were, so
that the corrected file can be handed in as it is; an import ignores the added columns.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from sqlalchemy import select

from volunteer_service.db import db
from volunteer_service.paging import Page, Sorts, page
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.workbooks.import_states import allowed
from volunteer_service.workbooks.judging import taken_or_refused
from volunteer_service.workbooks.judging.taken_or_refused import LEFT_OUT, WORDS
from volunteer_service.workbooks.models import Import, RefusedRow
from volunteer_service.workbooks.reading import cells

REFUSED_SORTS = Sorts(RefusedRow.id, "id", kind=RefusedRow.kind, reason=RefusedRow.reason)
ADDED = ("退回原因", "建议", "原因代码", "原行号")
_ADDED_WIDTHS = (36, 52, 26, 8)
_AT_FAULT = PatternFill("solid", start_color="FFF2CC")
_BOLD = Font(bold=True)
#: A row that was struck through is so again, so that the question is asked again.
_STRUCK = Font(strike=True)
_TITLE_LENGTH = 31
#: The formats of a day, a time and a span.
_FORMATS: dict[type, str] = {
    date: "yyyy-mm-dd",
    datetime: "yyyy-mm-dd",
    time: "hh:mm",
    timedelta: "[h]:mm",
}


@dataclass(frozen=True)
class Sheet:
    """The refused rows of one sheet, under the header they had."""

    name: str
    title: str
    header: Sequence[Any]
    rows: Iterable[taken_or_refused.RefusedRow]
    #: Field name to column, counted from 0.
    columns: Mapping[str, int] = field(default_factory=dict)


def refused_rows(
    import_id: int,
    *,
    by: Actor,
    kind: str | None = None,
    reason: str | None = None,
    sort: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[RefusedRow]:
    """List the rows that were refused, in the order in which they were read."""
    row = allowed(import_id, by)
    query = select(RefusedRow).where(RefusedRow.import_id == row.id)
    if kind:
        query = query.where(RefusedRow.kind == kind)
    if reason:
        query = query.where(RefusedRow.reason == reason)
    return page(query, REFUSED_SORTS, sort=sort, cursor=cursor, limit=limit)


def refused_workbook(
    import_id: int, out: BinaryIO, *, by: Actor, words: Callable[[str], str] = str
) -> None:
    """Write the refused rows as the workbook they came in, with the reason beside each."""
    row = allowed(import_id, by)
    write(out, _sheets(row), words)


def _sheets(row: Import) -> Iterator[Sheet]:
    for file in row.files:
        for sheet in file["sheets"]:
            mine = (
                RefusedRow.import_id == row.id,
                RefusedRow.file == file["name"],
                RefusedRow.sheet == sheet["name"],
                RefusedRow.reason.not_in(LEFT_OUT),
            )
            if db.session.scalar(select(RefusedRow.id).where(*mine).limit(1)) is not None:
                found = db.session.scalars(
                    select(RefusedRow).where(*mine).order_by(RefusedRow.id),
                    execution_options={"yield_per": 500},
                )
                yield Sheet(
                    sheet["name"],
                    sheet["title"],
                    sheet["header"],
                    map(_plain, found),
                    sheet.get("columns", {}),
                )


def _plain(kept: RefusedRow) -> taken_or_refused.RefusedRow:
    return taken_or_refused.RefusedRow(
        kept.kind,
        kept.file,
        kept.sheet,
        kept.row_number,
        tuple(kept.cells),
        kept.reason,
        kept.field,
        kept.cure,
    )


def write(out: BinaryIO, sheets: Iterable[Sheet], words: Callable[[str], str] = str) -> None:
    """Write one workbook, a row at a time; ``words`` translates reasons and the added headers.

    Every text is stored as text and, if a spreadsheet would run it, with an apostrophe in front.
    """
    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(_sheet_name(sheet.name))
        width = len(sheet.header)
        for added, size in enumerate(_ADDED_WIDTHS, width + 1):
            page.column_dimensions[get_column_letter(added)].width = size
        if sheet.title:
            page.append([typed_cell(page, sheet.title)])
        heads = [*sheet.header, *map(words, ADDED)]
        page.append([typed_cell(page, head, font=_BOLD) for head in heads])
        page.freeze_panes = f"A{3 if sheet.title else 2}"
        for row in sheet.rows:
            page.append(_line(page, row, width, sheet.columns.get(row.field or ""), words))
    book.save(out)


def _line(
    page: Any,
    row: taken_or_refused.RefusedRow,
    width: int,
    at_fault: int | None,
    words: Callable[[str], str],
) -> list[WriteOnlyCell]:
    kept = [*row.cells, *([None] * width)][:width]
    font = _STRUCK if row.reason_code == "struck_row_asked" else None
    line = [typed_cell(page, raw, font=font) for raw in kept]
    if at_fault is not None:
        line[at_fault].fill = _AT_FAULT
    reason = words(WORDS[row.reason_code])
    added = (reason, row.cure or "", row.reason_code, row.row_number)
    return line + [typed_cell(page, value) for value in added]


def typed_cell(page: Any, raw: Any, font: Font | None = None) -> WriteOnlyCell:
    """Return a harmless cell that keeps the type of its value: text as text, days and times as
    such.
    """
    value = cells.harmless(raw)
    cell = WriteOnlyCell(page, value)
    if isinstance(value, str):
        # Text format, so that an ID number typed into this cell keeps all its digits.
        cell.data_type, cell.number_format = "s", "@"
    elif type(value) in _FORMATS:
        cell.number_format = _format(value)
    if font is not None:
        cell.font = font
    return cell


def _format(value: Any) -> str:
    has_clock = isinstance(value, datetime) and value.time() != time()
    return _FORMATS[type(value)] + (" hh:mm" if has_clock else "")


def _sheet_name(name: str) -> str:
    """Return a name that Excel accepts: 31 characters, none of its seven forbidden signs."""
    kept = "".join("_" if sign in "[]:*?/\\" else sign for sign in name)
    return kept[:_TITLE_LENGTH] or "退回"
