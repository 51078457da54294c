"""Gives the refused rows back as the workbook they came in, with the reason beside each.

The columns and the title stay as they were, so that the mended file can be handed in as it is; the
added columns are ones that an import does not know and passes over.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from volunteer_service.workbooks.judging.reasons import WORDS
from volunteer_service.workbooks.judging.rows import RefusedRow
from volunteer_service.workbooks.reading import cells, headers

ADDED = ("退回原因", "建议", "原因代码", "原行号")
_ADDED_WIDTHS = (36, 52, 26, 8)
_AT_FAULT = PatternFill("solid", start_color="FFF2CC")
_BOLD = Font(bold=True)
_TITLE_LENGTH = 31


@dataclass(frozen=True)
class Sheet:
    """The refused rows of one sheet, under the header they had."""

    name: str
    title: str
    header: Sequence[Any]
    rows: Iterable[RefusedRow]


def write(out: BinaryIO, sheets: Iterable[Sheet], words: Callable[[str], str] = str) -> None:
    """Write one workbook, a row at a time; ``words`` translates reasons and the added headers.

    Every text is stored as text and, where a spreadsheet would run it, led by an apostrophe.
    """
    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(_sheet_name(sheet.name))
        width = len(sheet.header)
        for added, size in enumerate(_ADDED_WIDTHS, width + 1):
            page.column_dimensions[get_column_letter(added)].width = size
        page.append([_cell(page, sheet.title)])
        heads = [*sheet.header, *map(words, ADDED)]
        page.append([_cell(page, head, font=_BOLD) for head in heads])
        found = headers.recognise(sheet.header, 1, sheet.title)
        columns = found.columns if found else {}
        for row in sheet.rows:
            page.append(_line(page, row, width, columns.get(row.field or ""), words))
    book.save(out)


def _line(
    page: Any, row: RefusedRow, width: int, at_fault: int | None, words: Callable[[str], str]
) -> list[WriteOnlyCell]:
    kept = [*row.cells, *([None] * width)][:width]
    line = [_cell(page, raw) for raw in kept]
    if at_fault is not None:
        line[at_fault].fill = _AT_FAULT
    reason = words(WORDS[row.reason_code])
    added = (reason, row.cure or "", row.reason_code, row.row_number)
    return line + [_cell(page, value) for value in added]


def _cell(page: Any, raw: Any, font: Font | None = None) -> WriteOnlyCell:
    value = cells.harmless(raw)
    cell = WriteOnlyCell(page, value)
    if isinstance(value, str):
        # Text format: an ID number that is typed into this cell keeps all its digits.
        cell.data_type, cell.number_format = "s", "@"
    if font is not None:
        cell.font = font
    return cell


def _sheet_name(name: str) -> str:
    """A name that Excel takes: 31 characters, none of its seven signs."""
    kept = "".join("_" if sign in "[]:*?/\\" else sign for sign in name)
    return kept[:_TITLE_LENGTH] or "退回"
