"""The rows of one sheet, streamed: cells become text, numbers, dates, times or spans.

A formula gives the result that was saved with it, or its own text if none was; it is never
computed.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import IO, Any

from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import from_excel, from_ISO8601

from volunteer_service.workbooks.reading.archive import Limits
from volunteer_service.workbooks.reading.package import Package
from volunteer_service.workbooks.reading.shared_strings import Texts, unescaped
from volunteer_service.workbooks.reading.xml_events import Attributes, BadXml
from volunteer_service.workbooks.refusals import CellTooLong, TooManyColumns

_LAST_ROW_OF_EXCEL, _LAST_COLUMN_OF_EXCEL = 1_048_576, 16_384

Row = tuple[Any, ...]


class TooMuch(Exception):
    """A row breaks a limit: which refusal it is, once the file is named."""

    def __init__(self, refusal: type[TooManyColumns | CellTooLong], row: int, most: int) -> None:
        super().__init__()
        self.refusal = refusal
        self.numbers = {"row": row, "most": most}


def rows(source: IO[bytes], package: Package, limits: Limits) -> Iterator[tuple[int, Row]]:
    """The filled rows with their numbers, without blank cells at their ends.

    Raises :class:`TooMuch` or :class:`xml_events.BadXml`.
    """
    grid = _Grid(package, limits)
    for _piece in grid.read(source):
        yield from grid.finished
        grid.finished.clear()


class _Grid(Texts):
    def __init__(self, package: Package, limits: Limits) -> None:
        super().__init__(limits.cell_length)
        self.finished: list[tuple[int, Row]] = []
        self._package = package
        self._limits = limits
        self._row = self._column = 0
        self._cells: dict[int, Any] = {}
        self._cell: Attributes = {}
        self._value: str | None = None
        self._formula: str | None = None

    def start(self, name: str, attributes: Attributes) -> None:
        """Rows and cells may say where they stand; else they follow the one before."""
        if name == "c":
            at = attributes.get("r")
            self._column = _column(at.rstrip("0123456789")) if at else self._column + 1
            if self._column > _LAST_COLUMN_OF_EXCEL:
                raise BadXml
            self._cell, self._value, self._formula = attributes, None, None
            self.heard()
        elif name in ("v", "f"):
            self.listen()
        elif name == "row":
            self._row = _number_of(attributes.get("r"), self._row + 1)
            self._column, self._cells = 0, {}
        else:
            super().start(name, attributes)

    def end(self, name: str) -> None:
        """A cell counts when it says something, a row when one of its cells does."""
        if name == "c":
            self._keep()
        elif name == "v":
            self._value = self.heard()
        elif name == "f":
            self._formula = self.heard()
        elif name == "row":
            if self._cells:
                self.finished.append((self._row, _in_a_row(self._cells)))
        elif name == "sheetData":
            self.is_done = True
        else:
            super().end(name)

    def _keep(self) -> None:
        value = self._typed(self._value) if self._value else unescaped(self.heard())
        if value == "" and self._formula is not None:
            value = f"={self._formula}"
        if value == "":
            return
        if self._column > self._limits.columns:
            raise TooMuch(TooManyColumns, self._row, self._limits.columns)
        if isinstance(value, str) and len(value) > self._limits.cell_length:
            raise TooMuch(CellTooLong, self._row, self._limits.cell_length)
        self._cells[self._column] = value

    def _typed(self, words: str) -> Any:
        kind = self._cell.get("t", "n")
        try:
            if kind == "s":
                return self._package.strings.at(int(words))
            if kind == "n":
                return self._number(words)
            if kind == "b":
                return bool(int(words))
            return from_ISO8601(words) if kind == "d" else unescaped(words)
        except (ValueError, OverflowError) as broken:
            if kind == "s":
                raise BadXml from broken
            # What claims to be a number or a date and is none: as it is written.
            return words

    def _number(self, words: str) -> Any:
        number = float(words) if any(sign in words for sign in ".eE") else int(words)
        style = self._cell.get("s", "0")
        if style not in self._package.dates:
            return number
        is_span = style in self._package.spans
        return from_excel(number, self._package.epoch, timedelta=is_span)


def _number_of(said: str | None, following: int) -> int:
    try:
        number = int(said) if said else following
    except ValueError as broken:
        raise BadXml from broken
    if not 0 < number <= _LAST_ROW_OF_EXCEL:
        raise BadXml
    return number


@lru_cache(_LAST_COLUMN_OF_EXCEL)
def _column(letters: str) -> int:
    try:
        return int(column_index_from_string(letters))
    except ValueError as broken:
        raise BadXml from broken


def _in_a_row(cells: dict[int, Any]) -> Row:
    row = [None] * max(cells)
    for column, value in cells.items():
        row[column - 1] = value
    return tuple(row)
