"""Streams the lines of a stranger's workbook: one row in memory at a time.

Title rows, total lines, blank rows, notes at the foot and repeated headers are left out; every
other row under a recognised header comes out as a :class:`Line`, good or bad.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from volunteer_service.errors import Phrase
from volunteer_service.workbooks.reading import (
    archive,
    cells,
    grid,
    known_columns,
)
from volunteer_service.workbooks.reading.grid import Row
from volunteer_service.workbooks.reading.package import Package, SheetPart, TooManyStrings
from volunteer_service.workbooks.reading.xml_events import BadXml
from volunteer_service.workbooks.refusals import NoKnownSheet, NotAWorkbook, WorkbookTooBig

#: A header stands within the first rows, under titles and notes at most.
_HEADER_WITHIN = 30
_TOTAL = re.compile(r"(合\s*计|总\s*计|小\s*计|共\s*计|总\s*数|累\s*计)(?=$|[\s::\d共为])")
_NOTE = re.compile(r"(注|备注|说明|填表人|制表人?|审核人?|填报人|填报单位|经办人)\d?\s*:")


@dataclass(frozen=True)
class Line:
    """One row under a header: what it says by field, and where it stands."""

    header: known_columns.Header
    file: str
    sheet: str
    row_number: int
    cells: Row
    epoch: datetime

    def raw(self, name: str) -> Any:
        """The untouched cell of a field; None where the sheet has no such column."""
        column = self.header.columns.get(name)
        return self.cells[column] if column is not None and column < len(self.cells) else None

    def text(self, name: str) -> str:
        """The words of a field."""
        return cells.text(self.raw(name))

    def name(self, name: str) -> str:
        """A field that holds a name."""
        return cells.name(self.raw(name))


class Workbook:
    """One file, looked at from outside and at its first rows; :meth:`lines` reads it whole."""

    def __init__(self, path: Path, limits: archive.Limits | None = None) -> None:
        """Find the header of every visible sheet; refuses the file if there is none at all."""
        self.path = path
        self.limits = limits or archive.Limits()
        #: The header of each sheet that has one we know.
        self.headers: dict[str, known_columns.Header] = {}
        #: Sheets that are hidden, or hold rows but no header we know.
        self.skipped: list[str] = []
        archive.check(path, self.limits)
        above: list[Row] = []
        with self._opened() as package:
            if len(package.sheets) > self.limits.sheets:
                self._too_big(Phrase("工作表超过 %(most)s 个", most=self.limits.sheets))
            for sheet in package.sheets:
                above += self._find_header(package, sheet)
        if not self.headers:
            raise NoKnownSheet(file=path.name, why=known_columns.nearest(above))

    def lines(self, kind: known_columns.Kind) -> Iterator[Line]:
        """Every row of this kind, in the order of the sheets."""
        titles = {title for title, header in self.headers.items() if header.kind is kind}
        if not titles:
            return
        with self._opened() as package:
            for sheet in package.sheets:
                if sheet.title in titles:
                    yield from self._lines(package, sheet)

    @contextmanager
    def _opened(self) -> Iterator[Package]:
        """The open file; what is wrong inside is raised as one of :mod:`refusals`."""
        try:
            with zipfile.ZipFile(self.path) as opened:
                yield Package(opened, self.limits)
        except grid.TooMuch as much:
            raise much.refusal(file=self.path.name, **much.numbers) from None
        except TooManyStrings:
            self._too_big(Phrase("不同的文字超过 %(most)s 个", most=self.limits.strings))
        except (BadXml, *archive.BROKEN) as broken:
            raise NotAWorkbook(file=self.path.name) from broken

    def _rows(self, package: Package, sheet: SheetPart) -> Iterator[tuple[int, Row]]:
        with package.open(sheet) as source:
            for row_number, row in grid.rows(source, package, self.limits):
                if any(map(cells.text, row)):
                    yield row_number, row

    def _find_header(self, package: Package, sheet: SheetPart) -> list[Row]:
        """Note the sheet's header; without one, give the rows that were looked at."""
        # What a person hid (last year's list) is not handed in.
        above: list[Row] = []
        if sheet.is_visible:
            for row_number, row in self._rows(package, sheet):
                header = known_columns.recognise(row, row_number, _title(above))
                if header is not None:
                    self.headers[sheet.title] = header
                    return []
                above.append(row)
                if len(above) == _HEADER_WITHIN:
                    break
        self.skipped.append(sheet.title)
        return above

    def _lines(self, package: Package, sheet: SheetPart) -> Iterator[Line]:
        header = self.headers[sheet.title]
        count = 0
        for row_number, row in self._rows(package, sheet):
            # A list that was pasted together repeats its header on the way.
            if row_number <= header.row_number or row == header.cells or _is_furniture(row):
                continue
            count += 1
            if count > self.limits.rows:
                self._too_big(
                    Phrase(
                        "工作表“%(sheet)s”超过 %(most)s 行",
                        sheet=sheet.title,
                        most=self.limits.rows,
                    )
                )
            yield Line(header, self.path.name, sheet.title, row_number, row, package.epoch)

    def _too_big(self, what: Phrase) -> None:
        raise WorkbookTooBig(file=self.path.name, what=what)


def _title(above: Sequence[Row]) -> str:
    words = (cells.text(raw) for row in above for raw in row)
    return next((found for found in words if found), "")


def _is_furniture(row: Row) -> bool:
    """A total line or a note at the foot: it starts with the word and fills few columns."""
    first = next(found for found in map(cells.text, row) if found)
    if not _TOTAL.match(first) and not _NOTE.match(first):
        return False
    filled = sum(1 for raw in row if cells.text(raw))
    return filled <= 1 + len(row) // 2
