"""Check-ins, rosters and closing over the API."""

from typing import Any

from flask_smorest import Blueprint

from volunteer_service import clock
from volunteer_service.api.attendance_shapes import (
    CheckInIn,
    ClosedOut,
    RosterOut,
    ScanOut,
    TickIn,
)
from volunteer_service.api.auth import actor, guarded
from volunteer_service.api.idempotent import idempotent
from volunteer_service.attendance import service as attendance

bp = Blueprint(
    "api_attendance", __name__, url_prefix="", description="Check-ins, rosters, closing an event"
)


@bp.post("/check-ins")
@guarded("write")
@idempotent
@bp.arguments(CheckInIn)
@bp.response(201, ScanOut)
def check_in(body: dict[str, Any]) -> attendance.ScanOutcome:
    """Check the token's owner in or out with a scanned code; the same ``scan_id`` is one scan."""
    return attendance.scan(body.pop("code"), **body, by=actor(), at=clock.now())


@bp.get("/events/<int:event_id>/attendances")
@guarded("read")
@bp.response(200, RosterOut)
def list_attendances(event_id: int) -> attendance.Roster:
    """The leader's list: who signed up, who came, who is still here."""
    return attendance.roster(event_id, by=actor())


@bp.post("/events/<int:event_id>/ticks")
@guarded("write")
@idempotent
@bp.arguments(TickIn)
@bp.response(201, ScanOut)
def tick(body: dict[str, Any], event_id: int) -> attendance.ScanOutcome:
    """A leader checks somebody in or out by hand; the evidence grade drops."""
    return attendance.tick(event_id, **body, by=actor(), at=clock.now())


@bp.post("/events/<int:event_id>/close")
@guarded("write")
@idempotent
@bp.response(200, ClosedOut)
def close(event_id: int) -> attendance.Closed:
    """End an event's check-in and make its service records."""
    return attendance.close(event_id, by=actor(), at=clock.now())
