"""The rows of one sheet, streamed: cells become text, numbers, dates, times or spans.

A formula gives its saved result; it is never computed. Without one, and for an error of Excel, the
cell is :class:`cells.Unreadable`. The value of a merged area applies to each of its cells.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import IO, Any, NamedTuple

from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import from_excel, from_ISO8601

from volunteer_service.workbooks.reading import merged_cells
from volunteer_service.workbooks.reading.archive import Limits
from volunteer_service.workbooks.reading.cells import Unreadable, readable
from volunteer_service.workbooks.reading.package import Package
from volunteer_service.workbooks.reading.shared_strings import (
    NOT_STRUCK,
    PARTLY_STRUCK,
    WHOLLY_STRUCK,
    Texts,
    unescaped,
)
from volunteer_service.workbooks.reading.xml_events import Attributes, BadXml
from volunteer_service.workbooks.refusals import CellTooLong, TooManyColumns

_LAST_ROW_OF_EXCEL, _LAST_COLUMN_OF_EXCEL = 1_048_576, 16_384

_TRUE = frozenset(("1", "true", "on"))

Cells = tuple[Any, ...]


class Row(NamedTuple):
    """A row with at least one filled cell; blank cells at the end are left out."""

    #: As Excel counts it, from 1.
    number: int
    #: The value of each cell: typed there, or in the merged area that covers it.
    cells: Cells
    #: What was typed into this row itself; the same object where no merged area reaches it.
    own: Cells
    #: Hidden by a filter or by hand.
    is_hidden: bool = False
    #: The columns whose cells are struck through, counted from 0.
    struck: frozenset[int] = frozenset()

    @property
    def is_struck(self) -> bool:
        """Tell whether more than half of its cells are struck through."""
        typed = sum(raw is not None for raw in self.own)
        return 2 * len(self.struck) > typed


class TooMuch(Exception):
    """A row exceeds a limit; the refusal is made once the file is known."""

    def __init__(self, refusal: type[TooManyColumns | CellTooLong], row: int, most: int) -> None:
        super().__init__()
        self.refusal = refusal
        self.numbers = {"row": row, "most": most}


def rows(source: IO[bytes], package: Package, limits: Limits) -> Iterator[Row]:
    """Yield the filled rows in their order; ``source`` is read twice.

    Raises :class:`TooMuch`, :class:`merged_cells.TooManyMerged` or :class:`xml_events.BadXml`.
    """
    merged = merged_cells.read(source, limits.merged, limits.columns)
    source.seek(0)
    grid = _Grid(package, limits, merged)
    for _piece in grid.read(source):
        yield from grid.finished
        grid.finished.clear()


class _Grid(Texts):
    def __init__(self, package: Package, limits: Limits, merged: merged_cells.MergedCells) -> None:
        super().__init__(limits.cell_length)
        self.finished: list[Row] = []
        self._package = package
        self._limits = limits
        self._merged = merged
        self._row = self._column = 0
        self._is_hidden = False
        self._struck: set[int] = set()
        self._look_of_row = "0"
        self._cells: dict[int, Any] = {}
        self._cell: Attributes = {}
        self._value: str | None = None
        self._formula: str | None = None

    def start(self, name: str, attributes: Attributes) -> None:
        """Begin a row or cell, which may state its place; else it follows the one before."""
        if name == "c":
            at = attributes.get("r")
            self._column = _column(at.rstrip("0123456789")) if at else self._column + 1
            if self._column > _LAST_COLUMN_OF_EXCEL:
                raise BadXml
            self._cell, self._value, self._formula = attributes, None, None
            self.heard()
            self.struck()
        elif name in ("v", "f"):
            self.listen()
        elif name == "row":
            self._row = _number_of(attributes.get("r"), self._row + 1)
            self._column, self._cells, self._struck = 0, {}, set()
            has_look = attributes.get("customFormat") in _TRUE
            self._look_of_row = attributes.get("s", "0") if has_look else "0"
            self._is_hidden = attributes.get("hidden") in _TRUE or attributes.get("ht") == "0"
        else:
            super().start(name, attributes)

    def end(self, name: str) -> None:
        """End a cell or row; a cell counts if it is filled, a row if one of its cells is."""
        if name == "c":
            self._keep()
        elif name == "v":
            self._value = self.heard()
        elif name == "f":
            self._formula = self.heard()
        elif name == "row":
            if self._cells:
                self._finish()
        elif name == "sheetData":
            self.is_done = True
        else:
            super().end(name)

    def _finish(self) -> None:
        own = cells = in_a_row(self._cells)
        if self._merged:
            cells = in_a_row(self._merged.fill(self._row, self._cells))
        struck = frozenset(self._struck)
        self.finished.append(Row(self._row, cells, own, self._is_hidden, struck))

    def _keep(self) -> None:
        value = self._typed(self._value) if self._value else unescaped(self.heard())
        if value == "" and self._formula is not None and self._cell.get("t") != "str":
            value = Unreadable(f"={self._formula}", "formula")
        if value == "" or self._is_blank_beyond(value):
            return
        if self._column > self._limits.columns:
            raise TooMuch(TooManyColumns, self._row, self._limits.columns)
        if isinstance(value, str):
            if len(value) > self._limits.cell_length:
                raise TooMuch(CellTooLong, self._row, self._limits.cell_length)
            value = readable(value)
        value = self._indented(value)
        struck = self._how_struck()
        if struck == PARTLY_STRUCK and isinstance(value, str):
            value = Unreadable(value, "struck")
        if struck == WHOLLY_STRUCK:
            self._struck.add(self._column - 1)
        self._cells[self._column] = value

    def _is_blank_beyond(self, value: Any) -> bool:
        """Tell whether a cell of spaces stands to the right of every column that is read."""
        is_beyond = self._column > self._limits.columns
        return is_beyond and isinstance(value, str) and value.isspace()

    def _indented(self, value: Any) -> Any:
        """Return the text with spaces for Excel's indentation, which may be the levels of a tree of
        areas.
        """
        indents = self._package.indents
        if not indents or not isinstance(value, str):
            return value
        return "  " * indents.get(self._cell.get("s", "0"), 0) + value

    def _how_struck(self) -> int:
        """Return how much is struck through: by the runs of its text, else by the style of the cell
        or row.
        """
        struck = self.struck()
        if self._cell.get("t") == "s" and self._value and self._value.isdigit():
            struck = self._package.strings.struck(int(self._value))
        if struck != NOT_STRUCK:
            return struck
        is_so = self._cell.get("s", self._look_of_row) in self._package.struck
        return WHOLLY_STRUCK if is_so else NOT_STRUCK

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
            # A false number or date stays as it is written.
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


def in_a_row(cells: dict[int, Any]) -> Cells:
    """Return cells by their column (from 1) as a list, with None for empty ones."""
    row = [None] * max(cells)
    for column, value in cells.items():
        row[column - 1] = value
    return tuple(row)
