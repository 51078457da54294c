"""Complaints about a volunteer: staff write one down, a coordinator decides it."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service.attendance import service as attendance
from volunteer_service.people import queries
from volunteer_service.web import forms
from volunteer_service.web.guard import actor, staff
from volunteer_service.web.people.blueprint import bp
from volunteer_service.web.people.forms import ComplaintForm
from volunteer_service.web.people.volunteers import shown


@bp.post("/people/<int:volunteer_id>/complaints")
@staff("coordinator")
def complain(volunteer_id: int) -> Response:
    """Write a complaint down; it counts for nothing until it is decided."""
    person = queries.volunteer(volunteer_id, by=actor())

    def work(values: dict[str, Any]) -> str:
        attendance.complain(volunteer_id, **values, by=actor(), at=clock.now())
        return forms.done(_("投诉已记下，核实后再处理。"), _back(volunteer_id))

    def again(values: dict[str, Any], errors: dict[str, Any]) -> str:
        return shown(person, values=values, errors=errors)

    return forms.submit(ComplaintForm, work, again, by=actor())


@bp.post("/complaints/<int:complaint_id>/<any(uphold,dismiss):answer>")
@staff("coordinator")
def decide_complaint(complaint_id: int, answer: str) -> Response:
    """Uphold a complaint, which costs the half-year's star, or dismiss it."""

    def work() -> str:
        upheld = answer == "uphold"
        row = attendance.decide_complaint(complaint_id, upheld=upheld, by=actor(), at=clock.now())
        return forms.done(_("投诉已处理。"), _back(row.volunteer_id))

    return forms.act(work, by=actor())


def _back(volunteer_id: int) -> str:
    return url_for("people.show", volunteer_id=volunteer_id, _anchor="complaints")
