"""Marking somebody who died or moved away, and taking a wrong mark back."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service.people.registrations import departures
from volunteer_service.people.search import people_lists
from volunteer_service.web.people.blueprint import bp
from volunteer_service.web.people.forms import DepartedForm, DepartureBackForm
from volunteer_service.web.people.volunteers import shown
from volunteer_service.web.shared import forms
from volunteer_service.web.shared.guard import actor, staff


@bp.post("/people/<int:volunteer_id>/departed")
@staff("coordinator")
def mark_departed(volunteer_id: int) -> Response:
    """Freeze the registration, with the day and how it is known."""
    person = people_lists.volunteer(volunteer_id, by=actor())

    def work(values: dict[str, Any]) -> str:
        departures.mark_departed(
            volunteer_id,
            values["departed_as"],
            values["departed_on"],
            reason=values["departed_reason"],
            by=actor(),
            at=clock.now(),
        )
        return forms.done(_("已标记。标错了可以在这里撤销。"), _page(volunteer_id))

    return forms.submit(
        DepartedForm, work, lambda raw, bad: shown(person, values=raw, errors=bad), by=actor()
    )


@bp.post("/people/<int:volunteer_id>/departed/take-back")
@staff("coordinator")
def take_back_departure(volunteer_id: int) -> Response:
    """Take a wrong mark back."""
    person = people_lists.volunteer(volunteer_id, by=actor())

    def work(values: dict[str, Any]) -> str:
        reason = values["departure_reason"]
        departures.take_back_departure(volunteer_id, reason=reason, by=actor(), at=clock.now())
        return forms.done(_("标记已撤销，登记照旧。"), _page(volunteer_id))

    return forms.submit(
        DepartureBackForm, work, lambda raw, bad: shown(person, values=raw, errors=bad), by=actor()
    )


def _page(volunteer_id: int) -> str:
    return url_for("people.show", volunteer_id=volunteer_id)
