"""Shapes of opening balances over the API; ``source`` is the earlier system."""

from marshmallow import Schema, fields


class OpeningOut(Schema):
    """What every row says: which system it comes from, and which import brought it."""

    source = fields.String(required=True)
    import_id = fields.Integer(required=True)


class OpeningPointsOut(OpeningOut):
    """Points as they were taken over, valid to the end of ``last_day``."""

    last_day = fields.Date(required=True, attribute="expires_on")
    centi = fields.Integer(required=True, attribute="amount")


class OpeningHoursOut(OpeningOut):
    """Minutes of a year."""

    year = fields.Integer(required=True)
    minutes = fields.Integer(required=True)


class OpeningStarOut(OpeningOut):
    """The star of a past half-year."""

    half_year = fields.String(required=True)
    stars = fields.Integer(required=True)


class OpeningPaperOut(OpeningOut):
    """A certificate that this service did not issue."""

    number = fields.String(required=True)
    title = fields.String(required=True)
    issued_on = fields.Date(required=True)


class TakenOverOut(Schema):
    """Everything that was taken over for one volunteer, newest first."""

    points = fields.List(fields.Nested(OpeningPointsOut), required=True)
    hours = fields.List(fields.Nested(OpeningHoursOut), required=True)
    stars = fields.List(fields.Nested(OpeningStarOut), required=True)
    papers = fields.List(fields.Nested(OpeningPaperOut), required=True)
