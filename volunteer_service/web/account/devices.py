"""The devices on which one is signed in."""

from flask import render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service.people.authentication import sessions
from volunteer_service.web.account.blueprint import bp
from volunteer_service.web.shared import device_names as known
from volunteer_service.web.shared import forms
from volunteer_service.web.shared.guard import actor, signed_in, this_session


@bp.get("/me/devices")
@signed_in
def devices() -> str:
    """Show where one is signed in, since when, last used, with a button to end it."""
    listed = sessions.sessions_of(actor(), at=clock.now())
    return render_template(
        "account/devices.html", listed=listed, here=this_session(), name_of=known.name_of
    )


@bp.post("/me/devices/<int:session_id>/end")
@signed_in
def end_device(session_id: int) -> Response:
    """End the session on that device at once."""

    def work() -> str:
        sessions.end_session(session_id, by=actor(), at=clock.now())
        return forms.done(_("那台设备已退出登录。"), url_for("account.devices"))

    return forms.act(work, by=actor())
