"""What the leader shows or says at the door: a code that changes on a tablet, digits on a phone."""

from typing import Any

from flask import render_template

from volunteer_service import clock
from volunteer_service.attendance.check_ins import door_screen, event_codes, spoken_codes
from volunteer_service.paper.qr import qr_svg
from volunteer_service.web.attendance.views import bp
from volunteer_service.web.shared.guard import actor, staff


@bp.get("/e/<int:event_id>/screen")
@staff("leader", "coordinator")
def screen(event_id: int) -> str:
    """Show the whole page; its script asks for the part that changes."""
    return render_template("attendance/screen.html", **_shown(event_id))


@bp.get("/e/<int:event_id>/screen/now")
@staff("leader", "coordinator")
def screen_now(event_id: int) -> str:
    """Show the part that changes: code, seconds, count, last names."""
    return render_template("attendance/_screen_now.html", **_shown(event_id))


@bp.get("/e/<int:event_id>/spoken")
@staff("leader", "coordinator")
def spoken(event_id: int) -> str:
    """Show the digits that the leader says; the script asks for the part that changes."""
    return render_template("attendance/spoken.html", **_said(event_id))


@bp.get("/e/<int:event_id>/spoken/now")
@staff("leader", "coordinator")
def spoken_now(event_id: int) -> str:
    """Show the part that changes: digits, seconds, count."""
    return render_template("attendance/_spoken_now.html", **_said(event_id))


def _said(event_id: int) -> dict[str, Any]:
    found = door_screen.say(event_id, by=actor(), at=clock.now())
    return {
        "found": found,
        "event": found.event,
        "step": spoken_codes.STEP_SECONDS,
        "typed_at": event_codes.typed_at(),
    }


def _shown(event_id: int) -> dict[str, Any]:
    found = door_screen.show(event_id, by=actor(), at=clock.now())
    return {
        "found": found,
        "event": found.event,
        "code": qr_svg(found.url),
        "step": event_codes.STEP_SECONDS,
    }
