"""What imports look like over the API."""

from typing import Any

from flask_smorest.fields import Upload
from marshmallow import EXCLUDE, Schema, fields, validate

from volunteer_service.api.shared.shapes import (
    Day,
    In,
    Instant,
    Query,
    Sort,
    Text,
)
from volunteer_service.fields import LARGEST, Reason
from volunteer_service.wording import gettext, refusal
from volunteer_service.workbooks import import_overviews, import_states, models, refused_rows
from volunteer_service.workbooks.judging.taken_or_refused import WORDS
from volunteer_service.workbooks.receiving import MOST_FILES

ACTS = ("apply", "ask", "withdraw", "decide", "discard")


class FilesIn(Schema):
    """A multipart body with one part named ``files`` for each workbook."""

    class Meta:
        unknown = EXCLUDE

    files = fields.List(Upload(), required=True, validate=validate.Length(1, MOST_FILES))


class ImportQuery(Schema):
    """Where everything lands; without either, as the workbooks say."""

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
    """What the new records of an import come to; minutes are whole, points in hundredths."""

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


class ShareOut(Schema):
    """What one person gets; id and number are null for who is not registered yet."""

    volunteer_id = fields.Integer(required=True, allow_none=True)
    number = fields.String(required=True, allow_none=True)
    name = fields.String(required=True)
    records = fields.Integer(required=True)
    minutes = fields.Integer(required=True)
    points = fields.Integer(required=True)
    long_days = fields.Integer(required=True)


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
    done = fields.Integer(required=True, metadata={"description": "Rows, of `total`."})
    total = fields.Integer(required=True, metadata={"description": "0: not known yet."})
    problem = fields.String(required=True, allow_none=True)
    created_at = Instant(required=True)
    asked_at = Instant(required=True, allow_none=True)
    decided_at = Instant(required=True, allow_none=True)
    answer = fields.String(
        required=True, allow_none=True, metadata={"description": "Why it was refused."}
    )
    applied_at = Instant(required=True, allow_none=True)
    undone_at = Instant(required=True, allow_none=True)


class ImportDetailOut(ImportOut):
    """One import: beside that who gets most of it."""

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


class AnswerIn(In):
    """Why an import is refused; who asked reads it."""

    answer = Reason(200, required=True)


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
    """The row, with the state of now and the progress of its step."""
    row = standing.row
    kept = {name: getattr(row, name) for name in ImportOut().fields if hasattr(row, name)}
    return kept | {
        "state": standing.state,
        "figures": row.figures | {"records": row.records} if row.figures else None,
        "done": standing.done,
        "total": standing.total,
    }


def shown_whole(detail: import_overviews.Detail) -> dict[str, Any]:
    """The same, and who gets most of it."""
    return shown(detail.standing) | {
        "largest": detail.standing.row.largest,
        "rows_about_importer": detail.rows_about_importer,
        "importer": detail.importer,
        "decider": detail.decider,
        "why_two": detail.why_two.worded(gettext) if detail.why_two else None,
        "who_may": list(detail.who.names) if detail.who else [],
        "why_not": refusal(detail.why_not) if detail.why_not else None,
        "may": sorted(detail.may),
    }
