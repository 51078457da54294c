"""The workbooks of Excel 97 to 2003 (.xls, and .et of WPS), read by xlrd, which runs no macro.

xlrd holds one sheet in memory, so such a file has a limit of its own; a sheet of that format has at
most 65,536 rows. xlrd may raise anything for a forged file, so it is called in one place.
"""

import io
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import xlrd
from openpyxl.styles.numbers import is_timedelta_format
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

from volunteer_service.workbooks.reading import cells
from volunteer_service.workbooks.reading.archive import Limits
from volunteer_service.workbooks.reading.grid import Row, TooMuch, in_a_row
from volunteer_service.workbooks.reading.merged_cells import MergedCells
from volunteer_service.workbooks.reading.package import MOST_COMMENTS, SheetPart
from volunteer_service.workbooks.reading.shared_strings import (
    NOT_STRUCK,
    PARTLY_STRUCK,
    WHOLLY_STRUCK,
)
from volunteer_service.workbooks.refusals import CellTooLong, TooManyColumns

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: A file of Excel 2 to 4 begins with its first record.
_BARE = (b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08")
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_MACROS = "_VBA_PROJECT_CUR".encode("utf-16-le")

T = TypeVar("T")


class Broken(Exception):
    """The file is no workbook, or is truncated; this and the next errors stay within this
    package.
    """


class Locked(Exception):
    """The file needs a password."""


class Macros(Exception):
    """The file has macros."""


class TooLarge(Exception):
    """The file has more bytes than are read at once."""


def is_one(first: bytes) -> bool:
    """Tell whether a file with this beginning may be one."""
    return first.startswith((_COMPOUND, *_BARE))


class Xls:
    """One file; a sheet is in memory while its rows are read."""

    def __init__(self, path: Path, limits: Limits) -> None:
        if path.stat().st_size > limits.xls_bytes:
            raise TooLarge
        content = path.read_bytes()
        if _LOCKED in content:
            raise Locked
        if _MACROS in content:
            raise Macros
        self._limits = limits
        self._book = _asked(lambda: _open(content))
        is_mac = self._book.datemode == 1
        self.epoch: datetime = MAC_EPOCH if is_mac else WINDOWS_EPOCH

    @property
    def sheets(self) -> list[SheetPart]:
        """Return the sheets from left to right."""
        names: list[str] = self._book.sheet_names()
        return [
            SheetPart(name, self._book._sheet_visibility[n] == 0, str(n))
            for n, name in enumerate(names[: self._limits.sheets + 1])
        ]

    def rows(self, sheet: SheetPart) -> Iterator[Row]:
        """Yield the filled rows; days and times as in .xlsx."""
        number = int(sheet.member)
        page = _asked(lambda: self._book.sheet_by_index(number))
        try:
            merged = MergedCells(self._limits.merged, self._limits.columns)
            for top, bottom, left, right in page.merged_cells:
                merged.add(top + 1, bottom, left + 1, right)
            for row in range(page.nrows):
                found = self._row(page, row, merged)
                if found is not None:
                    yield found
        finally:
            self._book.unload_sheet(number)

    def comments(self, sheet: SheetPart) -> list[str]:
        """Return the cells of a sheet that have a comment, row by row."""
        number = int(sheet.member)
        page = _asked(lambda: self._book.sheet_by_index(number))
        found = sorted(page.cell_note_map)[:MOST_COMMENTS]
        self._book.unload_sheet(number)
        return [f"{get_column_letter(column + 1)}{row + 1}" for row, column in found]

    def hidden_columns(self, sheet: SheetPart) -> list[int]:
        """Return the columns that are hidden, counted from 0."""
        number = int(sheet.member)
        page = _asked(lambda: self._book.sheet_by_index(number))
        found = sorted(column for column, look in page.colinfo_map.items() if look.hidden)
        self._book.unload_sheet(number)
        return [column for column in found if column < self._limits.columns]

    def has_pictures(self, sheet: SheetPart) -> bool:
        """Return False: the reader of this format passes over drawings."""
        return False

    def most_rows(self, sheet: SheetPart) -> int:
        """Count the rows of a sheet, empty ones too."""
        number = int(sheet.member)
        found: int = _asked(lambda: self._book.sheet_by_index(number)).nrows
        self._book.unload_sheet(number)
        return found

    def _row(self, page: Any, row: int, merged: MergedCells) -> Row | None:
        own: dict[int, Any] = {}
        struck = set()
        for column in range(page.row_len(row)):
            value = _asked(partial(self._value, page, row, column))
            if value is None or value == "" or self._is_blank_beyond(value, column):
                continue
            self._check(value, row + 1, column + 1)
            how = _asked(partial(self._how_struck, page, row, column))
            if how == PARTLY_STRUCK and isinstance(value, str):
                value = cells.Unreadable(value, "struck")
            if how == WHOLLY_STRUCK:
                struck.add(column)
            own[column + 1] = value
        if not own:
            return None
        mine = whole = in_a_row(own)
        if merged:
            whole = in_a_row(merged.fill(row + 1, own))
        look = page.rowinfo_map.get(row)
        is_hidden = look is not None and bool(look.hidden)
        return Row(row + 1, whole, mine, is_hidden, frozenset(struck))

    def _is_blank_beyond(self, value: Any, column: int) -> bool:
        """Tell whether a cell of spaces stands to the right of every column that is read."""
        is_blank = isinstance(value, str) and value.isspace()
        return is_blank and column >= self._limits.columns

    def _check(self, value: Any, row: int, column: int) -> None:
        if column > self._limits.columns:
            raise TooMuch(TooManyColumns, row, self._limits.columns)
        if isinstance(value, str) and len(value) > self._limits.cell_length:
            raise TooMuch(CellTooLong, row, self._limits.cell_length)

    def _value(self, page: Any, row: int, column: int) -> Any:
        kind, value = page.cell_type(row, column), page.cell_value(row, column)
        if kind == xlrd.XL_CELL_TEXT:
            return cells.readable(value)
        if kind == xlrd.XL_CELL_ERROR:
            words = xlrd.error_text_from_code.get(value, "#N/A")
            return cells.Unreadable(words, "error")
        if kind == xlrd.XL_CELL_BOOLEAN:
            return bool(value)
        if kind == xlrd.XL_CELL_DATE:
            return self._day(value, self._book.xf_list[page.cell_xf_index(row, column)])
        if kind == xlrd.XL_CELL_NUMBER:
            return int(value) if value.is_integer() else value
        return None

    def _day(self, value: float, look: Any) -> Any:
        code = self._book.format_map[look.format_key].format_str
        number = int(value) if value.is_integer() else value
        try:
            return from_excel(number, self.epoch, timedelta=is_timedelta_format(code))
        except (ValueError, OverflowError):
            return number

    def _how_struck(self, page: Any, row: int, column: int) -> int:
        """Return how much is struck through, by the font of the cell and of each run of its
        text.
        """
        look = self._book.xf_list[page.cell_xf_index(row, column)]
        runs = [(0, look.font_index), *page.rich_text_runlist_map.get((row, column), ())]
        words = page.cell_value(row, column) if len(runs) > 1 else "x"
        ends = [*(begin for begin, _font in runs[1:]), len(words)]
        said = {
            bool(self._book.font_list[font].struck_out)
            for (begin, font), end in zip(runs, ends, strict=True)
            if words[begin:end].strip()
        }
        if True not in said:
            return NOT_STRUCK
        return PARTLY_STRUCK if False in said else WHOLLY_STRUCK


def _open(content: bytes) -> Any:
    return xlrd.open_workbook(
        file_contents=content,
        logfile=io.StringIO(),
        formatting_info=True,
        on_demand=True,
        ragged_rows=True,
    )


def _asked(question: Callable[[], T]) -> T:
    try:
        return question()
    except xlrd.XLRDError as refused:
        raise (Locked if "encrypted" in str(refused).lower() else Broken) from refused
    except Exception as broken:
        raise Broken from broken
