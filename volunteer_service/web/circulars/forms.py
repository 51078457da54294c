"""Shapes of the forms of circulars."""

from marshmallow import Schema, fields, validate

from volunteer_service.circulars.models import OF_EVENT
from volunteer_service.circulars.writing import LONGEST_TEXT
from volunteer_service.fields import Text


class TeamCircularForm(Schema):
    """What the members read."""

    text = Text(LONGEST_TEXT, required=True)


class EventCircularForm(TeamCircularForm):
    """Who of the event reads it."""

    audience = fields.String(required=True, validate=validate.OneOf(OF_EVENT))
