"""Shapes of the forms of the rating."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from volunteer_service.fields import (
    Day,
    Reason,
    Text,
    Whole,
)

MOST_MINUTES = 500_000


class OpenForm(Schema):
    """Which area and half-year to rate."""

    area_id = Whole(required=True)
    half_year = Text(6, required=True)


class ReasonForm(Schema):
    """Why."""

    reason = Reason(200, required=True)


class SupplementForm(ReasonForm):
    """Whom to rate anew: the person whose page this is."""

    volunteer_id = Whole(required=True)


class ObjectionForm(Schema):
    """What is wrong, in the person's words."""

    words = Reason(1000, required=True)


class DecisionForm(Schema):
    """The decision on an objection, and the facts that are right."""

    decision = fields.String(required=True, validate=validate.OneOf(["upheld", "dismissed"]))
    answer = Reason(1000, required=True)
    hours = fields.Decimal(places=2, validate=validate.Range(0, MOST_MINUTES // 60))
    registered_on = Day()
    upheld_complaints = fields.Integer(validate=validate.Range(0, 1000))

    @post_load
    def in_minutes(self, values: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Hours become whole minutes."""
        if "hours" in values:
            values["confirmed_minutes"] = round(values.pop("hours") * 60)
        return values


class DayForm(ReasonForm):
    """A day on which the calendar is wrong."""

    day = Day(required=True)
    working = fields.Boolean(required=True)
