"""The answers to an import's questions about its sheets: which list a sheet is, and what each
column holds.

An answer is kept for the street (:mod:`sheet_memory`) and the import is judged anew.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from openpyxl.utils import get_column_letter

from volunteer_service import bounds, journal
from volunteer_service.errors import Invalid, Phrase
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.workbooks import stored_files
from volunteer_service.workbooks.asked_sheets import import_sheets, several_streets, sheet_memory
from volunteer_service.workbooks.import_states import KINDS, allowed, move
from volunteer_service.workbooks.models import Import
from volunteer_service.workbooks.reading import (
    cells,
    headers,
    known_columns,
    profiles,
    sheet_guesses,
    written_dates,
)
from volunteer_service.workbooks.reading.grid import Row
from volunteer_service.workbooks.reading.known_columns import BY_NAME, Kind
from volunteer_service.workbooks.reading.sheet_readings import (
    NO_LIST,
    OF_PEOPLE,
    Reading,
    is_team_name,
)
from volunteer_service.workbooks.reading.sheets import Workbook
from volunteer_service.workbooks.refusals import (
    ImportNotReady,
    SheetColumnsMissing,
    SheetNotThere,
)

#: Marks words for the translators, who look for this name.
N_ = str

#: Rows of a sheet from which its header is chosen.
ROWS_SHOWN = 12
#: The most characters of an example from a column.
_EXAMPLE = 16
_HOW_TO_WRITE = N_("请一行写一种，例如 月/日/年，或 日-月-年 时:分。年、月、日都要有，年份要四位")
_LONG_NUMBER = re.compile(r"\d{7,}[\dXx]?")


@dataclass(frozen=True)
class Question:
    """What a page needs for a question about one sheet."""

    sheet: import_sheets.Sheet
    #: The list in question; None while none is chosen.
    kind: Kind | None
    #: Rows that may be the header: number, and their first words.
    rows: list[tuple[int, str]]
    row_number: int
    #: Header and an example of each column, counted from 0; long numbers are masked.
    columns: list[tuple[str, str]]
    #: Field name to column, as far as it is known.
    known: Mapping[str, int]
    #: What codes of the file mean, by field, as far as it is known.
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    #: Whether the team is the name of the sheet, as long as no column is.
    is_team: bool = False
    #: Whether the street exists, so that it can keep a profile.
    has_street: bool = False
    #: The forms of its days and times, as far as they are known.
    dates: tuple[str, ...] = ()


def question(
    import_id: int,
    sheet_number: int,
    *,
    kind: str | None = None,
    row_number: int | None = None,
    by: Actor,
) -> Question:
    """Describe a sheet to the person who identifies it; ``kind`` and ``row_number`` try another."""
    row = allowed(import_id, by)
    sheet, rows = _sheet(row, sheet_number)
    reading = sheet.reading
    name = reading.kind if kind is None else kind
    chosen = BY_NAME.get(name or "")
    at_row = reading.row_number if row_number is None else row_number
    header = _header(reading, rows, at_row)
    is_as_kept = (name, at_row) == (reading.kind, reading.row_number)
    memory = sheet_memory.of_street(row.area_id)
    below = _below(rows, at_row)
    known = sheet_guesses.columns_of(chosen, header, memory.columns, below) if chosen else {}
    return Question(
        sheet,
        chosen,
        [(found.number, _first_words(found.own)) for found in rows],
        at_row,
        [(words, _example(below, column)) for column, words in enumerate(header)],
        reading.columns if is_as_kept else known,
        reading.codes if is_as_kept else {},
        _is_team(sheet.name, chosen, reading.columns if is_as_kept else known),
        row.area_id is not None,
        reading.dates if is_as_kept else (),
    )


def answer(
    import_id: int,
    sheet_number: int,
    kind: str,
    *,
    columns: Mapping[str, int] | None = None,
    row_number: int | None = None,
    codes: Mapping[str, Mapping[str, str]] | None = None,
    dates: Sequence[str] | None = None,
    save_as: str | None = None,
    by: Actor,
    at: datetime,
) -> Import:
    """Set which list a sheet of a preview is (``none``: no list), and which column holds what.

    ``columns`` gives fields their columns, counted from 0; None keeps the guess.
    ``codes`` gives by field the meaning of codes, ``dates`` the forms of days and times
    (:func:`written_dates.form_of`); None leaves either as it was. ``save_as`` keeps all of it as a
    profile of this name. The import must be judged anew afterwards; the answer is kept for the
    street.
    """
    bounds.one_of(kind, (*KINDS, NO_LIST), "kind")
    row = allowed(import_id, by)
    if row.state != "previewed":
        raise ImportNotReady(state=row.state)
    sheet, reading = _said(row, sheet_number, kind, columns, row_number)
    if codes is not None:
        reading = replace(reading, codes=codes)
    if dates is not None:
        reading = replace(reading, dates=_forms(row, sheet_number, reading, dates))
    if kind != NO_LIST and (codes or dates or save_as):
        _keep_profile(row, reading, save_as, by=by, at=at)
    _keep(row, sheet, reading, by, at)
    return row


def _forms(
    row: Import, sheet_number: int, reading: Reading, dates: Sequence[str]
) -> tuple[str, ...]:
    """Return the forms that were written; ``Invalid`` where one is none, or no cell is written
    so.
    """
    forms = tuple(dict.fromkeys(map(written_dates.form_of, dates)))
    if None in forms:
        raise Invalid(field="dates", why=_HOW_TO_WRITE)
    found = [form for form in forms if form is not None]
    _sheet_there, rows = _sheet(row, sheet_number)
    there = [
        cells.text(raw)
        for cells_of in _below(rows, reading.row_number)
        for name in written_dates.FIELDS & reading.columns.keys()
        if reading.columns[name] < len(cells_of)
        and isinstance(raw := cells_of[reading.columns[name]], str)
        and cells.text(raw)
    ]
    if found and there and all(written_dates.read(words, found) is words for words in there):
        why = Phrase(
            "表里写的是“%(example)s”，不是这样写的。请对照着改", example=there[0][:_EXAMPLE]
        )
        raise Invalid(field="dates", why=why)
    return tuple(found)


def _keep_profile(
    row: Import, reading: Reading, save_as: str | None, *, by: Actor, at: datetime
) -> None:
    """Check the answer as a profile, and keep it under a name if one is given."""
    profile = {
        "format": profiles.FORMAT,
        "name": save_as or reading.kind,
        "kind": reading.kind,
        "columns": {name: reading.header[place] for name, place in reading.columns.items()},
        "codes": {name: dict(meanings) for name, meanings in reading.codes.items()},
        "dates": list(reading.dates),
    }
    profiles.read(profile)
    if not save_as:
        return
    if row.area_id is None:
        raise Invalid(field="save_as", why="这个街道还没有建立，导入以后再保存")
    sheet_memory.keep_profile(row.area_id, profile, by=by, at=at)


def answer_in_advance(
    row: Import,
    sheet_number: int,
    kind: str,
    said: Mapping[str, str],
    *,
    by: Actor,
    at: datetime,
    is_kept: bool = True,
) -> None:
    """Answer for an import that was received and is not judged yet.

    ``said`` maps fields, by name or usual header, to the header or letter of their column; the
    other columns are guessed.
    """
    bounds.one_of(kind, (*KINDS, NO_LIST), "kind")
    sheet = import_sheets.sheets(row.files)[sheet_number]
    columns = _columns_said(row, sheet, BY_NAME[kind], said) if kind != NO_LIST and said else None
    sheet, reading = _said(row, sheet_number, kind, columns, None)
    row.files = import_sheets.with_reading(row.files, sheet.number, reading)
    several_streets.note_again(row, by)
    _record(row, sheet, reading, by, at, is_kept=is_kept)


def _columns_said(
    row: Import, sheet: import_sheets.Sheet, kind: Kind, said: Mapping[str, str]
) -> dict[str, int]:
    header = sheet.reading.header
    places = {known_columns.bare(words): place for place, words in reversed([*enumerate(header)])}
    letters = {get_column_letter(place + 1): place for place in range(len(header))}
    memory = sheet_memory.of_street(row.area_id).columns
    _sheet_there, rows = _sheet(row, sheet.number)
    below = _below(rows, sheet.reading.row_number)
    columns = sheet_guesses.columns_of(kind, header, memory, below)
    for name, words in said.items():
        found = kind.field_of(known_columns.bare(name))
        place = places.get(known_columns.bare(words), letters.get(words.upper()))
        if place is None:
            raise Invalid(field="columns", why="表里没有这一列")
        columns = {one: at for one, at in columns.items() if at != place}
        columns[found.name if found else name] = place
    return columns


def _said(
    row: Import,
    sheet_number: int,
    kind: str,
    columns: Mapping[str, int] | None,
    row_number: int | None,
) -> tuple[import_sheets.Sheet, Reading]:
    sheet, rows = _sheet(row, sheet_number)
    at_row = sheet.reading.row_number if row_number is None else row_number
    header = _header(sheet.reading, rows, at_row)
    if kind == NO_LIST:
        reading = replace(sheet.reading, state="left_out", kind=None, columns={}, is_team=False)
    else:
        if columns is None:
            memory = sheet_memory.of_street(row.area_id).columns
            below = _below(rows, at_row)
            columns = sheet_guesses.columns_of(BY_NAME[kind], header, memory, below)
        reading = _as_list(sheet.name, sheet.reading, BY_NAME[kind], header, columns)
    if at_row != sheet.reading.row_number:
        title = headers.title([found for found in rows if found.number < at_row])
        reading = replace(reading, row_number=at_row, first_row=at_row, title=title)
    return sheet, replace(reading, header=header, because="hand", said=None)


def _keep(
    row: Import, sheet: import_sheets.Sheet, reading: Reading, by: Actor, at: datetime
) -> None:
    files = import_sheets.with_reading(row.files, sheet.number, reading)
    if not move(row.id, "previewed", state="reading", files=files, problem=None):
        raise ImportNotReady(state=row.state)
    several_streets.note_again(row, by)
    stored_files.tell(row.id, stored_files.Progress("reading", 0, row.total))
    _record(row, sheet, reading, by, at)


def _record(
    row: Import,
    sheet: import_sheets.Sheet,
    reading: Reading,
    by: Actor,
    at: datetime,
    *,
    is_kept: bool = True,
) -> None:
    facts = {"sheet": sheet.number, "kind": reading.kind}
    journal.record("imports.answer", row, account_id=by.account_id, door=by.door, at=at, **facts)
    if is_kept:
        remember(row, sheet.name, reading, by=by, at=at)


def remember(row: Import, name: str, reading: Reading, *, by: Actor, at: datetime) -> None:
    """Keep an answer for the street; for a street that does not exist yet, keep it once it does."""
    if row.area_id is None:
        return
    if reading.kind is not None:
        kind, header, columns = BY_NAME[reading.kind], reading.header, reading.columns
        sheet_memory.keep_columns(row.area_id, kind, header, columns, by=by, at=at)
    sheet_memory.keep_sheet(row.area_id, name, reading, by=by, at=at)


def remember_all(row: Import, *, by: Actor, at: datetime) -> None:
    """Keep every answer about an import that created its street."""
    for sheet in import_sheets.sheets(row.files):
        if sheet.reading.because == "hand":
            remember(row, sheet.name, sheet.reading, by=by, at=at)


def _sheet(row: Import, number: int) -> tuple[import_sheets.Sheet, list[Row]]:
    """Return the sheet of this number with its first rows; hidden and empty ones are not
    questioned.
    """
    found = import_sheets.sheets(row.files)
    if isinstance(number, bool) or not 0 <= number < len(found):
        raise SheetNotThere()
    sheet = found[number]
    if sheet.reading.state in ("hidden", "empty"):
        raise SheetNotThere()
    paths = stored_files.paths_of(row.id, row.files)
    of_file = [one for one in found if one.file == sheet.file]
    path = next(path for path in paths if path.name == sheet.file)
    book = Workbook(path, readings=[one.reading for one in of_file])
    rows = book.first_rows(of_file.index(sheet), headers.LOOKED_AT)
    above = sum(1 for found in rows if found.number <= sheet.reading.row_number)
    shown = max(ROWS_SHOWN, above + 5)
    return sheet, rows[:shown]


def _below(rows: Sequence[Row], at_row: int) -> list[Sequence[Any]]:
    return [found.cells for found in rows if found.number > at_row]


def _header(reading: Reading, rows: Sequence[Row], row_number: int) -> tuple[str, ...]:
    """Return the header as it was read, or another row of the sheet as one."""
    if row_number == reading.row_number:
        return tuple(reading.header)
    for found in rows:
        if found.number == row_number:
            return tuple(map(cells.text, found.cells))
    raise Invalid(field="row_number", why="这一行没有内容，请另选表头所在的行")


def _as_list(
    sheet_name: str,
    reading: Reading,
    kind: Kind,
    header: Sequence[str],
    columns: Mapping[str, int],
) -> Reading:
    fields = {one.name for one in kind.fields}
    for name, column in columns.items():
        bounds.one_of(name, fields, "columns")
        bounds.whole(column, 0, len(header) - 1, f"column_{name}")
    found = replace(
        reading,
        state="taken",
        kind=kind.name,
        columns=dict(columns),
        is_team=_is_team(sheet_name, kind, columns),
    )
    if lacking := found.missing:
        raise SheetColumnsMissing(kind=Phrase(kind.title), columns="、".join(lacking))
    return found


def _is_team(name: str, kind: Kind | None, columns: Mapping[str, int]) -> bool:
    return kind in OF_PEOPLE and "team" not in columns and is_team_name(name)


def _first_words(row: Sequence[Any]) -> str:
    words = [found for found in map(cells.text, row) if found]
    return _LONG_NUMBER.sub(_masked, "、".join(words[:6]))[:60]


def _example(rows: Sequence[Sequence[Any]], column: int) -> str:
    found = (cells.text(row[column]) for row in rows if column < len(row))
    words = next((each for each in found if each), "")
    return _LONG_NUMBER.sub(_masked, words)[:_EXAMPLE]


def _masked(found: re.Match[str]) -> str:
    # A day, with or without its time, is nobody's number.
    if cells.day(found[0][:8]) is not None and len(found[0]) in (8, 12, 14):
        return found[0]
    return f"{found[0][:3]}****{found[0][-2:]}"
