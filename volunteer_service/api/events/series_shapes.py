"""Shapes of copies, series and school terms."""

from typing import Any

from marshmallow import Schema, fields, validate

from volunteer_service.api.events.shapes import EventOut
from volunteer_service.api.people.shapes import Id
from volunteer_service.api.shared.shapes import In
from volunteer_service.events.recurrence import LONGEST_RULE
from volunteer_service.events.series_changes import SCOPES
from volunteer_service.events.series_models import DAYS
from volunteer_service.fields import Day, Instant, Reason, Text
from volunteer_service.wording import refusal as words


class CopyIn(In):
    """When the copy begins; its shifts move along."""

    starts_at = Instant(required=True)


class RepeatIn(In):
    """On which days an event is held again, at most a year ahead."""

    rule = fields.String(
        required=True,
        validate=validate.Length(1, LONGEST_RULE),
        metadata={
            "description": "RFC 5545 RRULE of FREQ (DAILY, WEEKLY, MONTHLY), INTERVAL, BYDAY,"
            " BYMONTHDAY and WKST: `FREQ=WEEKLY;BYDAY=MO,WE`"
        },
    )
    until = Day(required=True)
    days = fields.String(load_default="every", validate=validate.OneOf(DAYS))


class OccurrenceOut(Schema):
    """A local day of a rule; `left_out` says why no event is made on it."""

    on = Day(required=True)
    left_out = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(("not_working", "no_term", "past")),
    )


class SeriesPreviewOut(Schema):
    """The days of a rule."""

    days = fields.List(fields.Nested(OccurrenceOut), required=True)


class SeriesRuleOut(Schema):
    """The rule of a series and the local days between which it lies."""

    id = fields.Integer(required=True)
    rule = fields.String(required=True)
    days = fields.String(required=True)
    starts_on = Day(required=True)
    ends_on = Day(required=True)


class SeriesEventOut(Schema):
    """An event of a series and how many people have a place at it."""

    event = fields.Nested(EventOut, required=True)
    signed_up = fields.Integer(required=True)


class SeriesOut(Schema):
    """A series with its events; null and none for an event that stands alone."""

    series = fields.Nested(SeriesRuleOut, required=True, allow_none=True)
    events = fields.List(fields.Nested(SeriesEventOut), required=True)


class CarryOverIn(In):
    """Which other events are changed; the reason is needed where their time changes."""

    scope = fields.String(load_default="later", validate=validate.OneOf(SCOPES))
    shifts = fields.Boolean(
        load_default=False,
        metadata={"description": "Also the shifts: times, places, breaks, and what posts ask."},
    )
    reason = Reason(120)
    dry_run = fields.Boolean(
        load_default=False, metadata={"description": "Only tells whom it touches."}
    )


class SeriesCancelIn(In):
    """Which events are called off, and why."""

    scope = fields.String(load_default="later", validate=validate.OneOf(SCOPES))
    reason = Reason(120, required=True)


class LeftEventOut(Schema):
    """An event that stays as it is, and why."""

    event_id = fields.Integer(required=True, attribute="event.id")
    code = fields.Function(lambda row: row.refusal.code(), required=True)
    why = fields.Function(lambda row: _why(row), required=True)


def _why(row: Any) -> str:
    row.refusal.is_to_person = False
    return str(words(row.refusal))


class TouchedEventOut(Schema):
    """How many people of an event there are of each outcome of a change."""

    event_id = fields.Integer(required=True)
    counts = fields.Dict(fields.String(), fields.Integer(), required=True)


class SeriesChangedOut(Schema):
    """Which events were changed, which stayed as they are, and which were so before."""

    done = fields.List(fields.Pluck(EventOut, "id"), required=True)
    same = fields.List(fields.Pluck(EventOut, "id"), required=True)
    left = fields.List(fields.Nested(LeftEventOut), required=True)
    touched = fields.List(fields.Nested(TouchedEventOut), required=True)


class SchoolTermIn(In):
    """A term of the schools in an area and below it."""

    area_id = Id(required=True)
    name = Text(40, required=True)
    starts_on = Day(required=True)
    ends_on = Day(required=True)


class SchoolTermOut(Schema):
    """A school term; both days count."""

    id = fields.Integer(required=True)
    area_id = fields.Integer(required=True)
    name = fields.String(required=True)
    starts_on = Day(required=True)
    ends_on = Day(required=True)


class SchoolTermsOut(Schema):
    """School terms by area and beginning."""

    items = fields.List(fields.Nested(SchoolTermOut), required=True)
