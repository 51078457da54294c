"""Shapes of check-ins, ticks, attendances and the close of an event."""

from marshmallow import Schema, fields, validate

from volunteer_service.api.people.shapes import Id
from volunteer_service.api.shared.shapes import In, Instant, Query, Text
from volunteer_service.attendance.check_ins import bulk_ticks
from volunteer_service.fields import Reason
from volunteer_service.identifiers.masks import mask_phone

_KIND = validate.OneOf(("in", "out"))
SCAN_ID = validate.Regexp(r"^[A-Za-z0-9-]{8,36}\Z")


class TapIn(In):
    """Times of a tap that waited for the network, by the device's clock; our own clock corrects
    them.
    """

    tapped_at = Instant()
    sent_at = Instant()


class CheckInIn(TapIn):
    """A scan: the token of the code, the scan's own id, and what the button said."""

    code = Text(64, required=True)
    scan_id = fields.String(required=True, validate=SCAN_ID)
    kind = fields.String(validate=_KIND)
    shift_id = Id()


class PersonalKeyOut(Schema):
    """The code on a volunteer's phone; ``key`` is hexadecimal."""

    begins = fields.String(required=True)
    key = fields.String(required=True)
    text = fields.String(required=True)
    seconds = fields.Integer(required=True)


class TickIn(TapIn):
    """A leader's tick on the roster."""

    volunteer_id = Id(required=True)
    kind = fields.String(required=True, validate=_KIND)
    scan_id = fields.String(required=True, validate=SCAN_ID)
    shift_id = Id()


class TickLinesIn(In):
    """Lines of the roster that are ticked in one tap, by their sign-ups."""

    sign_up_ids = fields.List(Id(), required=True, validate=validate.Length(1, bulk_ticks.MOST))
    kind = fields.String(required=True, validate=_KIND)
    scan_id = fields.String(required=True, validate=SCAN_ID)


class TickRefusedOut(Schema):
    """Who was not ticked, and why."""

    volunteer_id = fields.Integer(required=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)


class TickedLinesOut(Schema):
    """Everybody on the lines is ticked but these."""

    refused = fields.List(fields.Nested(TickRefusedOut), required=True)


class MoveIn(In):
    """Who is moved, and to which shift of the event."""

    volunteer_id = Id(required=True)
    shift_id = Id(required=True)


class AttendanceReasonIn(In):
    """Why it is done; kept in the journal."""

    reason = Reason(120, required=True)


class RosterQuery(In):
    """Whose roster: of one shift, or of the whole event."""

    shift_id = Id()


class GateQuery(Query):
    """What was typed to find the person at the gate."""

    q = Text(
        400,
        required=True,
        metadata={"description": "Name, pinyin, initials; number, phone or their tails; or both."},
    )


class GuestOut(Schema):
    """Somebody found at the gate, with the phone masked, and the tick that fits, if any."""

    id = fields.Integer(required=True, attribute="person.id")
    number = fields.String(required=True, attribute="person.number")
    name = fields.String(required=True, attribute="person.name")
    home = fields.String(required=True)
    phone_masked = fields.Function(
        lambda found: mask_phone(found.person.phone), metadata={"type": "string"}
    )
    kind = fields.String(required=True, allow_none=True, validate=_KIND)
    shift_ids = fields.Function(
        lambda found: [shift.id for shift in found.choices],
        metadata={"type": "array", "items": {"type": "integer"}},
    )


class GuestsOut(Schema):
    """The candidates; ``count`` is the number of all matches, shown or not."""

    guests = fields.List(fields.Nested(GuestOut), required=True)
    count = fields.Integer(required=True)


class StayIn(In):
    """Whose check-out a leader takes back."""

    volunteer_id = Id(required=True)


class WorthOut(Schema):
    """What a presence is worth so far; reasons as in a record."""

    minutes = fields.Integer(required=True)
    state = fields.String(
        required=True, validate=validate.OneOf(("recognised", "waiting", "nothing"))
    )
    reasons = fields.List(fields.Dict(), required=True)


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


class CheckInOut(ScanOut):
    """The same, and after a check-out what the presence is worth so far."""

    worth = fields.Nested(WorthOut, required=True, allow_none=True)


class PresenceOut(Schema):
    """Somebody's presence on a shift."""

    event_id = fields.Integer(required=True)
    shift_id = fields.Integer(required=True)
    volunteer_id = fields.Integer(required=True)
    checked_in_at = Instant(required=True)
    checked_out_at = Instant(required=True, allow_none=True)
    grade = fields.String(required=True)


class PairOut(Schema):
    """One entry with its exit, null before it."""

    checked_in_at = Instant(required=True)
    checked_out_at = Instant(required=True, allow_none=True)


class AttendanceOut(Schema):
    """One line of the leader's list: the last pair; its times are null before the check-in."""

    sign_up_id = fields.Integer(required=True, attribute="sign_up.id")
    volunteer_id = fields.Integer(required=True, attribute="sign_up.volunteer_id")
    name = fields.String(required=True, attribute="sign_up.volunteer.name")
    state = fields.String(required=True, attribute="sign_up.state")
    shift_id = fields.Integer(required=True, attribute="sign_up.shift_id")
    pairs = fields.List(fields.Nested(PairOut), required=True)
    checked_in_at = Instant(
        allow_none=True, dump_default=None, attribute="attendance.checked_in_at"
    )
    checked_out_at = Instant(
        allow_none=True, dump_default=None, attribute="attendance.checked_out_at"
    )
    grade = fields.String(allow_none=True, dump_default=None, attribute="attendance.grade")


class ReopenedOut(Schema):
    """What the reopening took back."""

    shifts = fields.Integer(required=True)
    records = fields.Integer(required=True)
    no_shows = fields.Integer(required=True)


class RosterOut(Schema):
    """Who signed up, who came, who is still here."""

    rows = fields.List(fields.Nested(AttendanceOut), required=True)
    came = fields.Integer(required=True)
    present = fields.Integer(required=True)


class ClosedOut(Schema):
    """What the closing of an event produced."""

    records = fields.Integer(required=True)
    refused = fields.Integer(required=True)
    no_shows = fields.Integer(required=True)
    #: Shifts that are not over yet; they stay open, and so does the event.
    open_shifts = fields.Integer(required=True)
