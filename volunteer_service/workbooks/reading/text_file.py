"""Lists as text: .csv and .txt of Excel and of platforms, one record in memory at a time.

The bytes show the encoding (UTF-8, GB18030, Big5, UTF-16), the header shows the separator (comma,
tab, semicolon). Every cell is text, as it is written; lost digits of a number are reported.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import IO, Any

from openpyxl.utils.datetime import WINDOWS_EPOCH

from volunteer_service.workbooks.reading import cells, known_columns, pieces
from volunteer_service.workbooks.reading.archive import Limits
from volunteer_service.workbooks.reading.grid import Row, TooMuch, in_a_row
from volunteer_service.workbooks.reading.package import SheetPart
from volunteer_service.workbooks.refusals import CellTooLong, TooManyColumns

#: The first that fits counts: the mark of UTF-16 begins that of UTF-32.
_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_CODINGS = ("utf-8", "gb18030", "big5hkscs", "utf-16-le", "utf-16-be")
#: How many headers must be known where nothing else decides.
_LEAST_KNOWN = {"utf-16-le": 2, "utf-16-be": 2}
_BETWEEN = "\t,;|，；"
#: How many records are read to find the separator.
_LOOKED_AT = 40
#: The most characters of one line and of one record, which end a quote that is never closed.
_LONGEST = 1024 * 1024
#: Fewer columns make no row within a cell.
_LEAST_COLUMNS = 3
_SEPARATOR = re.compile(r"sep=(.)\s*", re.IGNORECASE)
_WEB_PAGE = re.compile(
    r"\s*<(?:!doctype|html|\?xml|table|meta|head|style)|mime-version:", re.IGNORECASE
)
#: The form in which a program writes a number that should stay text.
_AS_TEXT = re.compile(r'="(.*)"', re.DOTALL)


class NoText(Exception):
    """The bytes are no text, or a record has no end; stays within this package."""


class OpenQuote(NoText):
    """A record whose quote is not closed where its row ends; ``row`` is its line."""

    def __init__(self, row: int) -> None:
        super().__init__()
        self.row = row


class WebPage(Exception):
    """A web page or XML under the name of a workbook, as some platforms export it."""


class TextFile:
    """One file, which is one sheet of its name."""

    epoch = WINDOWS_EPOCH

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path = path
        self._limits = limits
        self._coding = _coding_of(path)
        with self._open() as source:
            first = source.read(pieces.PIECE)
        if _WEB_PAGE.match(first):
            raise WebPage
        told = _SEPARATOR.match(first)
        self._is_told = told is not None
        self._between = told[1] if told else self._find_between()

    @property
    def sheets(self) -> list[SheetPart]:
        """Yield the only sheet."""
        return [SheetPart(self._path.stem, True, "")]

    def rows(self, sheet: SheetPart) -> Iterator[Row]:
        """Yield the filled records, numbered as a spreadsheet that opens the file numbers them."""
        with self._open() as source:
            for number, record in enumerate(_records(source, self._between), 1):
                if number == 1 and self._is_told:
                    continue
                found = self._cells(record, number)
                if found:
                    row = in_a_row(found)
                    yield Row(number, row, row)

    def comments(self, sheet: SheetPart) -> list[str]:
        """Return none: text has no comments."""
        return []

    def hidden_columns(self, sheet: SheetPart) -> list[int]:
        """Return none: text hides nothing."""
        return []

    def has_pictures(self, sheet: SheetPart) -> bool:
        """Return False: text has no pictures."""
        return False

    def most_rows(self, sheet: SheetPart) -> int:
        """Count the lines; some programs end them with a carriage return alone."""
        with self._path.open("rb") as source:
            return pieces.counted(source, (b"\n", b"\r"))

    def _cells(self, record: list[str], number: int) -> dict[int, Any]:
        found: dict[int, Any] = {}
        for column, words in enumerate(record, 1):
            if not words or words.isspace():
                continue
            if column > self._limits.columns:
                raise TooMuch(TooManyColumns, number, self._limits.columns)
            if len(words) > self._limits.cell_length:
                raise TooMuch(CellTooLong, number, self._limits.cell_length)
            as_text = _AS_TEXT.fullmatch(words)
            found[column] = as_text[1].replace('""', '"') if as_text else cells.written_out(words)
        return found

    def _find_between(self) -> str:
        """Return the separator with which most headers are known, else with which there are most
        cells.
        """
        scored: list[tuple[int, int, str]] = []
        for sign in _BETWEEN:
            first = self._first_records(sign)
            known = max((self._count_known(record) for record in first), default=0)
            most = max(map(len, first), default=0)
            scored.append((known, most, sign))
        return max(scored, key=lambda one: one[:2])[2]

    def _count_known(self, record: list[str]) -> int:
        """Count the headers that are known; a cell that is too long is refused later."""
        short = (words.strip() for words in record if len(words) <= self._limits.cell_length)
        # Some platforms put a tab after each cell, so the rest with another separator is no header.
        whole = (words for words in short if words and {words[0], words[-1]}.isdisjoint(_BETWEEN))
        return sum(map(known_columns.is_known, whole))

    def _first_records(self, between: str) -> list[list[str]]:
        found: list[list[str]] = []
        # With the wrong separator a quote may open where none is meant.
        with self._open() as source, suppress(NoText):
            for record in islice(_records(source, between), _LOOKED_AT):
                # One column more shows that there are too many.
                found.append(record[: self._limits.columns + 1])
        return found

    def _open(self) -> IO[str]:
        return self._path.open(encoding=self._coding, newline="")


def _coding_of(path: Path) -> str:
    with path.open("rb") as source:
        first = source.read(4)
        if not first:
            raise NoText
        for mark, coding in _MARKS.items():
            if first.startswith(mark):
                return coding if _decodes(source, coding) else _none()
        found = [coding for coding in _CODINGS if _decodes(source, coding)]
    if "utf-8" in found:
        return "utf-8"
    # Any bytes of GB18030 may be Big5 too, and UTF-16 without a byte-order mark may be nearly
    # anything, so the headers decide; of equals the first.
    known = {coding: _known_headers(path, coding) for coding in found}
    left = [coding for coding in found if known[coding] >= _LEAST_KNOWN.get(coding, 0)]
    return max(left, key=lambda coding: known[coding]) if left else _none()


def _known_headers(path: Path, coding: str) -> int:
    """Count the headers that are known if the first lines are read in this encoding."""
    with path.open(encoding=coding, errors="replace", newline="") as source:
        first = source.read(pieces.PIECE).splitlines()[:_LOOKED_AT]
    cut = (re.split(f"[{_BETWEEN}]", line) for line in first)
    return max((sum(map(known_columns.is_known, line)) for line in cut), default=0)


def _decodes(source: io.BufferedReader, coding: str) -> bool:
    source.seek(0)
    decoder = codecs.getincrementaldecoder(coding)()
    try:
        while piece := source.read(pieces.PIECE):
            if "\x00" in decoder.decode(piece):
                return False
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _none() -> str:
    raise NoText


def _records(source: IO[str], between: str) -> Iterator[list[str]]:
    lines = _Lines(source)
    reader = csv.reader(lines, delimiter=between)
    widest = _LEAST_COLUMNS
    while True:
        lines.fed = 0
        row = reader.line_num + 1
        try:
            record = next(reader, None)
        except csv.Error as broken:
            raise NoText from broken
        if record is None:
            return
        # A quote that is not closed takes the rows after it into its cell.
        swallowed = (line.count(between) for cell in record for line in cell.splitlines()[1:])
        if lines.is_at_end or any(count + 1 >= widest for count in swallowed):
            raise OpenQuote(row)
        widest = max(widest, len(record))
        yield record


class _Lines:
    """Lines of bounded length, and of a bounded length together within one record."""

    def __init__(self, source: IO[str]) -> None:
        self._source = source
        self.fed = 0
        #: The reader asks beyond the last line only within a quote, or for another record.
        self.is_at_end = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._source.readline(_LONGEST + 1)
        self.fed += len(line)
        if self.fed > _LONGEST:
            raise NoText
        if not line:
            self.is_at_end = True
            raise StopIteration
        return line
