"""What imports look like over the API."""

from typing import Any

from flask_smorest.fields import Upload
from marshmallow import EXCLUDE, Schema, fields, validate

from volunteer_service.api.imports.sheet_shapes import AlikePlaceOut
from volunteer_service.api.shared.shapes import (
    Day,
    Instant,
    Query,
    Sort,
    Text,
)
from volunteer_service.fields import LARGEST
from volunteer_service.wording import gettext, refusal
from volunteer_service.workbooks import (
    import_overviews,
    import_states,
    models,
    problems,
    refused_rows,
)
from volunteer_service.workbooks.asked_sheets import asked_areas, asked_rows, several_streets
from volunteer_service.workbooks.judging.taken_or_refused import WORDS
from volunteer_service.workbooks.reading.sheet_readings import STATES
from volunteer_service.workbooks.reading.sheet_shapes import SHAPES
from volunteer_service.workbooks.receiving import MOST_FILES

ACTS = ("apply", "ask", "withdraw", "decide", "discard")


class FilesIn(Schema):
    """A multipart body with one part named ``files`` for each workbook."""

    class Meta:
        unknown = EXCLUDE

    files = fields.List(Upload(), required=True, validate=validate.Length(1, MOST_FILES))


class ImportQuery(Schema):
    """Where everything is put; without either, as the workbooks say."""

    class Meta:
        unknown = EXCLUDE

    sub_district = Text(60, load_default=None)
    area_id = fields.Integer(load_default=None, validate=validate.Range(1, LARGEST))


class ImportsQuery(Query):
    """Filters of the list of imports; days are local and both count."""

    state = fields.String(
        validate=validate.OneOf(models.STATES),
        metadata={"description": "As last kept: of a step that died, the state it was in."},
    )
    area_id = fields.Integer(validate=validate.Range(1, LARGEST))
    from_on = Day(data_key="from")
    to_on = Day(data_key="to")
    sort = Sort(import_overviews.SORTS)


class RefusedQuery(Query):
    """The refused rows of one kind of list, or for one reason."""

    kind = fields.String(validate=validate.OneOf(import_states.KINDS))
    reason = fields.String(validate=validate.OneOf(list(WORDS)))
    sort = Sort(refused_rows.REFUSED_SORTS)


class FileOut(Schema):
    """A workbook that was handed in."""

    name = fields.String(required=True)
    size = fields.Integer(required=True, metadata={"description": "Bytes."})
    sha256 = fields.String(required=True)


class FiguresOut(Schema):
    """Totals of an import's new records; minutes are whole, points in hundredths."""

    records = fields.Integer(required=True)
    people = fields.Integer(required=True)
    minutes = fields.Integer(required=True)
    points = fields.Integer(required=True)
    long_days = fields.Integer(
        required=True,
        metadata={"description": "Days on which one person has more than `day_cap_minutes`."},
    )
    longest_day = fields.Integer(
        required=True, metadata={"description": "Minutes of the longest of these days; 0: none."}
    )


class OpeningFiguresOut(Schema):
    """Totals of opening balances; minutes are whole, points in hundredths."""

    rows = fields.Integer(required=True)
    people = fields.Integer(required=True)
    points = fields.Integer(required=True)
    minutes = fields.Integer(required=True)
    stars = fields.Integer(required=True, metadata={"description": "Stars of past half-years."})
    papers = fields.Integer(required=True, metadata={"description": "Numbers of certificates."})


class ShareOut(Schema):
    """What one person gets; id and number are null for somebody who is not registered yet."""

    volunteer_id = fields.Integer(required=True, allow_none=True)
    number = fields.String(required=True, allow_none=True)
    name = fields.String(required=True)
    records = fields.Integer(required=True)
    minutes = fields.Integer(required=True)
    points = fields.Integer(required=True)
    long_days = fields.Integer(required=True)
    opening_points = fields.Integer(required=True)
    opening_minutes = fields.Integer(required=True)


class ImportOut(Schema):
    """An import and how far its running step is."""

    id = fields.Integer(required=True)
    state = fields.String(
        required=True,
        validate=validate.OneOf(models.STATES),
        metadata={
            "description": "`reading` and `applying` go on by themselves: ask again. `asked` waits "
            "for a second person."
        },
    )
    sub_district = fields.String(required=True)
    area_id = fields.Integer(required=True, allow_none=True)
    files = fields.List(fields.Nested(FileOut), required=True)
    counts = fields.Dict(required=True, metadata={"description": "As `import --json`."})
    figures = fields.Nested(
        FiguresOut,
        required=True,
        allow_none=True,
        metadata={"description": "Null until the rows were read."},
    )
    openings = fields.Nested(
        OpeningFiguresOut,
        required=True,
        allow_none=True,
        metadata={"description": "What is taken over from an earlier system; null: nothing."},
    )
    done = fields.Integer(required=True, metadata={"description": "Rows, of `total`."})
    total = fields.Integer(required=True, metadata={"description": "0: not known yet."})
    problem = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Why the last step did not come to its end, and what to do."},
    )
    problem_code = fields.String(
        required=True, allow_none=True, metadata={"description": "The code of that refusal."}
    )
    created_at = Instant(required=True)
    asked_at = Instant(required=True, allow_none=True)
    decided_at = Instant(required=True, allow_none=True)
    answer = fields.String(
        required=True, allow_none=True, metadata={"description": "Why it was refused."}
    )
    applied_at = Instant(required=True, allow_none=True)
    undone_at = Instant(required=True, allow_none=True)
    undo_reason = fields.String(required=True, allow_none=True)
    undo_asked_at = Instant(required=True, allow_none=True)
    undo_decided_at = Instant(required=True, allow_none=True)
    undo_answer = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Why the import was left to stand."},
    )


def _texts(description: str) -> fields.List[Any]:
    return fields.List(fields.String(), required=True, metadata={"description": description})


class ImportSheetOut(Schema):
    """One sheet of a file that was handed in: what it is taken for, and what is not read."""

    number = fields.Integer(required=True, metadata={"description": "Counted from 0."})
    file = fields.String(required=True)
    name = fields.String(required=True)
    state = fields.String(
        required=True,
        validate=validate.OneOf(STATES),
        metadata={
            "description": "Only `taken` sheets come in. `asked` ones look like the list `kind`, "
            "`unknown` ones come nearest to it: both wait for an answer."
        },
    )
    kind = fields.String(
        required=True, allow_none=True, validate=validate.OneOf(import_states.KINDS)
    )
    because = fields.String(
        required=True,
        metadata={
            "description": "`words` of its headers, `hand`, `memory` of an answer, `profile`."
        },
    )
    said = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Day of the answer, or name of the profile."},
    )
    header_row = fields.Integer(required=True, metadata={"description": "0: none."})
    taken = fields.Integer(required=True, metadata={"description": "Rows that may come in."})
    refused = fields.Integer(required=True)
    waiting = fields.Integer(
        required=True, metadata={"description": "Rows of a sheet that is not taken."}
    )
    columns = fields.Dict(
        fields.String(),
        fields.String(),
        required=True,
        metadata={"description": "Header by field, of the columns that are read."},
    )
    missing = _texts("Headers that `kind` needs.")
    unused = _texts("Headers that nothing reads.")
    nameless = _texts("Letters of filled columns without a header: nothing reads them.")
    shape = fields.String(required=True, allow_none=True, validate=validate.OneOf([*SHAPES]))
    team = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The sheet's name, if it is the team of all its rows."},
    )
    hidden_columns = _texts("Headers of columns that are hidden in the file, and read.")
    comments = _texts("Cells with a comment, at most 1,000: nothing reads them.")


class RowLooksOut(Schema):
    """Whether hidden and struck-through rows are taken, and since when the street says so."""

    hidden = fields.String(required=True, validate=validate.OneOf(asked_rows.ANSWERS))
    struck = fields.String(
        required=True,
        validate=validate.OneOf((*asked_rows.ANSWERS, asked_rows.ASKED)),
        metadata={"description": "`asked`: none of them comes in till it is said."},
    )
    hidden_said = fields.String(required=True, allow_none=True)
    struck_said = fields.String(required=True, allow_none=True)


class ImportDetailOut(ImportOut):
    """One import with its sheets and the people who get most of it."""

    sheets = fields.List(fields.Nested(ImportSheetOut), required=True)
    streets = fields.List(
        fields.String(),
        required=True,
        metadata={
            "description": "Where areas land when a list names several streets; empty: under one."
        },
    )
    places = fields.List(
        fields.Nested(AlikePlaceOut),
        required=True,
        metadata={
            "description": "Places that the lists write in several ways, at most 200, those that "
            "wait first; `POST /imports/{id}/places` says what they are."
        },
    )
    rows = fields.Nested(
        RowLooksOut, required=True, metadata={"description": "Counted in `counts`."}
    )
    largest = fields.List(
        fields.Nested(ShareOut),
        required=True,
        metadata={"description": "The ten people who get most hours."},
    )
    rows_about_importer = fields.Integer(
        required=True, metadata={"description": "Rows that change something about the importer."}
    )
    importer = fields.String(required=True, allow_none=True)
    decider = fields.String(required=True, allow_none=True)
    why_two = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Why a second person must decide; null where one is enough."},
    )
    who_may = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Names of some who may decide as the second person."},
    )
    why_not = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Why the caller may not decide what was asked for."},
    )
    may = fields.List(
        fields.String(validate=validate.OneOf(ACTS)),
        required=True,
        metadata={"description": "What the caller may do now; `decide` is approve or refuse."},
    )


class RefusedRowOut(Schema):
    """A row that was not taken."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(import_states.KINDS))
    file = fields.String(required=True)
    sheet = fields.String(required=True)
    row_number = fields.Integer(required=True)
    reason = fields.String(required=True, validate=validate.OneOf(list(WORDS)))
    field = fields.String(required=True, allow_none=True)
    cure = fields.String(required=True, allow_none=True)


def shown(standing: import_states.Standing) -> dict[str, Any]:
    """Return the row, with its present state and the progress of its step."""
    row = standing.row
    kept = {name: getattr(row, name) for name in ImportOut().fields if hasattr(row, name)}
    return kept | {
        "state": standing.state,
        "figures": row.figures | {"records": row.records} if row.figures else None,
        "problem": problems.worded(row, gettext),
        "problem_code": problems.problem_code(row),
        "openings": row.figures.get("openings"),
        "done": standing.done,
        "total": standing.total,
    }


def shown_whole(detail: import_overviews.Detail) -> dict[str, Any]:
    """Return the same, and who gets most of it."""
    return shown(detail.standing) | {
        "sheets": [sheet.told() for sheet in detail.sheets],
        "streets": list((several_streets.of(detail.standing.row) or {}).values()),
        "places": asked_areas.places_of(detail.standing.row),
        "rows": asked_rows.looks_of(detail.standing.row),
        "largest": detail.standing.row.largest,
        "rows_about_importer": detail.rows_about_importer,
        "importer": detail.importer,
        "decider": detail.decider,
        "why_two": detail.why_two.worded(gettext) if detail.why_two else None,
        "who_may": list(detail.who.names) if detail.who else [],
        "why_not": refusal(detail.why_not) if detail.why_not else None,
        "may": sorted(detail.may),
    }
