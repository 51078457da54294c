"""Merged cells: the value of an area's first cell applies to every cell that it covers.

A sheet lists its merged cells after its rows, so they are read first. Eight bytes of
memory for each area while a sheet is read, whatever it covers; of a hostile area only the columns
that a list may have.
"""

from array import array
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, Any

from openpyxl.utils import range_boundaries

from volunteer_service.workbooks.reading.xml_events import Attributes, BadXml, Events

_LAST_ROW_OF_EXCEL = 1_048_576
_PIECE = 64 * 1024
_WORD = "mergeCell"
_PLAIN = b"<mergeCells"
_SPELLINGS = tuple(_WORD.encode(coding) for coding in ("utf-8", "utf-16-le", "utf-16-be"))
#: The bits of a row and of a column in an area of 64 bits.
_ROW, _COLUMN = 20, 7
_ROWS, _COLUMNS = 2**_ROW - 1, 2**_COLUMN - 1


class TooManyMerged(Exception):
    """A sheet has more merged areas than a list; stays within this package."""


class MergedCells:
    """The areas of one sheet, and the values that apply in the present row."""

    def __init__(self, most: int, columns: int) -> None:
        self._most = most
        self._last_column = min(columns, _COLUMNS)
        self._areas = array("Q")
        self._next: Iterator[int] | None = None
        self._waiting: int | None = None
        #: By column: the last row in which the value applies, and the value.
        self._holding: dict[int, tuple[int, Any]] = {}

    def __bool__(self) -> bool:
        return bool(self._areas)

    def add(self, top: int, bottom: int, left: int, right: int) -> None:
        """Note an area; all four count from 1 and belong to it."""
        if left > self._last_column or (top, left) == (bottom, right):
            return
        if len(self._areas) >= self._most:
            raise TooManyMerged
        rows = (top - 1) << _ROW | min(bottom, _LAST_ROW_OF_EXCEL) - 1
        columns = left << _COLUMN | min(right, self._last_column)
        self._areas.append(rows << 2 * _COLUMN | columns)

    def fill(self, number: int, cells: dict[int, Any]) -> dict[int, Any]:
        """Return the cells (by column from 1) of this row with those that a merged area covers.

        Rows come in ascending order; a covered cell's own text stays.
        """
        self._begin(number, cells)
        over = [column for column, (last, _value) in self._holding.items() if last < number]
        for column in over:
            del self._holding[column]
        if not self._holding:
            return cells
        held = {column: value for column, (_last, value) in self._holding.items()}
        return {**held, **cells}

    def _begin(self, number: int, cells: dict[int, Any]) -> None:
        """Take the areas that begin in this row; one with an empty first cell has no value."""
        if self._next is None:
            self._next = iter(sorted(self._areas))
            self._waiting = next(self._next, None)
        while self._waiting is not None and self._top(self._waiting) <= number:
            area, self._waiting = self._waiting, next(self._next, None)
            left, right = area >> _COLUMN & _COLUMNS, area & _COLUMNS
            if self._top(area) == number and left in cells:
                bottom = (area >> 2 * _COLUMN & _ROWS) + 1
                for column in range(left, right + 1):
                    self._holding[column] = (bottom, cells[left])

    @staticmethod
    def _top(area: int) -> int:
        return (area >> (2 * _COLUMN + _ROW)) + 1


def read(source: IO[bytes], most: int, columns: int) -> MergedCells:
    """Look through the part of a sheet for its merged areas; reads nothing else of it."""
    found = MergedCells(most, columns)
    before = b""
    while piece := source.read(_PIECE):
        both = before + piece
        at = both.find(_PLAIN)
        if at >= 0:
            _take(_Rest(b"<w>" + both[at:], source), found)
            return found
        if any(spelling in both for spelling in _SPELLINGS) and not both.endswith(b"<mergeCell"):
            # With a prefix, or two bytes for each character, it is read from the beginning as XML.
            source.seek(0)
            _take(source, found)
            return found
        before = both[-2 * len(_PLAIN) :]
    return found


class _Rest:
    """The bytes from the merged areas on."""

    def __init__(self, begun: bytes, source: IO[bytes]) -> None:
        self._begun = begun
        self._source = source

    def read(self, size: int) -> bytes:
        """Return the next piece."""
        begun, self._begun = self._begun, b""
        return begun or self._source.read(size)


class _Over(Exception):
    """The last area was read."""


def _take(source: Any, found: MergedCells) -> None:
    with suppress(_Over):
        _Areas(found).read_all(source)


class _Areas(Events):
    def __init__(self, found: MergedCells) -> None:
        super().__init__(0)
        self._found = found

    def start(self, name: str, attributes: Attributes) -> None:
        """Note the area of a <mergeCell>, «A2:A4»."""
        if name != "mergeCell":
            return
        try:
            left, top, right, bottom = range_boundaries(attributes.get("ref", ""))
        except (ValueError, TypeError) as broken:
            raise BadXml from broken
        if None in (left, top, right, bottom) or not 0 < top <= bottom <= _LAST_ROW_OF_EXCEL:
            raise BadXml
        if not 0 < left <= right:
            raise BadXml
        self._found.add(top, bottom, left, right)

    def end(self, name: str) -> None:
        """Stop after the last area."""
        if name == "mergeCells":
            raise _Over
