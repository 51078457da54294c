"""Check-ins, rosters and closing over the API."""

from typing import Any

from volunteer_service import clock
from volunteer_service.api.attendance.shapes import (
    AttendanceReasonIn,
    CheckInIn,
    CheckInOut,
    ClosedOut,
    GateQuery,
    GuestsOut,
    MoveIn,
    PersonalKeyOut,
    PresenceOut,
    ReopenedOut,
    RosterOut,
    RosterQuery,
    ScanOut,
    StayIn,
    TickIn,
)
from volunteer_service.api.events.shapes import SignUpOut
from volunteer_service.api.people.shapes import VolunteerIn, VolunteerOut
from volunteer_service.api.shared.auth import actor, guarded
from volunteer_service.api.shared.blueprint import Blueprint
from volunteer_service.api.shared.idempotent import idempotent
from volunteer_service.attendance import closing, reopening
from volunteer_service.attendance.check_ins import check_in as attendance_check_in
from volunteer_service.attendance.check_ins import (
    check_in_undo,
    check_out_undo,
    gate,
    rosters,
    scan_log,
    walk_ins,
)
from volunteer_service.events import no_shows, sign_ups
from volunteer_service.events.models import Attendance, SignUp
from volunteer_service.people.cards import personal_codes
from volunteer_service.people.models import Volunteer
from volunteer_service.people.registrations.registration_fields import RegisterIn
from volunteer_service.rate_limits import count_finds, finds, spoken_codes

bp = Blueprint(
    "api_attendance", __name__, url_prefix="", description="Check-ins, rosters, closing an event"
)


@bp.post("/check-ins")
@guarded("write")
@idempotent
@bp.arguments(CheckInIn)
@bp.response(201, CheckInOut)
def check_in(body: dict[str, Any]) -> dict[str, Any]:
    """Check the token's owner in or out with a scanned code, or with the six digits that the leader
    says; the same ``scan_id`` is one scan.

    Somebody who has not signed up names the ``shift_id`` where several have room
    (``shift_needed``). After a check-out ``worth`` says what the presence is worth so far, and why.
    """
    done = _scan(body)
    return vars(done) | {"worth": _worth(done) if done.kind == "out" else None}


@spoken_codes(lambda: f"account:{actor().account_id}")
def _scan(body: dict[str, Any]) -> scan_log.ScanOutcome:
    return attendance_check_in.scan(body.pop("code"), **body, by=actor(), at=clock.now())


@bp.get("/check-in-code")
@guarded("read")
@bp.response(200, PersonalKeyOut)
def my_code() -> personal_codes.PersonalKey:
    """Return the token owner's own code, which a leader scans, and the key that makes the next
    ones.

    The code of the step that began ``n`` x 30 s after 1970 is ``begins``, the last four digits of
    ``n`` and the first 16 of HMAC-SHA256 of ``n`` in decimals, both in Crockford's base 32.
    """
    return personal_codes.key_of(actor(), at=clock.now())


@bp.post("/events/<int:event_id>/stay")
@guarded("write")
@idempotent
@bp.response(200, PresenceOut)
def stay(event_id: int) -> Attendance:
    """Take back the token owner's own check-out, within 10 minutes and while the shift lasts."""
    return check_out_undo.stay(event_id, by=actor(), at=clock.now())


@bp.post("/events/<int:event_id>/check-outs/take-back")
@guarded("write")
@idempotent
@bp.arguments(StayIn)
@bp.response(200, PresenceOut)
def take_back_check_out(body: dict[str, Any], event_id: int) -> Attendance:
    """Take back somebody's check-out as a leader, while the event is open; the grade drops."""
    return check_out_undo.take_back_check_out(event_id, **body, by=actor(), at=clock.now())


@bp.post("/events/<int:event_id>/check-ins/take-back")
@guarded("write")
@idempotent
@bp.arguments(StayIn)
@bp.response(200, SignUpOut)
def take_back_check_in(body: dict[str, Any], event_id: int) -> SignUp:
    """Take back a mistaken check-in as a leader, within 10 minutes; a person who came without
    signing up loses the place.
    """
    return check_in_undo.take_back_check_in(event_id, **body, by=actor(), at=clock.now())


@bp.get("/events/<int:event_id>/attendances")
@guarded("read")
@bp.arguments(RosterQuery, location="query")
@bp.response(200, RosterOut)
def list_attendances(query: dict[str, Any], event_id: int) -> rosters.Roster:
    """Return the leader's list: who signed up, who came, who is still here."""
    return rosters.roster(event_id, **query, by=actor())


@bp.post("/events/<int:event_id>/attendances/move")
@guarded("write")
@idempotent
@bp.arguments(MoveIn)
@bp.response(200, PresenceOut)
def move(body: dict[str, Any], event_id: int) -> Attendance:
    """Move somebody who came without signing up to another shift, as a leader; no minutes are
    lost.
    """
    return walk_ins.move(event_id, **body, by=actor(), at=clock.now())


@bp.get("/events/<int:event_id>/gate")
@guarded("read")
@bp.arguments(GateQuery, location="query")
@bp.response(200, GuestsOut)
def find_at_gate(query: dict[str, Any], event_id: int) -> gate.Found:
    """Find people at a leader's gate, each with the tick that fits now."""
    return _found(query["q"], event_id)


@finds(lambda: f"account:{actor().account_id}")
def _found(typed: str, event_id: int) -> gate.Found:
    return gate.found(typed, event_id, by=actor(), at=clock.now())


@bp.post("/events/<int:event_id>/newcomers")
@guarded("write")
@idempotent
@bp.arguments(VolunteerIn)
@bp.response(201, VolunteerOut)
def take_in(body: dict[str, Any], event_id: int) -> Volunteer:
    """Enter a newcomer on the day of the event, as a leader; staff check the entry afterwards."""
    # The question about a namesake answers as a search does.
    count_finds(1, account=f"account:{actor().account_id}", event_id=event_id)
    asked = RegisterIn(**{"phone": None} | body)
    return gate.take_in(event_id, asked, by=actor(), at=clock.now())


@bp.post("/events/<int:event_id>/ticks")
@guarded("write")
@idempotent
@bp.arguments(TickIn)
@bp.response(201, ScanOut)
def tick(body: dict[str, Any], event_id: int) -> scan_log.ScanOutcome:
    """Check somebody in or out by hand, as a leader; the evidence grade drops."""
    return attendance_check_in.tick(event_id, **body, by=actor(), at=clock.now())


@bp.post("/events/<int:event_id>/close")
@guarded("write")
@idempotent
@bp.response(200, ClosedOut)
def close(event_id: int) -> closing.Closed:
    """End the check-in of the shifts that are over and make their service records.

    ``open_shifts`` stay open; the event is closed with the last of them.
    """
    return closing.close(event_id, by=actor(), at=clock.now())


@bp.post("/events/<int:event_id>/reopen")
@guarded("write")
@idempotent
@bp.arguments(AttendanceReasonIn)
@bp.response(200, ReopenedOut)
def reopen(body: dict[str, Any], event_id: int) -> reopening.Reopened:
    """Accept check-ins again for shifts that were closed today and of which nothing is decided."""
    return reopening.reopen(event_id, **body, by=actor(), at=clock.now())


@bp.post("/sign-ups/<int:sign_up_id>/give-away")
@guarded("write")
@idempotent
@bp.response(200, SignUpOut)
def give_away(sign_up_id: int) -> SignUp:
    """Free the place of somebody who has not come, for a person who waits at the door."""
    return sign_ups.give_away(sign_up_id, by=actor(), at=clock.now())


@bp.post("/sign-ups/<int:sign_up_id>/take-back-no-show")
@guarded("write")
@idempotent
@bp.arguments(AttendanceReasonIn)
@bp.response(200, SignUpOut)
def take_back_no_show(body: dict[str, Any], sign_up_id: int) -> SignUp:
    """State with a reason that somebody is no no-show; a block that rests on it ends."""
    return no_shows.take_back_no_show(sign_up_id, **body, by=actor(), at=clock.now())


def _worth(done: scan_log.ScanOutcome) -> dict[str, Any] | None:
    found = check_out_undo.worth_so_far(done.event_id, done.volunteer_id)
    if found is None:
        return None
    reasons = [reason.to_dict() for reason in found.reasons]
    return {"minutes": found.minutes, "state": found.state, "reasons": reasons}
