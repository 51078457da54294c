"""Household members of a person: declared by staff, taken back by staff."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service.people.authorization import household_declarations
from volunteer_service.people.search import people_lists
from volunteer_service.web.people.blueprint import bp
from volunteer_service.web.people.forms import HouseholdForm, NeverSoForm
from volunteer_service.web.people.volunteers import shown
from volunteer_service.web.shared import forms
from volunteer_service.web.shared.guard import actor, staff


@bp.post("/people/<int:volunteer_id>/household")
@staff("coordinator")
def declare_household(volunteer_id: int) -> Response:
    """Declare with whom somebody lives."""
    person = people_lists.volunteer(volunteer_id, by=actor())

    def work(values: dict[str, Any]) -> str:
        household_declarations.declare_household(volunteer_id, **values, by=actor(), at=clock.now())
        return forms.done(_("已登记。"), _back(volunteer_id))

    def again(values: dict[str, Any], errors: dict[str, Any]) -> str:
        return shown(person, values=values, errors=errors)

    return forms.submit(HouseholdForm, work, again, by=actor())


@bp.post("/people/<int:volunteer_id>/household/<int:tie_id>/end")
@staff("coordinator")
def end_household(volunteer_id: int, tie_id: int) -> Response:
    """Take a declaration back."""

    def work() -> str:
        household_declarations.end_household(tie_id, by=actor(), at=clock.now())
        return forms.done(_("已保存。"), _back(volunteer_id))

    return forms.act(work, by=actor())


@bp.post("/people/<int:volunteer_id>/household/<int:tie_id>/confirm")
@staff("coordinator")
def confirm_household(volunteer_id: int, tie_id: int) -> Response:
    """Confirm a declaration about other staff, as a second member of staff, so that it counts."""

    def work() -> str:
        household_declarations.confirm_household(tie_id, by=actor(), at=clock.now())
        return forms.done(_("已保存。"), _back(volunteer_id))

    return forms.act(work, by=actor())


@bp.post("/people/<int:volunteer_id>/household/<int:tie_id>/never-so")
@staff("coordinator")
def household_never_so(volunteer_id: int, tie_id: int) -> Response:
    """State that a one-sided declaration was never true; it ends at once."""
    person = people_lists.volunteer(volunteer_id, by=actor())

    def work(values: dict[str, Any]) -> str:
        household_declarations.household_never_so(tie_id, **values, by=actor(), at=clock.now())
        return forms.done(_("已保存。"), _back(volunteer_id))

    def again(values: dict[str, Any], errors: dict[str, Any]) -> str:
        return shown(person, values=values, errors=errors)

    return forms.submit(NeverSoForm, work, again, by=actor())


def _back(volunteer_id: int) -> str:
    return url_for("people.show", volunteer_id=volunteer_id, _anchor="household")
