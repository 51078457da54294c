"""Opens a file as a book of sheets, whatever program wrote it, by its content and not its name.

A book has sheets, and each sheet has rows (:class:`grid.Row`); everything after this module is the
same for .xlsx, .xls and text. A bad file raises one of :mod:`refusals`.
"""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from volunteer_service.errors import Phrase, Refused
from volunteer_service.workbooks.reading import (
    archive,
    grid,
    hidden_columns,
    merged_cells,
    other_files,
    pieces,
    text_file,
    xls,
)
from volunteer_service.workbooks.reading.grid import Row
from volunteer_service.workbooks.reading.package import Package, SheetPart, TooManyStrings
from volunteer_service.workbooks.reading.xml_events import BadXml
from volunteer_service.workbooks.refusals import (
    QuoteNotClosed,
    WebPageAsWorkbook,
    WorkbookLocked,
    WorkbookTooBig,
)

#: The accepted endings of names; the content decides what a file is.
SUFFIXES = ("xlsx", "xlsm", "xls", "et", "csv", "tsv", "txt")
_ZIP = b"PK"
#: The end tag of a row, whatever prefix its names have.
_ROW_ENDS = b"row>"
_TOO_BIG = (TooManyStrings, merged_cells.TooManyMerged, xls.TooLarge)
#: What a reader found instead of a list, and its refusal.
_SAID: dict[type[Exception], type[Refused]] = {
    xls.Locked: WorkbookLocked,
    text_file.WebPage: WebPageAsWorkbook,
}


class Book(Protocol):
    """An open file."""

    #: The day from which its numbers count days.
    epoch: datetime

    @property
    def sheets(self) -> list[SheetPart]:
        """Return the sheets from left to right."""

    def rows(self, sheet: SheetPart) -> Iterator[Row]:
        """Yield the filled rows of a sheet."""

    def comments(self, sheet: SheetPart) -> list[str]:
        """Return the cells of a sheet with a comment; comments are not read."""

    def hidden_columns(self, sheet: SheetPart) -> list[int]:
        """Return the columns that are hidden, counted from 0."""

    def has_pictures(self, sheet: SheetPart) -> bool:
        """Tell whether there are pictures on the sheet, where the format shows it."""

    def most_rows(self, sheet: SheetPart) -> int:
        """Count about how many rows the sheet has, without reading a cell: for a bar."""


class _Xlsx:
    def __init__(self, opened: zipfile.ZipFile, limits: archive.Limits) -> None:
        self._package = Package(opened, limits)
        self._limits = limits
        self.epoch = self._package.epoch

    @property
    def sheets(self) -> list[SheetPart]:
        return self._package.sheets

    def rows(self, sheet: SheetPart) -> Iterator[Row]:
        with self._package.open(sheet) as source:
            yield from grid.rows(source, self._package, self._limits)

    def comments(self, sheet: SheetPart) -> list[str]:
        return self._package.comments(sheet)

    def has_pictures(self, sheet: SheetPart) -> bool:
        return self._package.has_pictures(sheet)

    def hidden_columns(self, sheet: SheetPart) -> list[int]:
        with self._package.open(sheet) as source:
            return hidden_columns.read(source, self._limits.columns)

    def most_rows(self, sheet: SheetPart) -> int:
        with self._package.open(sheet) as source:
            return pieces.counted(source, (_ROW_ENDS,))


@contextmanager
def opened(path: Path, limits: archive.Limits) -> Iterator[Book]:
    """Yield the book of a file while the block runs; refuse a bad file by its name."""
    try:
        with _opened(path, limits) as book:
            yield book
    except grid.TooMuch as much:
        raise much.refusal(file=path.name, **much.numbers) from None
    except text_file.OpenQuote as found:
        raise QuoteNotClosed(file=path.name, row=found.row) from None
    except _TOO_BIG as much:
        raise WorkbookTooBig(file=path.name, what=_what_is_too_big(much, limits)) from None
    except xls.Macros:
        raise archive.not_plain(path) from None
    except tuple(_SAID) as found:
        raise _SAID[type(found)](file=path.name) from None
    except (BadXml, xls.Broken, text_file.NoText, *archive.BROKEN) as broken:
        raise other_files.refusal(path) from broken


@contextmanager
def _opened(path: Path, limits: archive.Limits) -> Iterator[Book]:
    with path.open("rb") as file:
        first = file.read(8)
    if first.startswith(_ZIP):
        archive.check(path, limits)
        with zipfile.ZipFile(path) as zipped:
            yield _Xlsx(zipped, limits)
        return
    archive.check_size(path, limits)
    if xls.is_one(first):
        yield xls.Xls(path, limits)
    else:
        yield text_file.TextFile(path, limits)


def _what_is_too_big(much: Exception, limits: archive.Limits) -> Phrase:
    if isinstance(much, TooManyStrings):
        return Phrase("单元格里不同的文字超过 %(most)s 种", most=limits.strings)
    if isinstance(much, merged_cells.TooManyMerged):
        return Phrase("合并的单元格超过 %(most)s 处", most=limits.merged)
    return Phrase("旧格式 .xls 超过 %(most)s MB", most=limits.xls_bytes // 2**20)
