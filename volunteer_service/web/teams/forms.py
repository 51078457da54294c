"""Shapes of the forms about teams."""

from marshmallow import Schema, fields, validate

from volunteer_service.fields import Day, Text, Whole


class TeamForm(Schema):
    """What a team is."""

    name = Text(60, required=True)
    area_id = Whole(required=True)
    recording_unit = Text(60, required=True)
    brand = Text(60, load_default=None)
    project = Text(60, load_default=None)
    founded_on = Day(load_default=None)


class TeamEditForm(TeamForm):
    """What a team shall be, and the version that was read."""

    state = fields.String(load_default="active", validate=validate.OneOf(("active", "closed")))
    version = Whole(required=True)
