"""Shapes of the forms about teams."""

from marshmallow import Schema, fields, validate

from volunteer_service.fields import LARGEST, Day, Text, Whole
from volunteer_service.teams.leading import LEADS


class TeamForm(Schema):
    """What a team is."""

    name = Text(60, required=True)
    area_id = Whole(required=True)
    recording_unit = Text(60, required=True)
    brand = Text(60, load_default=None)
    project = Text(60, load_default=None)
    founded_on = Day(load_default=None)


class TeamEditForm(TeamForm):
    """The new values of a team, and the version that was read."""

    state = fields.String(load_default="active", validate=validate.OneOf(("active", "closed")))
    version = Whole(required=True)


class PlaceForm(Schema):
    """Names as they were typed or pasted, and from which day on they are in the team."""

    names = Text(8000, load_default="")
    since = Day(load_default=None)


class EndForm(Schema):
    """From which day on somebody is in the team no more."""

    since = Day(load_default=None)


class MoveForm(Schema):
    """To which team, and from which day on."""

    to_team_id = fields.Integer(required=True, validate=validate.Range(1, LARGEST))
    move_since = Day(load_default=None)


class LeadForm(Schema):
    """Leader, or deputy."""

    lead = fields.String(required=True, validate=validate.OneOf(LEADS))
