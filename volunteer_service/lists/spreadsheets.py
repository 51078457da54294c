"""Files that a spreadsheet opens, written a row at a time; a cell runs nothing, however it begins.

A file grows on disk beyond some megabytes, so that its length costs no memory.
"""

import csv
from collections.abc import Callable, Iterable, Sequence
from io import TextIOWrapper
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from volunteer_service.workbooks.reading.cells import harmless

#: Rows beyond what fits here go to a file on disk.
_IN_MEMORY = 8 * 1024 * 1024
#: Title, headers and lines of a sheet.
Sheet = tuple[str, Sequence[str], Iterable[Sequence[Any]]]
#: The kinds of files, with their media types.
KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}


def written(
    kind: str, title: str, headers: Sequence[str], lines: Iterable[Sequence[Any]]
) -> IO[bytes]:
    """Return one list as a file of this kind, ready to be read from its start."""
    if kind == "xlsx":
        return workbook([(title, headers, lines)])
    return _filled(lambda out: _write_text(out, headers, lines))


def workbook(sheets: Iterable[Sheet]) -> IO[bytes]:
    """Return a workbook of several sheets."""
    return _filled(lambda out: _write_book(out, sheets))


def _filled(write: Callable[[IO[bytes]], None]) -> IO[bytes]:
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
    for title, headers, lines in sheets:
        page = book.create_sheet(title)
        page.append(list(headers))
        for line in lines:
            page.append([_cell(page, value) for value in line])
    book.save(out)


def _write_text(out: IO[bytes], headers: Sequence[str], lines: Iterable[Sequence[Any]]) -> None:
    # With the mark of UTF-8: Excel takes it for another encoding otherwise.
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
