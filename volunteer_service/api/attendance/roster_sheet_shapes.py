"""Shapes of printed rosters and of what is entered from them."""

from marshmallow import Schema, fields, validate

from volunteer_service.api.shared.shapes import In, Instant
from volunteer_service.attendance.roster_sheets.printing import LINES
from volunteer_service.fields import Text


class RosterLineOut(Schema):
    """One line; a blank one has no ``volunteer_id`` until somebody is entered from it."""

    line = fields.Integer(required=True)
    volunteer_id = fields.Integer(
        allow_none=True, dump_default=None, attribute="sign_up.volunteer_id"
    )
    came_at = Instant(required=True, allow_none=True)
    left_at = Instant(required=True, allow_none=True)
    entered_at = Instant(required=True, allow_none=True)
    entered_by_id = fields.Integer(required=True, allow_none=True)


class RosterSheetOut(Schema):
    """A printed page of a shift's roster; ``number`` is what stands on the paper."""

    id = fields.Integer(required=True)
    number = fields.String(required=True)
    event_id = fields.Integer(required=True)
    shift_id = fields.Integer(required=True)
    page = fields.Integer(required=True)
    printed_at = Instant(required=True)
    lines = fields.List(fields.Nested(RosterLineOut), required=True)


class WrittenLineIn(In):
    """What stands on a line; the volunteer's number only on a blank one."""

    line = fields.Integer(required=True, validate=validate.Range(1, LINES))
    came_at = Instant()
    left_at = Instant()
    number = Text(20)


class WrittenSheetIn(In):
    """The lines on which something was written."""

    lines = fields.List(
        fields.Nested(WrittenLineIn), required=True, validate=validate.Length(1, LINES)
    )


class LineRefusedOut(Schema):
    """Why a line was not entered whole."""

    line = fields.Integer(required=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)


class EnteredSheetOut(Schema):
    """How many lines were new, and why others were not."""

    new = fields.Integer(required=True)
    refused = fields.List(fields.Nested(LineRefusedOut), required=True)
