"""Several lines of the roster ticked in one call."""

from typing import Any

from volunteer_service import clock
from volunteer_service.api.attendance.shapes import TickedLinesOut, TickLinesIn
from volunteer_service.api.attendance.views import bp
from volunteer_service.api.shared.auth import actor, guarded
from volunteer_service.api.shared.idempotent import idempotent
from volunteer_service.attendance.check_ins import bulk_ticks
from volunteer_service.wording import refusal as words


@bp.post("/events/<int:event_id>/ticks/lines")
@guarded("write")
@idempotent
@bp.arguments(TickLinesIn)
@bp.response(200, TickedLinesOut)
def tick_lines(body: dict[str, Any], event_id: int) -> dict[str, Any]:
    """Check several lines of the roster in or out as a leader; each counts or says why not.

    Lines that are none of this event's are left out.
    """
    refused = bulk_ticks.tick_lines(event_id, **body, by=actor(), at=clock.now())
    told = [
        {"volunteer_id": who, "code": each.code(), "detail": words(each)}
        for who, each in refused.items()
    ]
    return {"refused": told}
