"""Shapes of teams and rosters over the API."""

from marshmallow import Schema, fields, validate

from volunteer_service.api.people.shapes import Id
from volunteer_service.api.shared.shapes import (
    Day,
    In,
    Instant,
    Query,
    Sort,
    Text,
)
from volunteer_service.fields import LARGEST
from volunteer_service.identifiers.masks import mask_phone
from volunteer_service.teams import leading, placing
from volunteer_service.teams import team_lists as teams

TEAM_STATES = ("active", "closed")
MEMBER_STATES = ("asked", "coming", "active", "left")
_AN_ID = validate.Range(1, LARGEST)


class TeamQuery(Query):
    """Filters of the list of teams."""

    q = Text(60)
    area_id = fields.Integer(validate=_AN_ID)
    brand = Text(60)
    project = Text(60)
    state = fields.String(load_default="active", validate=validate.OneOf(TEAM_STATES))
    sort = Sort(teams.SORTS)


class TeamIn(In):
    """What a team is; brand and project are given by name and created when new."""

    name = Text(60, required=True)
    area_id = Id(required=True)
    recording_unit = Text(60, required=True)
    brand = Text(60, allow_none=True)
    project = Text(60, allow_none=True)
    founded_on = Day(allow_none=True)


class TeamEditIn(TeamIn):
    """The whole team as it should be."""

    state = fields.String(load_default="active", validate=validate.OneOf(TEAM_STATES))


class TeamRowOut(Schema):
    """A team in a list."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    area_id = fields.Integer(required=True)
    recording_unit = fields.String(required=True)
    founded_on = fields.Date(allow_none=True)
    state = fields.String(required=True)


class TeamOut(TeamRowOut):
    """A team as it stands."""

    area = fields.String(required=True)
    brand = fields.String(allow_none=True)
    project = fields.String(allow_none=True)
    leaders = fields.List(fields.String(), required=True)
    deputies = fields.List(fields.String(), required=True)
    members = fields.Integer(required=True)
    asked = fields.Integer(required=True)
    merged_into_id = fields.Integer(
        allow_none=True, metadata={"description": "In which team it goes on."}
    )
    version = fields.Integer(required=True)


class RosterQuery(Query):
    """Filters of a roster."""

    q = Text(60)
    state = fields.String(load_default="active", validate=validate.OneOf(MEMBER_STATES))
    sort = Sort(teams.ROSTER_SORTS)


class MembershipOut(Schema):
    """A person's place in a team."""

    id = fields.Integer(required=True)
    team_id = fields.Integer(required=True)
    volunteer_id = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf(MEMBER_STATES))
    joined_at = Instant(required=True)
    left_at = Instant(allow_none=True)


class TeamPlaceIn(In):
    """Whom to put into a team, and from which local day on; today if left out."""

    volunteer_ids = fields.List(
        Id(), required=True, validate=validate.Length(1, placing.MOST_PEOPLE)
    )
    since = Day(allow_none=True, load_default=None)


class TeamPlacesOut(Schema):
    """The places that were given."""

    items = fields.List(fields.Nested(MembershipOut), required=True)


class EndPlaceIn(In):
    """From which local day on somebody is no longer in the team; today if left out."""

    since = Day(allow_none=True, load_default=None)


class MoveMemberIn(EndPlaceIn):
    """To which team, and from which local day on."""

    to_team_id = Id(required=True)


class LeadIn(In):
    """Leader, or deputy with the same rights."""

    lead = fields.String(required=True, validate=validate.OneOf(leading.LEADS))


class CandidateQuery(Query):
    """What was typed to find a person."""

    q = Text(
        400,
        required=True,
        metadata={"description": "Name, pinyin, initials; number, phone or their tails; or both."},
    )


class CandidateOut(Schema):
    """Somebody whom a team may take in, phone masked."""

    id = fields.Integer(required=True)
    number = fields.String(required=True)
    name = fields.String(required=True)
    phone_masked = fields.Function(
        lambda found: mask_phone(found.phone), metadata={"type": "string"}
    )


class CandidatesOut(Schema):
    """The candidates; ``count`` is the number of all matches, shown or not."""

    items = fields.List(fields.Nested(CandidateOut), required=True)
    count = fields.Integer(required=True)


class MemberOut(MembershipOut):
    """A line of the roster, phone masked."""

    name = fields.String(required=True, attribute="volunteer.name")
    number = fields.String(required=True, attribute="volunteer.number")
    phone_masked = fields.Function(
        lambda found: mask_phone(found.volunteer.phone), metadata={"type": "string"}
    )
