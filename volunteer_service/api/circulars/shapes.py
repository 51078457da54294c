"""Shapes of circulars over the API."""

from marshmallow import Schema, fields, validate

from volunteer_service.api.shared.shapes import In, Instant, Query, Text
from volunteer_service.circulars.models import AUDIENCES, OF_EVENT
from volunteer_service.circulars.writing import LONGEST_TEXT


class CircularQuery(Query):
    """The page of the list."""


class TeamCircularIn(In):
    """What the members read."""

    text = Text(LONGEST_TEXT, required=True)


class EventCircularIn(TeamCircularIn):
    """Who of the event reads it, and what."""

    audience = fields.String(required=True, validate=validate.OneOf(OF_EVENT))


class ReachOut(Schema):
    """How many people it reaches, and how many of them also by e-mail or SMS."""

    count = fields.Integer(required=True)
    by_email = fields.Integer(required=True)
    by_sms = fields.Integer(required=True)
    #: People without an account, e-mail and SMS.
    unread_count = fields.Integer(required=True)
    #: People in the team or signed up who are no longer registered: they get nothing.
    left_count = fields.Integer(required=True)


class CircularOut(Schema):
    """One circular as its writer reads it."""

    id = fields.Integer(required=True)
    team_id = fields.Integer(required=True, allow_none=True)
    event_id = fields.Integer(required=True, allow_none=True)
    audience = fields.String(required=True, validate=validate.OneOf(AUDIENCES))
    on_behalf_of = fields.String(required=True)
    text = fields.String(required=True)
    created_at = Instant(required=True)
    sent_at = Instant(required=True, allow_none=True)


class CircularReachOut(CircularOut):
    """The same, with the people it reaches and how many have read it."""

    reach = fields.Nested(ReachOut, required=True)
    read_count = fields.Integer(required=True)


class ReceivedOut(Schema):
    """One circular as a receiver reads it."""

    id = fields.Integer(required=True)
    team_id = fields.Integer(required=True, allow_none=True)
    event_id = fields.Integer(required=True, allow_none=True)
    on_behalf_of = fields.String(required=True)
    text = fields.String(required=True)
    sent_at = Instant(required=True)
