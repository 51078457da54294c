"""The form for what a sheet is and which column contains what, and its words."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from volunteer_service.fields import LARGEST, Text
from volunteer_service.lists.declared import imports
from volunteer_service.workbooks.asked_sheets import written_codes
from volunteer_service.workbooks.asked_sheets.asked_rows import ANSWERS
from volunteer_service.workbooks.asked_sheets.sheet_answers import Question
from volunteer_service.workbooks.import_states import KINDS
from volunteer_service.workbooks.judging import alike_areas
from volunteer_service.workbooks.reading import known_columns, written_dates
from volunteer_service.workbooks.reading.known_columns import Field
from volunteer_service.workbooks.reading.sheet_readings import NO_LIST

COLUMN = "column_"
_NAMES = {field.name for kind in known_columns.KINDS for field in kind.fields}
_Columns = Schema.from_dict(
    {f"{COLUMN}{name}": fields.Integer(load_default=None) for name in sorted(_NAMES)}
)


class SheetForm(_Columns):  # type: ignore[misc, valid-type]
    """Kind, row of the header, and for each field the column that was chosen."""

    kind = fields.String(required=True, validate=validate.OneOf((*KINDS, NO_LIST)))
    row_number = fields.Integer(load_default=None, validate=validate.Range(1, LARGEST))
    #: Whether columns were chosen; otherwise they are as guessed.
    with_columns = fields.Boolean(load_default=False)
    #: What codes mean, a line each.
    codes = Text(4000, load_default=None)
    #: How days and times are written, one form on each line.
    dates = Text(400, load_default=None)
    save_as = Text(60, load_default=None)


class NameForm(Schema):
    """Another name."""

    name = Text(60, required=True)


class RowsForm(Schema):
    """Whether rows of a look are taken; what is not named stays as it was."""

    hidden = fields.String(load_default=None, validate=validate.OneOf(ANSWERS))
    struck = fields.String(load_default=None, validate=validate.OneOf(ANSWERS))


class PlacesForm(Schema):
    """Whether the spellings of a place, or of all that wait, are one place."""

    are = fields.String(required=True, validate=validate.OneOf(alike_areas.ANSWERS))
    key = Text(16, load_default=None)


class SheetQuery(Schema):
    """Another kind, or another row of the header, to be tried."""

    kind = fields.String(load_default=None, validate=validate.OneOf(KINDS))
    row_number = fields.Integer(load_default=None, validate=validate.Range(1, LARGEST))


def said(values: dict[str, Any], ask: Callable[..., Question]) -> dict[str, Any]:
    """Return the form's answers as the verb takes them; ``ask`` returns the sheet concerned."""
    columns = _columns(values)
    return {
        "kind": values["kind"],
        "row_number": values["row_number"],
        "columns": columns,
        "codes": _codes(values, columns, ask) if columns is not None else None,
        "dates": _dates(values["dates"]) if columns is not None else None,
        "save_as": values["save_as"] or None,
    }


def _codes(
    values: dict[str, Any], columns: dict[str, int], ask: Callable[..., Question]
) -> dict[str, dict[str, str]]:
    if not values["codes"]:
        return {}
    kind = known_columns.BY_NAME[values["kind"]]
    question = ask(kind=values["kind"], row_number=values["row_number"])
    header = [words for words, _example in question.columns]
    inside = {name: place for name, place in columns.items() if place < len(header)}
    return written_codes.codes_in(values["codes"], kind, header, inside)


def _dates(words: str | None) -> list[str]:
    return [line for line in map(str.strip, (words or "").splitlines()) if line]


def _columns(values: dict[str, Any]) -> dict[str, int] | None:
    if not values["with_columns"]:
        return None
    return {
        name.removeprefix(COLUMN): column
        for name, column in values.items()
        if name.startswith(COLUMN) and column is not None
    }


def wanted(raw: Mapping[str, str]) -> dict[str, Any]:
    """Return the kind and the row to be tried, where they are given and can be."""
    known = {name: raw[name] for name in ("kind", "row_number") if raw.get(name)}
    try:
        found: dict[str, Any] = SheetQuery(unknown=EXCLUDE).load(known)
    except ValidationError:
        return {}
    return found


def fields_in_words() -> dict[str, dict[str, str]]:
    """Return the fields of each list by their usual header."""
    return {
        kind.name: {field.name: field.title for field in kind.fields}
        for kind in known_columns.KINDS
    }


def dates_of(question: Question) -> str | None:
    """Return the given forms of days and times, one on each line; None for a list without any."""
    fields_of = question.kind.fields if question.kind else ()
    if not written_dates.FIELDS & {field.name for field in fields_of}:
        return None
    return "\n".join(map(written_dates.in_chinese, question.dates))


def kinds() -> dict[str, str]:
    """Return the lists, in words."""
    return {code: str(words) for code, (words, _look) in imports.KINDS.items()}


def asked(question: Question) -> list[Field]:
    """Return the fields of the list: needed ones that were not found first, then the needed
    ones.
    """
    fields_of = question.kind.fields if question.kind else ()
    return sorted(
        fields_of,
        key=lambda field: (not field.required, field.required and field.name in question.known),
    )


def rows(question: Question) -> list[tuple[int, str]]:
    """Return the rows that may be the header, as a select shows them."""
    return [
        (at_row, _("第 %(n)s 行：%(words)s", n=at_row, words=words))
        for at_row, words in question.rows
    ]


def columns_to_choose(question: Question) -> list[tuple[int | str, str]]:
    """Return the columns of the sheet, as a select shows them, with an example of each."""
    found: list[tuple[int | str, str]] = [("", _("没有这一列"))]
    for column, (words, example) in enumerate(question.columns):
        if words or example:
            at = {"letter": _letter(column), "header": words or _("（无表头）")}
            with_example = _("%(letter)s 列 %(header)s（如：%(example)s）", **at, example=example)
            found.append((column, with_example if example else _("%(letter)s 列 %(header)s", **at)))
    return found


def _letter(column: int) -> str:
    """Return the name that Excel gives a column, counted from 0: A, B, … Z, AA."""
    first, second = divmod(column, 26)
    return (chr(64 + first) if first else "") + chr(65 + second)
