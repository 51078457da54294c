"""Shapes of messages over the API."""

from marshmallow import Schema, fields, validate

from volunteer_service.api.shared.shapes import In, Instant, Query, Text
from volunteer_service.fields import LARGEST
from volunteer_service.people.authentication.passwords import LONGEST
from volunteer_service.people.messages.message_choices import DOORS, LONGEST_ADDRESS, choosable
from volunteer_service.people.messages.message_kinds import KINDS
from volunteer_service.people.messages.message_models import LANGUAGES


class MessageQuery(Query):
    """The page of the list."""


class MessageOut(Schema):
    """A message: its kind and its facts (points in hundredths, minutes, ISO days, codes)."""

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


class ChoicesIn(In):
    """What is sent (``topic:door``; what is not named stays), in which language, and when not."""

    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))
    on = fields.List(
        fields.String(validate=validate.OneOf(choosable())),
        required=True,
        validate=validate.Length(max=len(choosable())),
    )
    #: Local times; null for both means the programme's quiet hours, equal ones mean no quiet hours.
    quiet_from = fields.Time(format="%H:%M", load_default=None, allow_none=True)
    quiet_to = fields.Time(format="%H:%M", load_default=None, allow_none=True)


class EmailIn(In):
    """An e-mail address (null removes it), with the present password."""

    email = Text(LONGEST_ADDRESS, required=True, allow_none=True)
    present = fields.String(required=True, validate=validate.Length(1, LONGEST))


class ChoicesOut(Schema):
    """One's own choices, and the channels that are set up."""

    email = fields.String(required=True, allow_none=True)
    email_confirmed_at = Instant(required=True, allow_none=True)
    #: When the person stopped all e-mail.
    left_at = Instant(required=True, allow_none=True)
    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))
    on = fields.List(fields.String(validate=validate.OneOf(choosable())), required=True)
    quiet_from = fields.Time(format="%H:%M", required=True)
    quiet_to = fields.Time(format="%H:%M", required=True)
    doors = fields.List(fields.String(validate=validate.OneOf(DOORS)), required=True)
