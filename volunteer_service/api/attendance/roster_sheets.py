"""The roster on paper over the API: numbered sheets, and what was written on them."""

from collections.abc import Sequence
from typing import Any

from volunteer_service import clock
from volunteer_service.api.attendance.roster_sheet_shapes import (
    EnteredSheetOut,
    RosterSheetOut,
    WrittenSheetIn,
)
from volunteer_service.api.attendance.views import bp
from volunteer_service.api.shared.auth import actor, guarded
from volunteer_service.api.shared.idempotent import idempotent
from volunteer_service.attendance.roster_sheets import entering, printing
from volunteer_service.attendance.roster_sheets.entering import Written
from volunteer_service.attendance.roster_sheets.roster_sheet_models import RosterSheet
from volunteer_service.wording import refusal as words


@bp.get("/events/<int:event_id>/roster-sheets")
@guarded("read")
@bp.response(200, RosterSheetOut(many=True))
def list_roster_sheets(event_id: int) -> Sequence[RosterSheet]:
    """Return the event's printed sheets, the newest printing first, with what was entered."""
    return printing.sheets_of(event_id, by=actor())


@bp.post("/events/<int:event_id>/roster-sheets")
@guarded("write")
@idempotent
@bp.response(201, RosterSheetOut(many=True))
def print_roster_sheets(event_id: int) -> Sequence[RosterSheet]:
    """Make numbered sheets of everybody who is expected, as a leader."""
    return printing.print_sheets(event_id, by=actor(), at=clock.now())


@bp.post("/events/<int:event_id>/roster-sheets/<int:roster_sheet_id>/lines")
@guarded("write")
@idempotent
@bp.arguments(WrittenSheetIn)
@bp.response(200, EnteredSheetOut)
def enter_roster_sheet(body: dict[str, Any], event_id: int, roster_sheet_id: int) -> dict[str, Any]:
    """Enter what was written on a sheet; each line counts once, or says why it does not."""
    written = [Written(**each) for each in body["lines"]]
    done = entering.enter_roster_sheet(
        event_id, roster_sheet_id, written, by=actor(), at=clock.now()
    )
    refused = [
        {"line": n, "code": refusal.code(), "detail": words(refusal)}
        for n, refusal in done.refused.items()
    ]
    return {"new": done.new, "refused": refused}
