"""Lists as workbooks, written a row at a time; no cell is run as a formula, whatever it begins
with.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, Any, TypeVar

from flask import Response, send_file

from volunteer_service.lists import spreadsheets
from volunteer_service.paging import Page

#: Rows read from the database at a time.
BATCH = 200

T = TypeVar("T")


def written(title: str, headers: Sequence[str], lines: Iterable[Sequence[Any]]) -> IO[bytes]:
    """Return the workbook of one sheet, ready to be read from its start."""
    return written_sheets([(title, headers, lines)])


def written_sheets(sheets: Iterable[spreadsheets.Sheet]) -> IO[bytes]:
    """Return the same of several sheets: title, headers and lines of each."""
    return spreadsheets.workbook(sheets)


def sent(name: str, out: IO[bytes]) -> Response:
    """Return the answer that a browser saves as a file."""
    kind = spreadsheets.KINDS[name.rpartition(".")[2]]
    return send_file(out, mimetype=kind, as_attachment=True, download_name=name, max_age=0)


def all_pages(listed: Callable[[str | None], Page[T]]) -> Iterator[T]:
    """Yield every row of a list, page after page; ``listed`` takes the cursor."""
    cursor = None
    while True:
        found = listed(cursor)
        yield from found.items
        cursor = found.next
        if cursor is None:
            return
