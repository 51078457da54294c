"""Shapes of complaints."""

from marshmallow import Schema, fields, validate

from volunteer_service.api.people.shapes import Id
from volunteer_service.api.shared.shapes import Day, In, Instant
from volunteer_service.fields import LARGEST, Reason


class ComplaintIn(In):
    """A complaint about a volunteer, who reads these words."""

    volunteer_id = Id(required=True)
    happened_on = Day(required=True)
    words = Reason(1000, required=True)


class ComplaintQuery(Schema):
    """Whose complaints; the caller's own if left out."""

    volunteer_id = fields.Integer(validate=validate.Range(1, LARGEST))


class ReplyIn(In):
    """What the volunteer says to it."""

    words = Reason(2000, required=True)


class ComplaintDecisionIn(In):
    """Whether it is upheld."""

    upheld = fields.Boolean(required=True)


class ComplaintOut(Schema):
    """A complaint, what its volunteer says to it, and its state."""

    id = fields.Integer(required=True)
    volunteer_id = fields.Integer(required=True)
    happened_on = fields.Date(required=True)
    words = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(("open", "upheld", "dismissed")))
    opened_at = Instant(required=True)
    told_at = Instant(allow_none=True)
    reply_until = fields.Date(
        allow_none=True,
        metadata={"description": "The last day for the reply; decided after it, or once replied."},
    )
    reply = fields.String(allow_none=True)
    replied_at = Instant(allow_none=True)
    is_answered = fields.Boolean(
        required=True, metadata={"description": "Replied by the volunteer's own hand."}
    )
    decided_at = Instant(allow_none=True)


class ComplaintsOut(Schema):
    """The complaints about one person, latest first."""

    items = fields.List(fields.Nested(ComplaintOut), required=True)
