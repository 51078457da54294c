"""Streams the lines of a stranger's workbook: one row in memory at a time.

Title rows, total lines, blank rows, notes at the foot and repeated headers are left out; every
other row under a recognised header comes out as a :class:`Line`, good or bad.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl

from . import archive, cells, headers, rows
from .problems import NoKnownSheet, NotAWorkbook, WorkbookTooBig

#: A header stands within the first rows, under titles and notes at most.
_HEADER_WITHIN = 30
_LAST_ROW_OF_EXCEL = 1_048_576
_TOTAL = re.compile(r"(合\s*计|总\s*计|小\s*计|共\s*计|总\s*数|累\s*计)(?=$|[\s::\d共为])")
_NOTE = re.compile(r"(注|备注|说明|填表人|制表人?|审核人?|填报人|填报单位|经办人)\d?\s*:")

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Line:
    """One row under a header: what it says by field, and where it stands."""

    header: headers.Header
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

    def taken(
        self, row: rows.Row, is_new: bool, tidied: frozenset[str] = frozenset()
    ) -> rows.Taken:
        """The outcome of a row that may be taken."""
        where = (self.header.kind.name, self.file, self.sheet, self.row_number)
        return rows.Taken(*where, row, is_new, tidied)

    def refused(self, refusal: rows.Refusal) -> rows.RefusedRow:
        """The outcome of a row that may not."""
        where = (self.header.kind.name, self.file, self.sheet, self.row_number)
        why = (refusal.reason_code, refusal.field, refusal.cure)
        return rows.RefusedRow(*where, self.cells, *why)


class Workbook:
    """One file, looked at from outside and at its first rows; :meth:`lines` reads it whole."""

    def __init__(self, path: Path, limits: archive.Limits | None = None) -> None:
        """Find the header of every visible sheet; refuses the file if there is none at all."""
        self.path = path
        self.limits = limits or archive.Limits()
        #: The header of each sheet that has one we know.
        self.headers: dict[str, headers.Header] = {}
        #: Sheets that are hidden, or hold rows but no header we know.
        self.skipped: list[str] = []
        self._has_formulas = archive.look(path, self.limits).has_formulas
        above: list[Row] = []
        with closing(_open(path, data_only=False)) as book:
            if len(book.worksheets) > self.limits.sheets:
                self._too_big(f"工作表超过 {self.limits.sheets} 个")
            for sheet in book.worksheets:
                above += self._find_header(sheet)
        if not self.headers:
            raise NoKnownSheet(file=path.name, why=headers.nearest(above))

    def lines(self, kind: headers.Kind) -> Iterator[Line]:
        """Every row of this kind, in the order of the sheets."""
        titles = [title for title, header in self.headers.items() if header.kind is kind]
        if not titles:
            return
        with closing(_open(self.path, data_only=False)) as book:
            if not self._has_formulas:
                for title in titles:
                    yield from self._lines(title, _rows(self.path, book[title]), book.epoch)
                return
            with closing(_open(self.path, data_only=True)) as results:
                for title in titles:
                    texts = _rows(self.path, book[title])
                    merged = _with_results(texts, _rows(self.path, results[title]))
                    yield from self._lines(title, merged, book.epoch)

    def _find_header(self, sheet: Any) -> list[Row]:
        """Note the sheet's header; without one, give the rows that were looked at."""
        # What a person hid (last year's list) is not handed in.
        above: list[Row] = []
        if sheet.sheet_state == "visible":
            for row_number, row in self._filled(_rows(self.path, sheet)):
                header = headers.recognise(row, row_number, _title(above))
                if header is not None:
                    self.headers[sheet.title] = header
                    return []
                above.append(row)
                if len(above) == _HEADER_WITHIN:
                    break
        self.skipped.append(sheet.title)
        return above

    def _lines(self, sheet: str, lines: Iterator[Row], epoch: datetime) -> Iterator[Line]:
        header = self.headers[sheet]
        count = 0
        for row_number, row in self._filled(lines):
            # A list that was pasted together repeats its header on the way.
            if row_number <= header.row_number or row == header.cells or _is_furniture(row):
                continue
            count += 1
            if count > self.limits.rows:
                self._too_big(f"工作表“{sheet}”超过 {self.limits.rows} 行")
            yield Line(header, self.path.name, sheet, row_number, row, epoch)

    def _filled(self, lines: Iterator[Row]) -> Iterator[tuple[int, Row]]:
        for row_number, row in enumerate(lines, 1):
            if filled := self._within(row, row_number):
                yield row_number, filled

    def _within(self, row: Row, row_number: int) -> Row:
        """The row without its blank tail; () for a blank one; refused when it breaks a limit."""
        if row_number > _LAST_ROW_OF_EXCEL:
            raise NotAWorkbook(file=self.path.name)
        width = len(row)
        while width and (row[width - 1] is None or row[width - 1] == ""):
            width -= 1
        if width > self.limits.columns:
            self._too_big(f"第 {row_number} 行超过 {self.limits.columns} 列")
        row = row[:width]
        for raw in row:
            if isinstance(raw, str) and len(raw) > self.limits.cell_length:
                self._too_big(f"第 {row_number} 行有超过 {self.limits.cell_length} 字的单元格")
        return row if any(cells.text(raw) for raw in row) else ()

    def _too_big(self, what: str) -> None:
        raise WorkbookTooBig(file=self.path.name, what=what)


def _open(path: Path, data_only: bool) -> Any:
    try:
        return openpyxl.load_workbook(path, read_only=True, data_only=data_only, keep_links=False)
    except Exception as broken:  # openpyxl raises whatever its parser met
        raise NotAWorkbook(file=path.name) from broken


def _rows(path: Path, sheet: Any) -> Iterator[Row]:
    # The stated dimension may be a lie: too small hides rows, too wide pads each to 16,384 cells.
    sheet.reset_dimensions()
    found = sheet.iter_rows(values_only=True)
    while True:
        try:
            row = next(found)
        except StopIteration:
            return
        except Exception as broken:  # broken XML, entities, impossible cell names
            raise NotAWorkbook(file=path.name) from broken
        yield row


def _with_results(texts: Iterator[Row], results: Iterator[Row]) -> Iterator[Row]:
    """Where a cell is a formula: the result that was saved with it, or its text if none was."""
    for row, saved in zip(texts, results, strict=True):
        yield tuple(
            text if result is None else result for text, result in zip(row, saved, strict=True)
        )


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
