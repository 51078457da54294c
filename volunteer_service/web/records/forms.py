"""Shapes of the forms of records and disputes."""

from marshmallow import Schema, fields, validate

from volunteer_service.fields import LARGEST, LocalInstant, Reason, Text

_ID = validate.Range(1, LARGEST)


class EndForm(Schema):
    """When somebody left who did not check out."""

    ends_at = LocalInstant(required=True)
    scan_id = fields.String(required=True, validate=validate.Length(8, 36))


class StatedEndForm(Schema):
    """When oneself left without checking out."""

    ends_at = LocalInstant(required=True)


class ClaimForm(Schema):
    """From when to when oneself was there without a scan, and how that can be seen."""

    starts_at = LocalInstant(required=True)
    ends_at = LocalInstant(required=True)
    words = Reason(200, required=True)


class DecideForm(Schema):
    """A coordinator's minutes, and why."""

    minutes = fields.Integer(required=True, validate=validate.Range(0, 1440))
    reason = Reason(200, required=True)


class TimesForm(Schema):
    """When the volunteer really came and left, the right shift if it was wrong, and why."""

    starts_at = LocalInstant(required=True)
    ends_at = LocalInstant(required=True)
    shift_id = fields.Integer(validate=_ID)
    reason = Reason(200, required=True)


class ReasonForm(Schema):
    """Why a record is refused."""

    reason = Reason(200, required=True)


class ScoreForm(Schema):
    """An evaluation."""

    score = fields.Integer(required=True, validate=validate.Range(1, 5))


class DisputeForm(Schema):
    """What is wrong with the record, and from when to when it was in truth."""

    words = Reason(1000, required=True)
    starts_at = LocalInstant(load_default=None)
    ends_at = LocalInstant(load_default=None)


class DecisionForm(Schema):
    """The decision of a dispute; upheld, the right minutes."""

    upheld = fields.Boolean(required=True)
    minutes = fields.Integer(validate=validate.Range(0, 1440))
    answer = Reason(1000, required=True)


class CorrectionDecisionForm(Schema):
    """A second person's decision on a correction; refused, why."""

    approve = fields.Boolean(required=True)
    answer = Reason(200)


class SheetForm(Schema):
    """A paper sheet: the event once, and the names on it as they were typed or pasted."""

    team_id = fields.Integer(required=True, validate=_ID)
    names = Text(8000, load_default="")
    event_name = Text(80, required=True)
    place = Text(80, required=True)
    content = Text(2000, required=True)
    starts_at = LocalInstant(required=True)
    ends_at = LocalInstant(required=True)
    minutes = fields.Integer(required=True, validate=validate.Range(1, 1440))
    leader_name = Text(60, required=True)
    reason = Reason(200, required=True)


class BackfillForm(SheetForm):
    """One person's service that no scan proves."""

    class Meta:
        exclude = ("names",)

    number = Text(60, required=True)
