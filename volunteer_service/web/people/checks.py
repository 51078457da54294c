"""New entries that staff check: a leader's newcomers, and possible duplicates."""

from flask import render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import may_on_person
from volunteer_service.people.models import Volunteer
from volunteer_service.people.registrations import registration_checks, same_person
from volunteer_service.web.people.blueprint import bp
from volunteer_service.web.shared import forms
from volunteer_service.web.shared.guard import actor, staff


@bp.get("/people/checks")
@staff("coordinator")
def checks() -> str:
    """Show what waits, newest first, each with the people it may be."""
    found = registration_checks.waiting(by=actor(), cursor=request.args.get("cursor"))
    alike = {row.id: _alike(row.volunteer) for row in found.items}
    return render_template(
        "people/checks.html", found=found, alike=alike, paged="cursor" in request.args
    )


@bp.post("/people/checks/<int:check_id>/answer")
@staff("coordinator")
def answer_check(check_id: int) -> Response:
    """Answer that the entry is another person."""

    def work() -> str:
        registration_checks.answer_check(check_id, by=actor(), at=clock.now())
        return forms.done(_("已看过。"), url_for("people.checks"))

    return forms.act(work, by=actor())


def _alike(person: Volunteer) -> list[Volunteer]:
    by = actor()
    found = same_person.namesakes_of(person)
    return [each for each in found if may_on_person(by, Right.ROSTER_SEE, each)]
