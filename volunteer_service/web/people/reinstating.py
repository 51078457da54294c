"""Taking somebody back who left and agrees anew."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service.people.registrations import reinstating
from volunteer_service.people.search import people_lists
from volunteer_service.web.people.blueprint import bp
from volunteer_service.web.people.forms import ReinstateForm
from volunteer_service.web.people.volunteers import shown
from volunteer_service.web.shared import forms
from volunteer_service.web.shared.guard import actor, staff


@bp.post("/people/<int:volunteer_id>/reinstate")
@staff("coordinator")
def reinstate(volunteer_id: int) -> Response:
    """Take the person back, with the reason."""
    person = people_lists.volunteer(volunteer_id, by=actor())

    def work(values: dict[str, Any]) -> str:
        reason = values["back_reason"]
        reinstating.reinstate(volunteer_id, reason=reason, by=actor(), at=clock.now())
        words = _("登记已恢复。本人要登录，请再给一次性代码。")
        return forms.done(words, url_for("people.show", volunteer_id=volunteer_id))

    def again(values: dict[str, Any], errors: dict[str, Any]) -> str:
        return shown(person, values=values, errors=errors)

    return forms.submit(ReinstateForm, work, again, by=actor())
