"""Shapes of check-ins, attendances, records, disputes and complaints."""

from marshmallow import Schema, fields, validate

from volunteer_service.api.people_shapes import LARGEST_ID, Id
from volunteer_service.api.shapes import Day, In, Instant, Query, Text
from volunteer_service.attendance.models import GRADES, RECORD_STATES, WAITS_FOR

_KIND = validate.OneOf(("in", "out"))
_AN_ID = validate.Range(1, LARGEST_ID)
_SCAN_ID = validate.Regexp(r"^[A-Za-z0-9-]{8,36}\Z")
_DISPUTE_STATES = ("open", "upheld", "dismissed")


class CheckInIn(In):
    """A scan: the token of the code, the scan's own id, and what the button said."""

    code = Text(64, required=True)
    scan_id = fields.String(required=True, validate=_SCAN_ID)
    kind = fields.String(validate=_KIND)


class TickIn(In):
    """A leader's tick on the roster."""

    volunteer_id = Id(required=True)
    kind = fields.String(required=True, validate=_KIND)
    scan_id = fields.String(required=True, validate=_SCAN_ID)


class ScanOut(Schema):
    """What a scan did."""

    scan_id = fields.String(required=True)
    kind = fields.String(required=True, validate=_KIND)
    at = Instant(required=True)
    volunteer_id = fields.Integer(required=True)
    event_id = fields.Integer(required=True)
    title = fields.String(required=True)
    place = fields.String(required=True)
    shift_starts_at = Instant(required=True)
    shift_ends_at = Instant(required=True)


class AttendanceOut(Schema):
    """One line of the leader's list; times are null before the check-in."""

    sign_up_id = fields.Integer(required=True, attribute="sign_up.id")
    volunteer_id = fields.Integer(required=True, attribute="sign_up.volunteer_id")
    name = fields.String(required=True, attribute="sign_up.volunteer.name")
    state = fields.String(required=True, attribute="sign_up.state")
    shift_id = fields.Integer(required=True, attribute="sign_up.shift_id")
    checked_in_at = Instant(
        allow_none=True, dump_default=None, attribute="attendance.checked_in_at"
    )
    checked_out_at = Instant(
        allow_none=True, dump_default=None, attribute="attendance.checked_out_at"
    )
    grade = fields.String(allow_none=True, dump_default=None, attribute="attendance.grade")


class RosterOut(Schema):
    """Who signed up, who came, who is still here."""

    rows = fields.List(fields.Nested(AttendanceOut), required=True)
    came = fields.Integer(required=True)
    present = fields.Integer(required=True)


class ClosedOut(Schema):
    """What closing an event made."""

    records = fields.Integer(required=True)
    refused = fields.Integer(required=True)
    no_shows = fields.Integer(required=True)


class RecordQuery(Query):
    """Filters of the list; days are local and both count."""

    volunteer_id = fields.Integer(validate=_AN_ID)
    team_id = fields.Integer(validate=_AN_ID)
    event_id = fields.Integer(validate=_AN_ID)
    state = fields.String(validate=validate.OneOf(RECORD_STATES))
    waits_for = fields.String(validate=validate.OneOf(WAITS_FOR))
    from_on = Day(data_key="from")
    to_on = Day(data_key="to")


class RecordOut(Schema):
    """The seven fields of order 67, the recording unit, the recorder, how, and its state."""

    id = fields.Integer(required=True)
    volunteer_id = fields.Integer(required=True)
    team_id = fields.Integer(required=True)
    event_id = fields.Integer(required=True, allow_none=True)
    event_name = fields.String(required=True)
    served_on = fields.Date(required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    place = fields.String(required=True)
    content = fields.String(required=True)
    minutes = fields.Integer(required=True)
    organising_unit = fields.String(required=True)
    leader_name = fields.String(required=True)
    recording_unit = fields.String(required=True)
    recorder = fields.String(required=True)
    grade = fields.String(required=True, validate=validate.OneOf(GRADES))
    state = fields.String(required=True, validate=validate.OneOf(RECORD_STATES))
    waits_for = fields.String(required=True, allow_none=True)
    reasons = fields.List(fields.Dict(), required=True)
    policy_version = fields.Integer(required=True)
    version = fields.Integer(required=True)


class ScanKeptOut(Schema):
    """A scan as it is kept."""

    kind = fields.String(required=True)
    source = fields.String(required=True)
    scanned_at = Instant(required=True)
    outcome = fields.String(required=True)
    reason = fields.String(required=True, allow_none=True)


class ChangeOut(Schema):
    """An amendment."""

    at = Instant(required=True)
    before = fields.Dict(required=True)
    after = fields.Dict(required=True)
    reason = fields.String(required=True)


class DisputeOut(Schema):
    """A dispute and its decision."""

    id = fields.Integer(required=True)
    record_id = fields.Integer(required=True)
    volunteer_id = fields.Integer(required=True)
    words = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(_DISPUTE_STATES))
    opened_at = Instant(required=True)
    decided_at = Instant(required=True, allow_none=True)
    answer = fields.String(required=True, allow_none=True)


class ExplanationOut(Schema):
    """A record and the whole way to it; points in hundredths."""

    record = fields.Nested(RecordOut, required=True)
    scans = fields.List(fields.Nested(ScanKeptOut), required=True)
    changes = fields.List(fields.Nested(ChangeOut), required=True)
    disputes = fields.List(fields.Nested(DisputeOut), required=True)
    points = fields.Integer(required=True, allow_none=True)


class ConfirmIn(In):
    """Records to confirm, at most 500 at a time."""

    record_ids = fields.List(Id(), required=True, validate=validate.Length(1, 500))


class EndIn(In):
    """When somebody left who did not check out."""

    ends_at = Instant(required=True)
    scan_id = fields.String(required=True, validate=_SCAN_ID)


class DecideIn(In):
    """A coordinator's minutes for a record above the daily cap."""

    minutes = fields.Integer(required=True, strict=True, validate=validate.Range(0, 1440))
    reason = Text(200, required=True)


class ReasonIn(In):
    """Why."""

    reason = Text(200, required=True)


class EvaluationIn(In):
    """How well the service was done."""

    score = fields.Integer(required=True, strict=True, validate=validate.Range(1, 5))


class EvaluationOut(Schema):
    """An evaluation."""

    record_id = fields.Integer(required=True)
    score = fields.Integer(required=True)


class BackfillIn(In):
    """Service that no scan proves."""

    team_id = Id(required=True)
    volunteer_id = Id(required=True)
    event_name = Text(80, required=True)
    place = Text(80, required=True)
    content = Text(2000, required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    minutes = fields.Integer(required=True, strict=True, validate=validate.Range(1, 1440))
    leader_name = Text(60, required=True)
    reason = Text(200, required=True)


class DisputeIn(In):
    """What is wrong with the record."""

    words = Text(1000, required=True)


class DisputeQuery(Query):
    """Filter of the list of disputes."""

    state = fields.String(load_default=None, validate=validate.OneOf(_DISPUTE_STATES))


class DisputeDecisionIn(In):
    """The decision; upheld, the right minutes."""

    upheld = fields.Boolean(required=True)
    answer = Text(1000, required=True)
    minutes = fields.Integer(strict=True, validate=validate.Range(0, 1440))


class ComplaintIn(In):
    """A complaint about a volunteer."""

    volunteer_id = Id(required=True)
    happened_on = Day(required=True)
    words = Text(1000, required=True)


class ComplaintDecisionIn(In):
    """Whether it is upheld."""

    upheld = fields.Boolean(required=True)


class ComplaintOut(Schema):
    """A complaint and its state."""

    id = fields.Integer(required=True)
    volunteer_id = fields.Integer(required=True)
    happened_on = fields.Date(required=True)
    state = fields.String(required=True, validate=validate.OneOf(_DISPUTE_STATES))
