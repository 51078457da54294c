"""Answers that come with the files: what the command line states before anything is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from volunteer_service.people.authorization.actor import Actor
from volunteer_service.workbooks.asked_sheets import (
    asked_areas,
    asked_rows,
    import_sheets,
    sheet_answers,
)
from volunteer_service.workbooks.judging.alike_areas import ALL
from volunteer_service.workbooks.models import Import
from volunteer_service.workbooks.reading.cells import match_key
from volunteer_service.workbooks.refusals import SheetNotThere


@dataclass(frozen=True)
class Answers:
    """The answers about rows, and about sheets by their name (or «file/sheet»)."""

    #: Whether hidden rows, and rows struck through, are taken (``in``, ``out``); None: no answer.
    hidden: str | None = None
    struck: str | None = None
    #: Whether names of areas that look alike are one place (``one``, ``apart``); None: no answer.
    alike: str | None = None
    #: Which list a sheet is (``none``: no list).
    kinds: Mapping[str, str] = field(default_factory=dict)
    #: By sheet: the header, or the letter, of the column of each field.
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    #: Whether the street keeps them for the next file.
    is_kept: bool = True


def give(row: Import, answers: Answers, *, by: Actor, at: datetime) -> None:
    """Answer what an import that was just received would ask."""
    looks = {asked_rows.HIDDEN: answers.hidden, asked_rows.STRUCK: answers.struck}
    asked_rows.say(row, looks, by=by, at=at, is_kept=answers.is_kept)
    places = {ALL: answers.alike} if answers.alike is not None else {}
    asked_areas.say(row, places, by=by, at=at, is_kept=answers.is_kept)
    for name in dict.fromkeys((*answers.kinds, *answers.columns)):
        sheet = _called(row, name)
        kind = answers.kinds.get(name, sheet.reading.kind)
        if kind is None:
            raise SheetNotThere()
        said = answers.columns.get(name, {})
        sheet_answers.answer_in_advance(
            row, sheet.number, kind, said, by=by, at=at, is_kept=answers.is_kept
        )


def _called(row: Import, name: str) -> import_sheets.Sheet:
    key = match_key(name)
    for sheet in import_sheets.sheets(row.files):
        if key in (match_key(sheet.name), match_key(f"{sheet.file}/{sheet.name}")):
            return sheet
    raise SheetNotThere()
