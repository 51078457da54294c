"""The reading of one sheet: decided from its first rows, stored with the import, then followed.

``taken`` sheets are read as a list of ``kind``; ``asked`` ones resemble it and wait for an answer;
``unknown`` ones have no list's columns (``kind`` is the nearest, if any); ``left_out`` ones are no
list according to an answer; ``hidden`` and ``empty`` ones were not handed in.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from typing import Any

from openpyxl.utils import get_column_letter

from volunteer_service.workbooks.reading import cells, headers, sheet_guesses, sheet_shapes
from volunteer_service.workbooks.reading.grid import Row
from volunteer_service.workbooks.reading.known_columns import (
    BY_NAME,
    SERVICE_LOG,
    VOLUNTEERS,
    Header,
    Kind,
    is_known,
    unit_above,
    unit_of,
)
from volunteer_service.workbooks.reading.profiles import Profile
from volunteer_service.workbooks.reading.sheet_guesses import Meanings

OF_PEOPLE = (VOLUNTEERS, SERVICE_LOG)
#: What a part of a list, or a sheet, is called whose name a column would hold: by its field.
PART_OF = {
    "team": re.compile(r".*(?:队|服务站|小组)"),
    "community": re.compile(r".*(?:社区|居委会|村)"),
}
STATES = ("taken", "asked", "unknown", "left_out", "hidden", "empty")
#: The kind of a sheet that is no list of ours.
NO_LIST = "none"


@dataclass(frozen=True)
class Reading:
    """How one sheet is read. Kept as JSON by :meth:`facts`, read again by :func:`of_facts`."""

    state: str
    #: The name of its list, or of the nearest; None if there is none.
    kind: str | None = None
    #: The row of the header, counted from 1; 0 if there is none.
    row_number: int = 0
    header: tuple[str, ...] = ()
    #: Field name to column, counted from 0.
    columns: Mapping[str, int] = field(default_factory=dict)
    #: The text above the header: the sheet's own title.
    title: str = ""
    #: Why it is read this way: words (its headers), hand, memory, profile.
    because: str = "words"
    #: For ``memory``: the day of the answer; for ``profile``: its name.
    said: str | None = None
    #: The meanings of the file's codes, by field; the forms of its days and times.
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    dates: tuple[str, ...] = ()
    #: The first row of a header of several rows.
    first_row: int = 0
    #: Letters of filled columns without a header, which are not read.
    nameless: tuple[str, ...] = ()
    #: For a sheet that is not understood: its shape (``sheet_shapes``), where it can be seen.
    shape: str | None = None
    #: The unit of lengths of time by a note over the header; None without such a note.
    unit: str | None = None
    #: Whether the name of the sheet is the team of all its rows, because no column names one.
    is_team: bool = False

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the missing columns of the list, by their usual header."""
        there = {**self.columns, **({"team": -1} if self.is_team else {})}
        return sheet_guesses.missing(BY_NAME[self.kind], there) if self.kind else ()

    @property
    def unused(self) -> list[str]:
        """Return the headers of columns that are not read."""
        return sheet_guesses.unused(self.header, self.columns)

    def facts(self) -> dict[str, Any]:
        """Return what an import stores of it."""
        return {
            "state": self.state,
            "kind": self.kind,
            "row": self.row_number,
            "first_row": self.first_row,
            "header": list(self.header),
            "columns": dict(self.columns),
            "title": self.title,
            "because": self.because,
            "said": self.said,
            "codes": {name: dict(codes) for name, codes in self.codes.items()},
            "dates": list(self.dates),
            "nameless": list(self.nameless),
            "shape": self.shape,
            "unit": self.unit,
            "is_team": self.is_team,
        }

    def as_header(self) -> Header:
        """Return the header of a sheet that is taken."""
        kind = BY_NAME[self.kind or ""]
        units = {name: unit_of(self.header[at]) for name, at in self.columns.items()}
        units |= {"minutes": units.get("minutes") or self.unit}
        return Header(
            kind,
            self.row_number,
            self.header,
            dict(self.columns),
            {name: unit for name, unit in units.items() if unit},
            self.title,
            self.codes,
            self.dates,
        )


def of_facts(facts: Mapping[str, Any]) -> Reading:
    """Read what :meth:`Reading.facts` kept."""
    return Reading(
        facts["state"],
        facts["kind"],
        facts["row"],
        tuple(facts["header"]),
        facts["columns"],
        facts["title"],
        facts["because"],
        facts["said"],
        facts["codes"],
        tuple(facts["dates"]),
        facts["first_row"],
        tuple(facts.get("nameless", ())),
        facts.get("shape"),
        facts.get("unit"),
        facts.get("is_team", False),
    )


@dataclass(frozen=True)
class SaidSheet:
    """The street's answer about sheets with one header: the kind, and the day."""

    kind: str
    day: str
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    dates: tuple[str, ...] = ()


@dataclass(frozen=True)
class Memory:
    """A street's earlier answers about its sheets (by :func:`fingerprint`) and its columns."""

    sheets: Mapping[str, SaidSheet] = field(default_factory=dict)
    columns: Meanings = field(default_factory=dict)
    profiles: tuple[Profile, ...] = ()


NOTHING_SAID = Memory()


def fingerprint(row: Sequence[Any]) -> str:
    """Return the fingerprint of a header, in any order of its columns; «» without words."""
    words = sorted(filter(None, sheet_guesses.words_of(row)))
    return sha256("\0".join(words).encode(errors="surrogatepass")).hexdigest() if words else ""


def read(rows: Sequence[Row], memory: Memory) -> Reading:
    """Decide from the first rows of a sheet what it is."""
    if not rows:
        return Reading("empty")
    return (
        _remembered(rows, memory)
        or _by_profile(rows, memory)
        or _whole(rows, memory)
        or _nearest(rows, memory)
    )


def named_by(found: Reading, name: str) -> Reading:
    """Return the reading of a sheet of this name.

    A list of people or of their service without a column for the team has that of the sheet's name,
    if a team may be called so: 护学队.
    """
    kind = BY_NAME.get(found.kind or "")
    may_be = (
        kind in OF_PEOPLE and found.state in ("taken", "unknown") and "team" not in found.columns
    )
    if not may_be or found.shape or not is_team_name(name):
        return found
    named = replace(found, is_team=True)
    return named if named.missing else replace(named, state="taken")


def is_team_name(words: str) -> bool:
    """Tell whether a sheet's name may be that of one team, and not the word for all of them."""
    return PART_OF["team"].fullmatch(cells.name(words)) is not None and not is_known(words)


def _remembered(rows: Sequence[Row], memory: Memory) -> Reading | None:
    for taken, words in headers.every(rows) if memory.sheets else ():
        said = memory.sheets.get(fingerprint(words))
        if said is not None:
            return _as_said(said, taken, words, rows, memory)
    return None


def _as_said(
    said: SaidSheet,
    taken: Sequence[Row],
    words: Sequence[Any],
    rows: Sequence[Row],
    memory: Memory,
) -> Reading:
    found = _reading("left_out", None, {}, taken, words, rows)
    if said.kind != NO_LIST:
        kind = BY_NAME[said.kind]
        columns = sheet_guesses.columns_of(kind, words, memory.columns, below(rows, taken[-1]))
        state = "unknown" if sheet_guesses.missing(kind, columns) else "taken"
        found = _reading(state, kind, columns, taken, words, rows)
    return replace(
        found, because="memory", said=said.day, codes=dict(said.codes), dates=tuple(said.dates)
    )


def _by_profile(rows: Sequence[Row], memory: Memory) -> Reading | None:
    for taken, words in headers.every(rows) if memory.profiles else ():
        for one in memory.profiles:
            columns = one.columns_in(words)
            if columns is not None:
                found = _reading("taken", one.kind, columns, taken, words, rows)
                return replace(
                    found,
                    because="profile",
                    said=one.name,
                    codes=one.data()["codes"],
                    dates=one.dates,
                )
    return None


def _whole(rows: Sequence[Row], memory: Memory) -> Reading | None:
    found = headers.find(rows, partial(_understood, memory.columns, rows))
    if found is None:
        return None
    words = found.header.cells
    guess = sheet_guesses.guess(words, memory.columns, below(rows, found.rows[-1]))
    if guess is None:
        return None
    state = "taken" if guess.is_certain else "asked"
    return _reading(state, guess.kind, guess.columns, found.rows, words, rows)


def _understood(
    meanings: Meanings, rows: Sequence[Row], words: Sequence[Any], row_number: int, title: str
) -> Header | None:
    under = [row.cells for row in rows if row.number > row_number]
    guess = sheet_guesses.guess(words, meanings, under)
    if guess is None or not guess.is_whole:
        return None
    return Header(guess.kind, row_number, tuple(words), guess.columns, {}, title)


def _nearest(rows: Sequence[Row], memory: Memory) -> Reading:
    """Return the nearest rows if no header is complete: those with most known columns, else the
    first with most words.
    """
    best: tuple[tuple[int, int, int], Any] | None = None
    for taken, words in headers.every(rows):
        guess = sheet_guesses.guess(words, memory.columns, below(rows, taken[-1]))
        known = len(guess.columns) if guess else 0
        rank = (known, -len(taken), _width(taken[-1]))
        if best is None or rank > best[0]:
            best = rank, (guess, taken, words)
    if best is None:
        return Reading("empty")
    guess, taken, words = best[1]
    kind, columns = (guess.kind, guess.columns) if guess else (None, {})
    found = _reading("unknown", kind, columns, taken, words, rows)
    return replace(found, shape=sheet_shapes.shape_of(words, rows))


def below(rows: Sequence[Row], above: Row) -> list[Sequence[Any]]:
    """Return the cells of the rows under this one."""
    return [row.cells for row in rows if row.number > above.number]


def _width(row: Row) -> int:
    return sum(1 for raw in row.own if isinstance(raw, str) and cells.text(raw))


def _reading(
    state: str,
    kind: Kind | None,
    columns: Mapping[str, int],
    taken: Sequence[Row],
    words: Sequence[Any],
    rows: Sequence[Row],
) -> Reading:
    return Reading(
        state,
        kind.name if kind else None,
        taken[-1].number,
        tuple(cells.text(raw) for raw in words),
        columns,
        headers.title([row for row in rows if row.number < taken[0].number]),
        first_row=taken[0].number,
        nameless=_nameless(words, [row for row in rows if row.number > taken[-1].number]),
        unit=_unit_above([row for row in rows if row.number < taken[0].number]),
    )


def _unit_above(above: Sequence[Row]) -> str | None:
    said = (unit_above(cells.text(raw)) for row in above for raw in row.own)
    return next(filter(None, said), None)


def _nameless(words: Sequence[Any], under: Sequence[Row]) -> tuple[str, ...]:
    named = {column for column, raw in enumerate(words) if cells.text(raw)}
    filled = {column for row in under for column, raw in enumerate(row.own) if cells.text(raw)}
    return tuple(get_column_letter(column + 1) for column in sorted(filled - named))
