"""Answers about the sheets of an import over the API, and those that a street gave before."""

from marshmallow import Schema, fields, validate

from volunteer_service.api.shared.shapes import In, Instant, Query, Sort, Text
from volunteer_service.fields import LARGEST
from volunteer_service.workbooks import import_states, models
from volunteer_service.workbooks.asked_sheets import asked_rows, sheet_memory
from volunteer_service.workbooks.judging import alike_areas
from volunteer_service.workbooks.reading import known_columns
from volunteer_service.workbooks.reading.sheet_readings import NO_LIST

#: The fields of each list, as an answer names them.
_FIELDS = " ".join(
    f"`{kind.name}`: {', '.join(each.name for each in kind.fields)}."
    for kind in known_columns.KINDS
)


class ImportSheetIn(In):
    """What a sheet is, and which column holds what."""

    kind = fields.String(
        required=True,
        validate=validate.OneOf((*import_states.KINDS, NO_LIST)),
        metadata={"description": "`none`: no list, it is left out."},
    )
    columns = fields.Dict(
        fields.String(),
        fields.Integer(validate=validate.Range(0, LARGEST)),
        load_default=None,
        metadata={
            "description": f"Column by field, counted from 0; without it as guessed. {_FIELDS}"
        },
    )
    row_number = fields.Integer(
        load_default=None,
        validate=validate.Range(1, LARGEST),
        metadata={"description": "The row of the header; without it as found."},
    )
    codes = fields.Dict(
        Text(60),
        fields.Dict(Text(60), Text(60), validate=validate.Length(1, 100)),
        load_default=None,
        validate=validate.Length(0, 100),
        metadata={
            "description": "What codes mean, by field; those of `status` mean `take` or `leave`."
        },
    )
    dates = fields.List(
        Text(60),
        load_default=None,
        validate=validate.Length(0, 100),
        metadata={
            "description": "How days and times are written, tried before our own forms: "
            "`MM/DD/YYYY`, `DD-MM-YYYY HH:mm`, `月/日/年`."
        },
    )
    save_as = Text(
        60, load_default=None, metadata={"description": "Keep all of it as a profile of this name."}
    )


class ProfileNameIn(In):
    """Another name of a profile."""

    name = Text(60, required=True)


class ImportRowsIn(In):
    """Whether hidden or struck-through rows are taken; what is left out stays as it was."""

    hidden = fields.String(load_default=None, validate=validate.OneOf(asked_rows.ANSWERS))
    struck = fields.String(load_default=None, validate=validate.OneOf(asked_rows.ANSWERS))


class AlikePlaceOut(Schema):
    """A community, grid or building that is written in several ways."""

    key = fields.String(required=True)
    level = fields.String(required=True, validate=validate.OneOf(("community", "grid", "building")))
    street = fields.String(
        required=True, metadata={"description": "Another street of the list; empty: the import's."}
    )
    where = fields.List(
        fields.String(), required=True, metadata={"description": "The areas above it."}
    )
    name = fields.String(required=True, metadata={"description": "The name that counts."})
    others = fields.List(
        fields.String(), required=True, metadata={"description": "Other spellings, at most 8."}
    )
    more = fields.Integer(required=True, metadata={"description": "Spellings beyond these."})
    are = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(alike_areas.ANSWERS),
        metadata={"description": "Null: the rows with the other spellings wait."},
    )
    said = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Day on which the street said so before; null: of this import."},
    )


class ImportPlacesIn(In):
    """Whether the spellings are one place each, or places of their own."""

    are = fields.String(required=True, validate=validate.OneOf(alike_areas.ANSWERS))
    keys = fields.List(
        Text(16),
        load_default=None,
        validate=validate.Length(1, alike_areas.MOST_PLACES),
        metadata={"description": "Of `places`; without it all that wait."},
    )


class MeaningsQuery(Query):
    """The list of answers about sheets and columns."""

    sort = Sort(sheet_memory.SORTS)


class MeaningOut(Schema):
    """A street's answer about a sheet, a column or rows; the next file is read by it."""

    id = fields.Integer(required=True)
    area_id = fields.Integer(required=True)
    about = fields.String(required=True, validate=validate.OneOf(models.ABOUT))
    kind = fields.String(required=True, validate=validate.OneOf((*import_states.KINDS, NO_LIST)))
    words = fields.String(
        required=True,
        metadata={"description": "Name of a sheet, header of a column, look of rows."},
    )
    meaning = fields.Dict(required=True)
    said_at = Instant(required=True)
