"""Shapes of service records, disputes and evaluations."""

from flask_smorest.fields import Upload
from marshmallow import EXCLUDE, Schema, fields, validate

from volunteer_service.api.attendance.shapes import SCAN_ID
from volunteer_service.api.people.shapes import Id
from volunteer_service.api.shared.shapes import (
    Day,
    Half,
    In,
    Instant,
    Query,
    Sort,
    Text,
)
from volunteer_service.attendance.models import GRADES, RECORD_STATES, SOURCES, WAITS_FOR
from volunteer_service.attendance.records import record_lists
from volunteer_service.fields import LARGEST, Reason
from volunteer_service.paper.uploaded_pages import MOST_PAGES

_AN_ID = validate.Range(1, LARGEST)
_DISPUTE_STATES = ("open", "upheld", "dismissed")


class RecordQuery(Query):
    """Filters of the list; days are local and both count."""

    volunteer_id = fields.Integer(validate=_AN_ID)
    team_id = fields.Integer(validate=_AN_ID)
    area_id = fields.Integer(validate=_AN_ID)
    event_id = fields.Integer(validate=_AN_ID)
    state = fields.String(validate=validate.OneOf(RECORD_STATES))
    waits_for = fields.String(validate=validate.OneOf(WAITS_FOR))
    half_year = Half()
    from_on = Day(data_key="from")
    to_on = Day(data_key="to")
    sort = Sort(record_lists.RECORD_SORTS)


class RecordOut(Schema):
    """The seven fields of order 67, the recording unit, who recorded it and how, and its state."""

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
    grade = fields.String(
        required=True,
        validate=validate.OneOf(GRADES),
        metadata={"description": "With `source_type` `import` it is what the imported log states."},
    )
    stated_ends_at = Instant(
        required=True,
        allow_none=True,
        metadata={"description": "When its volunteer says that they left without checking out."},
    )
    source_type = fields.String(required=True, validate=validate.OneOf(SOURCES))
    import_id = fields.Integer(required=True, allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf(RECORD_STATES))
    waits_for = fields.String(required=True, allow_none=True)
    reasons = fields.List(fields.Dict(), required=True)
    policy_version = fields.Integer(required=True)
    version = fields.Integer(required=True)


class StatedEndIn(In):
    """When the caller left without checking out."""

    ends_at = Instant(required=True)


class ClaimIn(In):
    """From when to when the caller was at a shift without a scan, and how that can be seen."""

    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    words = Reason(200, required=True)


class MissingEndOut(Schema):
    """A record that waits for its end, and an end to begin with."""

    record = fields.Nested(RecordOut, required=True)
    entered_at = Instant(required=True)
    suggested = Instant(required=True)
    because = fields.String(
        required=True,
        validate=validate.OneOf(("stated", "others", "shift")),
        metadata={
            "description": "The volunteer stated it; half of the others had left by then; "
            "or the shift ended then."
        },
    )


class ScanKeptOut(Schema):
    """A scan as it is kept."""

    kind = fields.String(required=True)
    source = fields.String(required=True)
    scanned_at = Instant(required=True)
    received_at = Instant(required=True)
    outcome = fields.String(required=True)
    reason = fields.String(required=True, allow_none=True)


class TimesIn(In):
    """When somebody really came and went, the right shift where it was wrong, and why."""

    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    shift_id = Id()
    reason = Reason(200, required=True)


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
    starts_at = Instant(required=True, allow_none=True)
    ends_at = Instant(required=True, allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf(_DISPUTE_STATES))
    opened_at = Instant(required=True)
    decided_at = Instant(required=True, allow_none=True)
    answer = fields.String(required=True, allow_none=True)


class CorrectionOut(Schema):
    """A correction by staff: done at once, or by a second person."""

    id = fields.Integer(required=True)
    record_id = fields.Integer(required=True)
    was = fields.Integer(required=True)
    minutes = fields.Integer(required=True)
    reason = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(("waiting", "done", "refused")))
    starts_was = Instant(required=True, allow_none=True)
    ends_was = Instant(required=True, allow_none=True)
    starts_at = Instant(required=True, allow_none=True)
    ends_at = Instant(required=True, allow_none=True)
    shift_id = fields.Integer(required=True, allow_none=True)
    asked_at = Instant(required=True)
    decided_at = Instant(required=True, allow_none=True)
    answer = fields.String(required=True, allow_none=True)


class CorrectionDecisionIn(In):
    """The second person's decision; refused, why."""

    approve = fields.Boolean(required=True)
    answer = Reason(200)


class ExplanationOut(Schema):
    """A record with everything that led to it: scans, minutes, changes, points in hundredths."""

    record = fields.Nested(RecordOut, required=True)
    scans = fields.List(fields.Nested(ScanKeptOut), required=True)
    changes = fields.List(fields.Nested(ChangeOut), required=True)
    disputes = fields.List(fields.Nested(DisputeOut), required=True)
    corrections = fields.List(fields.Nested(CorrectionOut), required=True)
    points = fields.Integer(required=True, allow_none=True)


class ConfirmIn(In):
    """Records to confirm, at most 500 at a time."""

    record_ids = fields.List(Id(), required=True, validate=validate.Length(1, 500))


class EndIn(In):
    """When somebody left who did not check out."""

    ends_at = Instant(required=True)
    scan_id = fields.String(required=True, validate=SCAN_ID)


class DecideIn(In):
    """The minutes that a record should have, and why."""

    minutes = fields.Integer(required=True, strict=True, validate=validate.Range(0, 1440))
    reason = Reason(200, required=True)


class ReasonIn(In):
    """Why."""

    reason = Reason(200, required=True)


class EvaluationIn(In):
    """How well the service was done."""

    score = fields.Integer(required=True, strict=True, validate=validate.Range(1, 5))


class EvaluationOut(Schema):
    """An evaluation."""

    record_id = fields.Integer(required=True)
    score = fields.Integer(required=True)


class SheetIn(In):
    """What all people of a paper sheet have in common, and who they are."""

    team_id = Id(required=True)
    volunteer_ids = fields.List(Id(), required=True, validate=validate.Length(1, 200))
    event_name = Text(80, required=True)
    place = Text(80, required=True)
    content = Text(2000, required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    minutes = fields.Integer(required=True, strict=True, validate=validate.Range(1, 1440))
    leader_name = Text(60, required=True)
    reason = Reason(200, required=True)


class PapersIn(Schema):
    """A multipart body with one part named ``paper`` for each photo or scan."""

    class Meta:
        unknown = EXCLUDE

    paper = fields.List(Upload(), required=True, validate=validate.Length(1, MOST_PAGES))


class PaperOut(Schema):
    """One page of the paper behind a sheet, without its picture."""

    id = fields.Integer(required=True)
    sha256 = fields.String(required=True)
    width = fields.Integer(required=True)
    height = fields.Integer(required=True)
    added_at = Instant(required=True)


class BackfillIn(SheetIn):
    """One person's service that no scan proves."""

    class Meta(In.Meta):
        exclude = ("volunteer_ids",)

    volunteer_id = Id(required=True)


class DisputeIn(In):
    """What is wrong with the record, and from when to when the service really was."""

    words = Reason(1000, required=True)
    starts_at = Instant()
    ends_at = Instant()


class TakenOffOut(Schema):
    """What «this was not me» took off; points in hundredths."""

    minutes = fields.Integer(required=True)
    points_centi = fields.Integer(required=True)


class DisputeQuery(Query):
    """Filters of the list of disputes, by the local day on which they were opened."""

    state = fields.String(validate=validate.OneOf(_DISPUTE_STATES))
    volunteer_id = fields.Integer(validate=_AN_ID)
    team_id = fields.Integer(validate=_AN_ID)
    area_id = fields.Integer(validate=_AN_ID)
    from_on = Day(data_key="from")
    to_on = Day(data_key="to")
    sort = Sort(record_lists.DISPUTE_SORTS)


class DisputeDecisionIn(In):
    """The decision; upheld, the right minutes, or without them the times of the dispute."""

    upheld = fields.Boolean(required=True)
    answer = Reason(1000, required=True)
    minutes = fields.Integer(strict=True, validate=validate.Range(0, 1440))
