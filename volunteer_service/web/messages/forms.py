"""Shapes of the forms of message settings."""

from marshmallow import Schema, fields, validate

from volunteer_service.fields import Text
from volunteer_service.people.authentication.passwords import LONGEST
from volunteer_service.people.messages.message_choices import LONGEST_ADDRESS, choosable
from volunteer_service.people.messages.message_models import LANGUAGES


class EmailForm(Schema):
    """An e-mail address (an empty one removes it), with the present password."""

    email = Text(LONGEST_ADDRESS, load_default="")
    present = fields.String(required=True, validate=validate.Length(1, LONGEST))


class _Choices(Schema):
    language = fields.String(load_default="zh", validate=validate.OneOf(LANGUAGES))
    quiet_from = fields.Time(format="%H:%M", load_default=None)
    quiet_to = fields.Time(format="%H:%M", load_default=None)


def field_of(choice: str) -> str:
    """Return the name of the box for a ``topic:door``."""
    return "on_" + choice.replace(":", "_")


#: Language, quiet hours, and one box for each topic and door.
ChoicesForm = _Choices.from_dict(
    {
        **{
            name: getattr(_Choices, "_declared_fields")[name]  # noqa: B009  marshmallow's own
            for name in ("language", "quiet_from", "quiet_to")
        },
        **{field_of(choice): fields.Boolean(load_default=False) for choice in choosable()},
    },
    name="ChoicesForm",
)
