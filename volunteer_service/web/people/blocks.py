"""Lifting a block after too many no-shows."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service.events import sign_ups
from volunteer_service.people.search import people_lists
from volunteer_service.web.people.blueprint import bp
from volunteer_service.web.people.forms import LiftBlockForm
from volunteer_service.web.people.volunteers import shown
from volunteer_service.web.shared import forms
from volunteer_service.web.shared.guard import actor, staff


@bp.post("/people/<int:volunteer_id>/lift-block")
@staff("coordinator")
def lift_block(volunteer_id: int) -> Response:
    """Lift the block, with the reason."""
    person = people_lists.volunteer(volunteer_id, by=actor())

    def work(values: dict[str, Any]) -> str:
        sign_ups.lift_block(volunteer_id, values["lift_reason"], by=actor(), at=clock.now())
        return forms.done(
            _("报名已恢复，已告诉本人。"), url_for("people.show", volunteer_id=volunteer_id)
        )

    def again(values: dict[str, Any], errors: dict[str, Any]) -> str:
        return shown(person, values=values, errors=errors)

    return forms.submit(LiftBlockForm, work, again, by=actor())
