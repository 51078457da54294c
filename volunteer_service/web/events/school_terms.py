"""School terms of a street's schools: the list, and the form that enters one."""

from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service.events import school_terms
from volunteer_service.people.authorization.rights import Right
from volunteer_service.web.events.forms import SchoolTermForm
from volunteer_service.web.events.views import bp
from volunteer_service.web.shared import forms
from volunteer_service.web.shared.area_choices import area_choices
from volunteer_service.web.shared.guard import actor, staff


@bp.get("/school-terms")
@staff("leader", "coordinator")
def terms() -> str:
    """Show the terms that hold where this person plans events."""
    return _page({}, {})


@bp.post("/school-terms")
@staff("coordinator")
def add_term() -> Response:
    """Enter a term."""

    def work(values: dict[str, Any]) -> str:
        school_terms.add_term(**values, by=actor(), at=clock.now())
        return forms.done(_("学期已登记。"), url_for("events.terms"))

    return forms.submit(SchoolTermForm, work, _page, by=actor())


@bp.post("/school-terms/<int:term_id>/remove")
@staff("coordinator")
def remove_term(term_id: int) -> Response:
    """Remove a term."""

    def work() -> str:
        school_terms.remove_term(term_id, by=actor(), at=clock.now())
        return forms.done(_("学期已删除，已建好的活动不变。"), url_for("events.terms"))

    return forms.act(work, by=actor())


def _page(values: dict[str, Any], errors: dict[str, Any]) -> str:
    return render_template(
        "events/school_terms.html",
        terms=school_terms.known_to(by=actor()),
        areas=area_choices(Right.AREA_EDIT),
        values=values,
        errors=errors,
    )
