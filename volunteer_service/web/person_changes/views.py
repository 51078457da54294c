"""A person's changes for staff: one form at a time, a paper consent, and the history."""

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service.areas import lookup
from volunteer_service.people.authentication import phone_confirmation
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import may_on_person
from volunteer_service.people.changes import (
    person_change_lists,
    person_changes,
    person_values,
    phone_passing,
)
from volunteer_service.people.changes.person_change_refusals import NothingToChange
from volunteer_service.people.changes.person_edits import BY_TWO, FIELDS, LONGEST, PersonEdit
from volunteer_service.people.models import PURPOSES, Volunteer
from volunteer_service.people.registrations import consents
from volunteer_service.people.search import people_lists
from volunteer_service.web.person_changes import words
from volunteer_service.web.person_changes.blueprint import bp
from volunteer_service.web.person_changes.forms import EditForm, PaperForm, PassedOnForm
from volunteer_service.web.shared import forms
from volunteer_service.web.shared.guard import actor, staff


@bp.get("/people/<int:volunteer_id>/changes")
@staff("coordinator")
def of_person(volunteer_id: int) -> str:
    """Show the registered data, their changes, and the form of one field."""
    person = people_lists.volunteer(volunteer_id, by=actor())
    return _shown(person, request.args.get("field", ""), {}, {})


@bp.post("/people/<int:volunteer_id>/changes")
@staff("coordinator")
def change(volunteer_id: int) -> Response:
    """Change one field."""
    person = people_lists.volunteer(volunteer_id, by=actor())

    def work(values: dict[str, Any]) -> str:
        asked = PersonEdit(**values)
        row = person_changes.change_person(volunteer_id, asked, by=actor(), at=clock.now())
        said = _("已更改，已告诉本人。") if row.state == "done" else _("已提出，等另一位批准。")
        return forms.done(said, _back(volunteer_id))

    return forms.submit(
        EditForm, work, lambda *sent: _shown(person, request.form.get("field", ""), *sent)
    )


@bp.post("/people/<int:volunteer_id>/paper-consents")
@staff("coordinator")
def paper_consent(volunteer_id: int) -> Response:
    """Record a consent that was given or withdrawn on paper."""
    person = people_lists.volunteer(volunteer_id, by=actor())

    def work(values: dict[str, Any]) -> str:
        if consents.stands(volunteer_id, values["purpose"]) is values["is_given"]:
            raise NothingToChange(field="is_given")
        verb = consents.give_consent if values["is_given"] else consents.withdraw_consent
        purpose, reason = values["purpose"], values["paper_reason"]
        verb(volunteer_id, purpose, reason=reason, by=actor(), at=clock.now())
        return forms.done(_("已记下，已告诉本人。"), _back(volunteer_id))

    return forms.submit(PaperForm, work, lambda *sent: _shown(person, "", *sent), by=actor())


@bp.post("/people/<int:volunteer_id>/phone-passed-on")
@staff("coordinator")
def passed_on(volunteer_id: int) -> Response:
    """Confirm that this person has the phone, and nobody else any more."""
    person = people_lists.volunteer(volunteer_id, by=actor())

    def work(values: dict[str, Any]) -> str:
        reason = values["passed_reason"]
        phone_passing.pass_phone_on(volunteer_id, reason=reason, by=actor(), at=clock.now())
        return forms.done(_("手机号已归此人，原来的登记已取下。"), _back(volunteer_id))

    return forms.submit(PassedOnForm, work, lambda *sent: _shown(person, "", *sent), by=actor())


def _back(volunteer_id: int) -> str:
    return url_for("person_changes.of_person", volunteer_id=volunteer_id)


def _shown(person: Volunteer, field: str, values: dict[str, Any], errors: dict[str, Any]) -> str:
    held = {
        each.purpose
        for each in consents.consents_of(person.id, by=actor())
        if each.withdrawn_at is None
    }
    return render_template(
        "person_changes/of_person.html",
        person=person,
        rows=person_change_lists.changes_of(person.id, by=actor(), at=clock.now()),
        present=[(each, _present(person, each)) for each in FIELDS],
        field=field if field in FIELDS else "",
        seen=person_values.mark(person, field),
        guardian=people_lists.guardian_of(person.id),
        details=person_values.DETAILS,
        longest=LONGEST,
        by_two=BY_TWO,
        homes=lookup.homes() if field == "home" else None,
        may_edit=may_on_person(actor(), Right.VOLUNTEER_EDIT, person),
        is_own=person.id == actor().volunteer_id,
        shared=len(phone_confirmation.others_with_phone(person)) if person.phone_key else 0,
        purposes=[(each, each in held) for each in PURPOSES if each not in consents.UNUSED],
        words=words,
        values=values,
        errors=errors,
    )


def _present(person: Volunteer, field: str) -> Any:
    return person_values.told(field, person_values.present(person, field))
