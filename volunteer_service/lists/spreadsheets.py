"""Files for spreadsheets, written a row at a time; no cell is run as a formula, however it begins.

A file grows on disk beyond some megabytes, so that its length costs no memory.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import TextIOWrapper
from itertools import chain, count, islice
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from volunteer_service.workbooks.reading.cells import harmless

#: Bytes above which a file is written to disk.
_IN_MEMORY = 8 * 1024 * 1024
#: Lines of one sheet beside its headers: a spreadsheet holds 1,048,576.
_LINES = 1_000_000
#: Rows by which the widths of columns are measured, and the bounds of a width in digits.
_MEASURED, _NARROWEST, _WIDEST = 200, 8, 48
#: Characters beyond it are as wide as two digits.
_LATIN = 0x2E7F
#: Title, headers and lines of a sheet.
Sheet = tuple[str, Sequence[str], Iterable[Sequence[Any]]]
#: The kinds of files, with their media types; papers are written by their list.
KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "pdf": "application/pdf",
}


def write(
    kind: str, out: IO[bytes], title: str, headers: Sequence[str], lines: Iterable[Sequence[Any]]
) -> None:
    """Write one list into an open file as this kind."""
    if kind == "xlsx":
        _write_book(out, [(title, headers, lines)])
    else:
        _write_text(out, headers, lines)


def workbook(sheets: Iterable[Sheet]) -> IO[bytes]:
    """Return a workbook of several sheets."""
    return filled(lambda out: _write_book(out, sheets))


def filled(write: Callable[[IO[bytes]], None]) -> IO[bytes]:
    """Return a file that ``write`` filled, ready to be read from its start."""
    out: IO[bytes] = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 sent, then closed
    try:
        write(out)
    except BaseException:
        out.close()
        raise
    out.seek(0)
    return out


def _write_book(out: IO[bytes], sheets: Iterable[Sheet]) -> None:
    book = Workbook(write_only=True)
    try:
        for title, headers, lines in sheets:
            _write_sheet(book, title, headers, iter(lines))
        book.save(out)
    except BaseException:
        _forget(book)
        raise


def _write_sheet(
    book: Workbook, title: str, headers: Sequence[str], lines: Iterator[Sequence[Any]]
) -> None:
    """Write one list; rows beyond the size of a sheet are written to the next one."""
    first = list(islice(lines, _MEASURED))
    widths = [_width(column) for column in zip(headers, *first, strict=True)]
    lines = chain(first, lines)
    name, line = title, next(lines, None)
    for number in count(2):
        page = book.create_sheet(name)
        _set_up(page, widths)
        page.append(list(headers))
        for _row in range(_LINES):
            if line is None:
                return
            page.append([_cell(page, value) for value in line])
            line = next(lines, None)
        if line is None:
            return
        name = f"{title} {number}"


def _set_up(page: Any, widths: Sequence[int]) -> None:
    """Set what a sheet is read and printed with; before its first row, which is written at once."""
    for at, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(at)].width = width
    page.freeze_panes = "A2"
    page.print_title_rows = "1:1"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _width(column: Sequence[Any]) -> int:
    """Return the width that shows most cells whole, in digits; a Chinese character is two."""
    shown = ("" if value is None else str(value) for value in column)
    longest = max(sum(2 if ord(char) > _LATIN else 1 for char in text) for text in shown)
    return min(max(longest + 2, _NARROWEST), _WIDEST)


def _forget(book: Workbook) -> None:
    """Remove the files of an unfinished workbook, because openpyxl keeps one for each sheet."""
    for page in book.worksheets:
        # Closed first, because an open sheet writes its end when it is collected.
        page.close()
        page._writer.cleanup()


def _write_text(out: IO[bytes], headers: Sequence[str], lines: Iterable[Sequence[Any]]) -> None:
    # With a byte-order mark, because Excel assumes another encoding without it.
    text = TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(headers)
    writer.writerows([harmless(value) for value in line] for line in lines)
    text.detach()


def _cell(page: Any, value: Any) -> WriteOnlyCell:
    cell = WriteOnlyCell(page, harmless(value))
    if isinstance(value, str):
        # Text stays text, whatever it begins with.
        cell.data_type = "s"
    return cell
