"""Shapes of messages over the API."""

from marshmallow import Schema, fields, validate

from volunteer_service.api.shared.shapes import In, Instant, Query
from volunteer_service.fields import LARGEST
from volunteer_service.people.messages.message_kinds import KINDS


class MessageQuery(Query):
    """The page of the list."""


class MessageOut(Schema):
    """What one was told: a kind, and its facts (points in hundredths, minutes, ISO days, codes)."""

    id = fields.Integer(required=True)
    at = Instant(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(sorted(KINDS)))
    facts = fields.Dict(keys=fields.String(), required=True)
    read_at = Instant(required=True, allow_none=True)


class ReadIn(In):
    """The newest message that was read."""

    up_to = fields.Integer(strict=True, required=True, validate=validate.Range(1, LARGEST))


class UnreadOut(Schema):
    """How many messages stay unread."""

    unread = fields.Integer(required=True)
