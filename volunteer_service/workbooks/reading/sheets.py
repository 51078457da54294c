"""Streams the lines of a stranger's workbook: one row in memory at a time.

Title rows, total lines, blank rows, notes at the foot and beside, and repeated headers are left
out; every other row under a recognised header becomes a :class:`Line`, good or bad.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from volunteer_service.errors import Phrase
from volunteer_service.workbooks.reading import (
    archive,
    area_trees,
    books,
    cells,
    headers,
    known_columns,
    sheet_readings,
)
from volunteer_service.workbooks.reading.books import Book
from volunteer_service.workbooks.reading.grid import Row
from volunteer_service.workbooks.reading.line import Line
from volunteer_service.workbooks.reading.package import SheetPart
from volunteer_service.workbooks.reading.sheet_readings import (
    NOTHING_SAID,
    OF_PEOPLE,
    PART_OF,
    Memory,
    Reading,
)
from volunteer_service.workbooks.refusals import NoKnownSheet, WorkbookTooBig

_TOTAL = re.compile(r"(合\s*计|总\s*计|小\s*计|共\s*计|总\s*数|累\s*计)(?=$|[\s:\d(共为人])")
#: «护学队小计» within a list.
_TOTAL_OF = re.compile(r".*(?:小\s*计|合\s*计|总\s*计|共\s*计|汇\s*总|总计数|平均值)\s*:?")
_TOTAL_ALONE = re.compile(r"(合|总|小|共|累)\s*计[\s:]*(\d+\s*[人次个条]*)?")
_NOTE = re.compile(
    r"(注|备注|说明|填表人|制表人?|审核人?|审批人?|填报人|填报单位|填[表报]日期|填[表报]时间|制表日期|"
    r"经办人|负责人签[字名]|单位盖章|盖章|\(盖章\)|\(公章\))\d?\s*:"
)
_FOOT = re.compile(
    r"第\s*\d+\s*页.*|(以上)?共(计)?\s*\d+\s*[人名条个次].*|[(\[]?以下(空白|无正文)[)\]]?|(单位)?[(\[]?[盖公]章[)\]]?"
)
#: The cells of a header further down, each a short word.
_HEADER, _LONGEST_WORD = 3, 16
_DIGIT = re.compile(r"\d")
#: Names of sheets that are no longer, or not yet, a list.
_DOUBTFUL = re.compile(
    "作废|废止|模板|模版|样表|样例|示例|范例|备份|副本|草稿|勿用|旧表|旧版|停用|去年"
)
#: The least columns that one merged cell of a caption covers.
_CAPTION = 3
_AROUND_CAPTION = re.compile(
    r"^[(（]?[\d一二三四五六七八九十]{1,3}[)）、.]+\s*|[(（]\s*共?\d+\s*[人名]\s*[)）]$|[:：\s]"
)
#: A row over a header belongs to the list if it fills so many of its columns and one of these
#: fields is readable.
_FILLED_ABOVE = 3
_FITTING: dict[str, Callable[[Any], object | None]] = {
    "phone": cells.phone,
    "id_number": lambda raw: re.fullmatch(r"\d{17}[\dXx]", cells.text(raw)),
    "on": cells.day,
    "registered_on": cells.day,
    "expires_on": cells.day,
    "issued_on": cells.day,
}
_LABELLED = re.compile(r"[^\d:]{1,10}:")


class Workbook:
    """One file, checked from outside and by its first rows; :meth:`lines` reads it whole."""

    def __init__(
        self,
        path: Path,
        limits: archive.Limits | None = None,
        *,
        memory: Memory = NOTHING_SAID,
        readings: Sequence[Reading] | None = None,
    ) -> None:
        """Decide what every sheet is, by its headers and by the street's answers (``memory``).

        Stored ``readings`` are followed instead. An empty file is refused.
        """
        self.path = path
        self.limits = limits or archive.Limits()
        #: The name and reading of each sheet, from left to right.
        self.sheets: list[tuple[str, Reading]] = []
        with books.opened(self.path, self.limits) as book:
            if len(book.sheets) > self.limits.sheets:
                self._too_big(Phrase("工作表超过 %(most)s 个", most=self.limits.sheets))
            found = readings or [self._read(book, sheet, memory) for sheet in book.sheets]
            titles = [sheet.title for sheet in book.sheets]
            self.sheets = list(zip(titles, found, strict=True))
        if all(reading.state in ("hidden", "empty") for reading in found):
            raise NoKnownSheet(file=path.name)

    @property
    def headers(self) -> dict[str, known_columns.Header]:
        """Return the header of each sheet that is taken, by the sheet's name."""
        return {
            name: reading.as_header() for name, reading in self.sheets if reading.state == "taken"
        }

    @property
    def titles(self) -> list[str]:
        """Return the texts above the headers of the sheets."""
        return [reading.title for _name, reading in self.sheets if reading.title]

    def lines(self, kind: known_columns.Kind) -> Iterator[Line]:
        """Yield every row of this kind, in the order of the sheets."""
        wanted = [
            reading.state == "taken" and reading.kind == kind.name for _, reading in self.sheets
        ]
        if not any(wanted):
            return
        with books.opened(self.path, self.limits) as book:
            for sheet, (_name, reading), is_wanted in zip(
                book.sheets, self.sheets, wanted, strict=True
            ):
                if is_wanted:
                    found = self._lines(book, sheet, reading)
                    is_tree = "node" in reading.columns
                    yield from area_trees.lines(found) if is_tree else found

    def beside(self) -> list[tuple[list[str], list[int]]]:
        """Return the cells with a comment, and the hidden columns, of each sheet that is handed in,
        in their order.
        """
        with books.opened(self.path, self.limits) as book:
            pairs = zip(book.sheets, self.sheets, strict=True)
            return [
                (book.comments(sheet), book.hidden_columns(sheet))
                if reading.state not in ("hidden", "empty")
                else ([], [])
                for sheet, (_name, reading) in pairs
            ]

    def most_rows(self) -> int:
        """Count about how many rows its lists have, headers and empty rows too: for a bar."""
        taken = [reading.state == "taken" for _name, reading in self.sheets]
        with books.opened(self.path, self.limits) as book:
            pairs = zip(book.sheets, taken, strict=True)
            return sum(book.most_rows(sheet) for sheet, is_taken in pairs if is_taken)

    def rows_not_taken(self) -> dict[str, int]:
        """Count the rows of each sheet that is not taken, by its name."""
        found: dict[str, int] = {}
        with books.opened(self.path, self.limits) as book:
            for sheet, (name, reading) in zip(book.sheets, self.sheets, strict=True):
                if reading.state != "taken":
                    found[name] = sum(1 for _row in self._under(book, sheet, reading))
        return found

    def first_rows(self, place: int, most: int) -> list[Row]:
        """Return at most so many filled rows of the sheet at this place."""
        with books.opened(self.path, self.limits) as book:
            return list(islice(self._rows(book, book.sheets[place]), most))

    @staticmethod
    def _rows(book: Book, sheet: SheetPart) -> Iterator[Row]:
        for row in book.rows(sheet):
            if any(map(cells.text, row.own)):
                yield row

    def _read(self, book: Book, sheet: SheetPart, memory: Memory) -> Reading:
        # Hidden sheets (for example last year's list) are not handed in.
        if not sheet.is_visible:
            return Reading("hidden")
        first = list(islice(self._rows(book, sheet), headers.LOOKED_AT))
        found = sheet_readings.named_by(sheet_readings.read(first, memory), sheet.title)
        if found.state == "empty" and book.has_pictures(sheet):
            return replace(found, shape="pictures")
        is_one_of_several = len(book.sheets) > 1
        if is_one_of_several and found.because == "words" and _DOUBTFUL.search(sheet.title):
            return replace(found, state="asked") if found.state == "taken" else found
        return found

    def _lines(self, book: Book, sheet: SheetPart, reading: Reading) -> Iterator[Line]:
        header = reading.as_header()
        columns = sorted(set(header.columns.values()))
        captions = _Captions()
        is_another = False
        for row in self._under(book, sheet, reading, captions):
            is_above = row.number < reading.first_row
            is_another = is_another or (not is_above and _is_another_header(row))
            is_caption = _names_a_part(row, header)
            if not is_caption and not _says_something(row, columns):
                captions.hear(row)
            else:
                misplaced = "another_table" if is_another else "above_header" if is_above else None
                yield Line(
                    header,
                    self.path.name,
                    sheet.title,
                    row.number,
                    row.cells,
                    book.epoch,
                    row.is_hidden,
                    row.is_struck or header.columns.get(header.kind.key_field) in row.struck,
                    row.own,
                    captions.last,
                    "caption" if is_caption else misplaced,
                    {"team": sheet.title} if reading.is_team else None,
                )

    def _under(
        self,
        book: Book,
        sheet: SheetPart,
        reading: Reading,
        captions: "_Captions | None" = None,
    ) -> Iterator[Row]:
        """Yield the rows below a header, without its repetitions, totals and notes, and the rows
        above it that fill the columns of the list.
        """
        header: list[Row] = []
        taken = reading.as_header() if reading.state == "taken" else None
        #: The text above the header, which a list that was printed page by page repeats too.
        titles: set[str] = set()
        count = 0
        for row in self._rows(book, sheet):
            if row.number < reading.first_row and not _fills(row, reading):
                titles.add(_joined(row))
                continue
            if reading.first_row <= row.number <= reading.row_number:
                header.append(row)
                continue
            # A list that was pasted together repeats its header on the way.
            is_title = bool(titles) and _joined(row) in titles
            is_furniture = _is_furniture(row) and not (taken and _names_a_part(row, taken))
            if is_title or headers.is_repeated(header, row) or is_furniture:
                if captions is not None:
                    captions.hear(row)
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
            yield row

    def _too_big(self, what: Phrase) -> None:
        raise WorkbookTooBig(file=self.path.name, what=what)


def _is_another_header(row: Row) -> bool:
    """Tell whether a row under a header is another list's header: only words, most of them
    known.
    """
    typed = [raw for raw in row.own if cells.text(raw)]
    if len(typed) < _HEADER or not all(map(_is_word, typed)):
        return False
    return sum(map(known_columns.is_known, typed)) * 2 > len(typed)


def _fills(row: Row, reading: Reading) -> bool:
    """Tell whether a row over a header looks like those under it, and not like a title, a note
    («人数：24») or figures: most columns are filled, and a phone, a card or a day is in its own.
    """
    columns = reading.columns if reading.state == "taken" else {}
    there = {name: row.own[at] for name, at in columns.items() if at < len(row.own)}
    filled = {name: raw for name, raw in there.items() if not _says_nothing_here(raw)}
    known = _FITTING.keys() & columns.keys()
    fits = any(_FITTING[name](filled[name]) is not None for name in known & filled.keys())
    has_number = any(_DIGIT.search(cells.text(raw)) for raw in filled.values())
    enough = len(filled) >= max(_FILLED_ABOVE, (len(columns) + 1) // 2)
    return enough and (fits if known else has_number)


def _says_nothing_here(raw: Any) -> bool:
    words = cells.text(raw)
    return not words or _LABELLED.match(words) is not None


def _names_a_part(row: Row, header: known_columns.Header) -> bool:
    """Tell whether a row is a caption whose words belong in each row under it: «护学队» over its
    members. A caption that repeats a column's content is skipped.
    """
    if header.kind not in OF_PEOPLE or sum(raw is not None for raw in row.own) != 1:
        return False
    whole = [found for found in map(cells.text, row.cells) if found]
    if len(set(whole)) != 1:
        return False
    words = _AROUND_CAPTION.sub("", whole[0])
    is_merged = len(whole) >= _CAPTION
    fields = {field.name for field in header.kind.fields}
    return any(
        pattern.fullmatch(words) is not None
        and name in fields
        and not (is_merged and name in header.columns)
        for name, pattern in PART_OF.items()
    )


def _joined(row: Row) -> str:
    return "\t".join(filter(None, map(cells.text, row.own)))


def _is_word(raw: Any) -> bool:
    return isinstance(raw, str) and len(raw) <= _LONGEST_WORD and not _DIGIT.search(raw)


class _Captions:
    """The last caption of a part of a sheet."""

    def __init__(self) -> None:
        self.last = ""

    def hear(self, row: Row) -> None:
        """Keep the caption of a row, if it has one."""
        typed = [found for found in map(cells.text, row.own) if found]
        if len(typed) == 1:
            self.last = typed[0]


def _says_something(row: Row, columns: Sequence[int]) -> bool:
    """Tell whether a column of the list is filled; a note beside it or a number alone does not
    count.
    """
    return any(cells.text(row.own[column]) for column in columns if column < len(row.own))


def _is_furniture(row: Row) -> bool:
    """Tell whether a row is a total, a note at the foot, or the caption of a part.

    A total or a note starts with the word and fills few columns, or contains only the word; a
    caption is one cell merged over several columns.
    """
    typed = [found for found in map(cells.text, row.own) if found]
    first = typed[0]
    if any(_TOTAL_ALONE.fullmatch(found) for found in typed[:2]):
        return True
    if len(typed) == 1 and _FOOT.fullmatch(first):
        return True
    if _TOTAL.match(first) or _TOTAL_OF.fullmatch(first) or _NOTE.match(first):
        return len(typed) <= 1 + len(row.own) // 2
    return len(typed) == 1 and sum(cells.text(raw) == first for raw in row.cells) >= _CAPTION
