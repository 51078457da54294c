"""Shapes of areas over the API."""

from marshmallow import Schema, fields, validate

from volunteer_service.api.people.shapes import Id
from volunteer_service.api.shared.shapes import In, Instant, Query, Sort, Text
from volunteer_service.areas import lookup
from volunteer_service.areas.models import KINDS
from volunteer_service.fields import LARGEST, Reason

#: Whether the area is another place than the one whose name looks like it.
_OTHER = {"description": "It is another place than the one there that looks alike."}
_AN_ID = validate.Range(1, LARGEST)


class AreaQuery(Query):
    """Filters of the list of areas."""

    q = Text(60)
    kind = fields.String(validate=validate.OneOf(KINDS))
    parent_id = fields.Integer(validate=_AN_ID)
    under = fields.Integer(
        validate=_AN_ID, metadata={"description": "This area and everything below it."}
    )
    sort = Sort(lookup.SORTS)


class AreaIn(In):
    """A new area below ``parent_id``; null: a sub-district."""

    parent_id = Id(required=True, allow_none=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    name = Text(60, required=True)
    confirm_other = fields.Boolean(load_default=False, metadata=_OTHER)


class AreaRenameIn(In):
    """The new name of an area, and why."""

    name = Text(60, required=True)
    reason = Reason(200, required=True)
    confirm_other = fields.Boolean(load_default=False, metadata=_OTHER)


class AreaMoveIn(In):
    """The new parent, and why."""

    parent_id = Id(required=True)
    reason = Reason(200, required=True)
    confirm_other = fields.Boolean(load_default=False, metadata=_OTHER)


class AreaReasonIn(In):
    """Why."""

    reason = Reason(200, required=True)


class AreaContactIn(In):
    """Where its staff are found; a value that is left out is removed."""

    address = Text(120, allow_none=True, load_default=None)
    opening_hours = Text(120, allow_none=True, load_default=None)
    phone = Text(40, allow_none=True, load_default=None)


class AreaOut(Schema):
    """An area; ``path`` is the ids from the root, the contact its own."""

    id = fields.Integer(required=True)
    parent_id = fields.Integer(allow_none=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    name = fields.String(required=True)
    path = fields.String(required=True)
    closed_at = Instant(allow_none=True)
    address = fields.String(allow_none=True)
    opening_hours = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)


class OccupancyOut(Schema):
    """What is in an area and below it, and therefore moves with it."""

    areas = fields.Integer(required=True)
    people = fields.Integer(required=True)
    teams = fields.Integer(required=True)
    roles = fields.Integer(required=True)
    gifts = fields.Integer(required=True)
