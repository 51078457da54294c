"""Shapes of the anomaly desk."""

from marshmallow import Schema, fields

from volunteer_service.api.shared.shapes import Day, In, Instant
from volunteer_service.fields import Reason


class AnomalyOut(Schema):
    """What looks wrong, and what was said to it."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True)
    state = fields.String(required=True)
    happened_on = Day(required=True)
    team_id = fields.Integer(required=True)
    event_id = fields.Integer(required=True, allow_none=True)
    volunteer_id = fields.Integer(required=True, allow_none=True)
    people = fields.List(fields.Integer(), required=True)
    facts = fields.Dict(required=True)
    found_at = Instant(required=True)
    decided_at = Instant(required=True, allow_none=True)
    answer = fields.String(required=True, allow_none=True)


class AnomalyAnswerIn(In):
    """The decision; ``counted_at`` is the time at which an accepted late scan counts."""

    accept = fields.Boolean(required=True)
    reason = Reason(200, required=True)
    counted_at = Instant()
