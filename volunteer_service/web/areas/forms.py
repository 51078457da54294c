"""Shapes of the forms about areas."""

from marshmallow import Schema, fields, validate

from volunteer_service.areas.models import KINDS
from volunteer_service.fields import Reason, Text, Whole


class AreaForm(Schema):
    """A new area; without ``parent_id`` a sub-district."""

    parent_id = Whole(load_default=None)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    name = Text(60, required=True)
    confirm_other = fields.Boolean(load_default=False)


class RenameForm(Schema):
    """The new name, and why."""

    name = Text(60, required=True)
    reason = Reason(200, required=True)
    confirm_other = fields.Boolean(load_default=False)


class MoveForm(Schema):
    """The new parent, and why."""

    parent_id = Whole(required=True)
    reason = Reason(200, required=True)
    confirm_other = fields.Boolean(load_default=False)


class StateForm(Schema):
    """Why an area is closed or opened again."""

    state_reason = Reason(200, required=True)


class ContactForm(Schema):
    """Where the staff are found; an empty field removes the value."""

    address = Text(120, load_default=None)
    opening_hours = Text(120, load_default=None)
    phone = Text(40, load_default=None)
