"""Shapes of the rota and of asked swaps."""

from marshmallow import Schema, fields, validate

from volunteer_service.api.events.shapes import ShiftOut
from volunteer_service.api.people.shapes import Id
from volunteer_service.api.shared.shapes import Day, In, Instant, Query
from volunteer_service.events.swap_models import STATES


class RotaQuery(Query):
    """Any local day of the week; the week of the event if left out."""

    day = Day()


class TurnOut(Schema):
    """A place of somebody on a local day."""

    on = Day(required=True)
    sign_up_id = fields.Integer(required=True)
    shift = fields.Nested(ShiftOut, required=True)
    post = fields.String(required=True)


class RotaLineOut(Schema):
    """A person: names are whole to leaders, masked to other volunteers of the rota."""

    volunteer_id = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Null for another person, to a volunteer."},
    )
    name = fields.String(required=True)
    turns = fields.Integer(
        required=True, metadata={"description": "Within the 28 days up to the end of the week."}
    )
    week = fields.List(fields.Nested(TurnOut), required=True)


class LackingOut(Schema):
    """Places that nobody holds."""

    on = Day(required=True)
    shift = fields.Nested(ShiftOut, required=True)
    post = fields.String(required=True)
    free = fields.Integer(required=True)


class RotaOut(Schema):
    """Who stands where in a week."""

    days = fields.List(Day(), required=True)
    people = fields.List(fields.Nested(RotaLineOut), required=True)
    lacking = fields.List(fields.Nested(LackingOut), required=True)
    is_cut = fields.Boolean(
        required=True, metadata={"description": "There are more people than 300."}
    )


class SwapIn(In):
    """Which place of the rota is wanted for it; without one a stand-in is looked for."""

    wanted_id = Id(load_default=None, allow_none=True)


class ArrangeSwapIn(In):
    """Which place it is exchanged for."""

    wanted_id = Id(required=True)


class SwapOut(Schema):
    """An asked swap of a place."""

    id = fields.Integer(required=True)
    sign_up_id = fields.Integer(required=True)
    wanted_id = fields.Integer(required=True, allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    asked_at = Instant(required=True)
    answered_at = Instant(required=True, allow_none=True)


class SwapsOut(Schema):
    """Open questions that are one's own or that one may answer."""

    items = fields.List(fields.Nested(SwapOut), required=True)
