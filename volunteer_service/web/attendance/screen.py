"""The screen at the door: a code that changes, on a tablet or a projector."""

from typing import Any

from flask import render_template

from volunteer_service import clock
from volunteer_service.attendance.check_ins import door_screen, event_codes
from volunteer_service.paper.qr import qr_svg
from volunteer_service.web.attendance.views import bp
from volunteer_service.web.shared.guard import actor, staff


@bp.get("/e/<int:event_id>/screen")
@staff("leader", "coordinator")
def screen(event_id: int) -> str:
    """The whole page; its script asks for the part that changes."""
    return render_template("attendance/screen.html", **_shown(event_id))


@bp.get("/e/<int:event_id>/screen/now")
@staff("leader", "coordinator")
def screen_now(event_id: int) -> str:
    """The part that changes: code, seconds, count, last names."""
    return render_template("attendance/_screen_now.html", **_shown(event_id))


def _shown(event_id: int) -> dict[str, Any]:
    found = door_screen.show(event_id, by=actor(), at=clock.now())
    return {
        "found": found,
        "event": found.event,
        "code": qr_svg(found.url),
        "step": event_codes.STEP_SECONDS,
    }
