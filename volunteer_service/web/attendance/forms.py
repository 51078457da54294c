"""Shapes of the forms of check-in and rosters."""

from marshmallow import EXCLUDE, Schema, fields, validate

from volunteer_service.attendance.check_ins import scanner
from volunteer_service.fields import LARGEST, Day, Instant, Reason, Text

_KIND = validate.OneOf(("in", "out"))
_SCAN_ID = validate.Regexp(r"^[A-Za-z0-9-]{8,36}\Z")


class ScanForm(Schema):
    """The button: in or out, and the scan's own id, so that a double tap is one scan."""

    kind = fields.String(required=True, validate=_KIND)
    scan_id = fields.String(required=True, validate=_SCAN_ID)
    #: Times by the phone's clock, which the script sends with a tap that waited for the network.
    tapped_at = Instant()
    sent_at = Instant()
    #: The shift, if a person who has not signed up has a choice.
    shift_id = fields.Integer(load_default=None, validate=validate.Range(1, LARGEST))


class MoveForm(Schema):
    """The shift to which somebody is moved."""

    shift_id = fields.Integer(required=True, validate=validate.Range(1, LARGEST))


class ReopenForm(Schema):
    """Why a closed event is reopened."""

    reopen_reason = Reason(120, required=True)


class NoShowForm(Schema):
    """Why a no-show is taken back."""

    no_show_reason = Reason(120, required=True)


class TickForm(ScanForm):
    """A tick on the roster, or somebody found by the number on the card."""

    volunteer_id = fields.Integer(load_default=0, validate=validate.Range(0, LARGEST))
    number = Text(20, load_default="")


class ScannerForm(Schema):
    """What was scanned or typed; without a kind it is the scan that fits."""

    text = Text(400, required=True)
    kind = fields.String(load_default=None, validate=_KIND)
    scan_id = fields.String(required=True, validate=_SCAN_ID)
    #: The second tap of an exit that earns nothing yet.
    is_sure = fields.Boolean(load_default=False)
    tapped_at = Instant()
    sent_at = Instant()


class KeptScan(Schema):
    """A scan that waited in the phone; the time is the phone's."""

    scan_id = fields.String(required=True, validate=_SCAN_ID)
    text = Text(400, required=True)
    kind = fields.String(load_default=None, allow_none=True, validate=_KIND)
    is_sure = fields.Boolean(load_default=False)
    tapped_at = Instant(required=True)


class KeptScans(Schema):
    """A batch of scans, with the phone's clock at the sending."""

    sent_at = Instant(required=True)
    scans = fields.List(
        fields.Nested(KeptScan(unknown=EXCLUDE)),
        required=True,
        validate=validate.Length(1, scanner.MOST_KEPT),
    )


class TicksForm(Schema):
    """Whether several lines are ticked in or out; the view reads the lines."""

    kind = fields.String(required=True, validate=_KIND)
    scan_id = fields.String(required=True, validate=_SCAN_ID)


class AnomalyForm(Schema):
    """The answer to an anomaly, and the time at which a late scan counts."""

    accept = fields.Boolean(required=True)
    reason = Reason(200, required=True)
    counted_at = Instant(load_default=None)


class NewcomerForm(Schema):
    """A newcomer at the gate: name, phone or none, home, consent on paper; a minor's guardian."""

    name = Text(60, required=True)
    phone = Text(20, load_default=None)
    area_id = fields.Integer(load_default=None, validate=validate.Range(0, LARGEST))
    born_on = Day()
    guardian_name = Text(60)
    guardian_phone = Text(20)
    consent = fields.Boolean(load_default=False)
    confirm_other = fields.Boolean(load_default=False)
