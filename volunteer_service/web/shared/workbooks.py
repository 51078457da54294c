"""Lists as workbooks, written a row at a time; a cell runs nothing, whatever it begins with."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from tempfile import SpooledTemporaryFile
from typing import IO, Any, TypeVar

from flask import Response, send_file
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from volunteer_service.paging import Page
from volunteer_service.workbooks.reading.cells import harmless

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Rows beyond what fits here go to a file on disk.
_IN_MEMORY = 8 * 1024 * 1024
#: Rows read from the database at a time.
BATCH = 200

T = TypeVar("T")


def written(title: str, headers: Sequence[str], lines: Iterable[Sequence[Any]]) -> IO[bytes]:
    """The workbook of one sheet, ready to be read from its start."""
    return written_sheets([(title, headers, lines)])


def written_sheets(
    sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Any]]]],
) -> IO[bytes]:
    """The same of several sheets: title, headers and lines of each."""
    book = Workbook(write_only=True)
    for title, headers, lines in sheets:
        page = book.create_sheet(title)
        page.append(list(headers))
        for line in lines:
            page.append([_cell(page, value) for value in line])
    out: IO[bytes] = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 sent, then closed
    book.save(out)
    out.seek(0)
    return out


def sent(name: str, out: IO[bytes]) -> Response:
    """The answer that a browser keeps as a file."""
    return send_file(out, mimetype=XLSX, as_attachment=True, download_name=name, max_age=0)


def all_pages(listed: Callable[[str | None], Page[T]]) -> Iterator[T]:
    """Every row of a list, page after page; ``listed`` takes the cursor."""
    cursor = None
    while True:
        found = listed(cursor)
        yield from found.items
        cursor = found.next
        if cursor is None:
            return


def _cell(page: Any, value: Any) -> WriteOnlyCell:
    cell = WriteOnlyCell(page, harmless(value))
    if isinstance(value, str):
        # Text stays text, whatever it begins with.
        cell.data_type = "s"
    return cell
