"""Shapes of the forms of the rating."""

from marshmallow import Schema, fields, validate

from volunteer_service.fields import (
    Day,
    Reason,
    Text,
    Whole,
)


class OpenForm(Schema):
    """Which area and half-year to rate."""

    area_id = Whole(required=True)
    half_year = Text(6, required=True)


class ReasonForm(Schema):
    """Why."""

    reason = Reason(200, required=True)


class FreezeForm(Schema):
    """Why the facts are frozen although something is still to be done."""

    reason = Reason(200)


class SupplementForm(ReasonForm):
    """Whom to rate again: the person whose page this is."""

    volunteer_id = Whole(required=True)


class ObjectionForm(Schema):
    """What is wrong, in the person's words."""

    words = Reason(1000, required=True)


class DecisionForm(Schema):
    """The decision on an objection; ``lowers``: the decider saw that the person loses by it."""

    decision = fields.String(required=True, validate=validate.OneOf(["upheld", "dismissed"]))
    answer = Reason(1000, required=True)
    lowers = fields.Boolean(load_default=False)


class DayForm(ReasonForm):
    """A day on which the calendar is wrong."""

    day = Day(required=True)
    to_day = Day(load_default=None)
    working = fields.Boolean(required=True)
