"""The volunteer's own code: the leader scans it, and it also changes without network."""

from flask import render_template

from volunteer_service import clock
from volunteer_service.paper.qr import qr_svg
from volunteer_service.people.cards import personal_codes
from volunteer_service.web.attendance.views import bp
from volunteer_service.web.shared.guard import actor, signed_in


@bp.get("/c/code")
@signed_in
def my_code() -> str:
    """Show the code of this half-minute; its script shows the next ones by itself."""
    by, at = actor(), clock.now()
    key = personal_codes.key_of(by, at=at)
    return render_template(
        "attendance/my_code.html",
        key=key,
        code=qr_svg(key.text),
        step=personal_codes.STEP_SECONDS,
        now=int(at.timestamp() * 1000),
        who=by,
    )
