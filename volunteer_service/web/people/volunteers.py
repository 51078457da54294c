"""Volunteers for coordinators: find, register, show masked, reveal with a reason."""

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service.areas import lookup
from volunteer_service.attendance import complaints
from volunteer_service.attendance.models import Complaint
from volunteer_service.identifiers.base32 import spaced
from volunteer_service.merging import preview
from volunteer_service.people import merged_entries
from volunteer_service.people.authentication import one_time_codes, phone_confirmation
from volunteer_service.people.authorization import household_declarations
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import may_on_person
from volunteer_service.people.cards import volunteer_cards
from volunteer_service.people.changes import person_values
from volunteer_service.people.models import Volunteer
from volunteer_service.people.personal_data import audit_looks, personal_data
from volunteer_service.people.registrations import (
    registration,
    registration_checks,
    registration_fields,
)
from volunteer_service.people.search import people_lists
from volunteer_service.teams import team_lists as teams
from volunteer_service.web.people.blueprint import bp
from volunteer_service.web.people.forms import RegisterForm, RevealForm, SettleForm
from volunteer_service.web.people.history import history
from volunteer_service.web.shared import forms, list_pages
from volunteer_service.web.shared.area_choices import area_choices
from volunteer_service.web.shared.guard import actor, staff
from volunteer_service.wording import gettext, refusal


@bp.get("/people")
@staff("coordinator", "auditor")
def index() -> str:
    """Find volunteers; matters of people that wait for the reader are above them."""
    return render_template(
        "people/index.html",
        shown=list_pages.shown("people", by=actor()),
        may_register=actor().has_role("coordinator", "admin"),
        **_to_do(),
    )


@bp.get("/people.xlsx")
@staff("coordinator", "auditor")
def index_workbook() -> Response:
    """Return the people of the same filters as a workbook, with phones masked."""
    return list_pages.exported("people", "xlsx", by=actor())


@bp.get("/people/new")
@staff("coordinator")
def new() -> str:
    """Show the form for somebody who signed on paper."""
    return _form({}, {})


@bp.post("/people/new")
@staff("coordinator")
def register() -> Response:
    """Register somebody from a signed paper."""

    def work(values: dict[str, Any]) -> str:
        person = registration.register(
            registration_fields.RegisterIn(**values), by=actor(), at=clock.now()
        )
        words = _("已登记，志愿者编号 %(number)s。", number=person.number)
        return forms.done(words, url_for("people.show", volunteer_id=person.id))

    return forms.submit(RegisterForm, work, _form, by=actor())


@bp.get("/people/<int:volunteer_id>")
@staff("coordinator", "auditor")
def show(volunteer_id: int) -> str:
    """Show one person, masked; an auditor only reads, and the look is logged."""
    person = people_lists.volunteer(volunteer_id, by=actor())
    audit_looks.opened(person, "person", by=actor(), at=clock.now())
    return shown(person)


@bp.post("/people/<int:volunteer_id>/reveal")
@staff("coordinator")
def reveal(volunteer_id: int) -> Response:
    """Show one field in plain, once; the reason is logged."""
    person = people_lists.volunteer(volunteer_id, by=actor())

    def work(values: dict[str, Any]) -> str:
        field, why = values["field"], values["why"]
        value = personal_data.reveal(volunteer_id, field, why, by=actor(), at=clock.now())
        return shown(person, revealed={field: value or _("没有登记")})

    return forms.show(RevealForm, work, lambda _raw, errors: shown(person, errors=errors))


@bp.post("/people/<int:volunteer_id>/code")
@staff("coordinator")
def code(volunteer_id: int) -> str:
    """Issue a one-time code with which the person sets a password; it is shown once."""
    person = people_lists.volunteer(volunteer_id, by=actor())
    account, plain = one_time_codes.issue_code_to(volunteer_id, by=actor(), at=clock.now())
    return shown(person, login=account.login, plain=spaced(plain))


@bp.post("/people/<int:volunteer_id>/phone")
@staff("coordinator")
def confirm_phone(volunteer_id: int) -> Response:
    """Confirm that the person is here with the phone, which then signs in by itself."""

    def work() -> str:
        phone_confirmation.confirm_phone(volunteer_id, by=actor(), at=clock.now())
        return forms.done(
            _("手机号已当面核对。"), url_for("people.show", volunteer_id=volunteer_id)
        )

    return forms.act(work, by=actor())


@bp.post("/people/<int:volunteer_id>/settle")
@staff("coordinator")
def settle(volunteer_id: int) -> Response:
    """Set the home of a person who has none yet."""
    person = people_lists.volunteer(volunteer_id, by=actor())

    def work(values: dict[str, Any]) -> str:
        registration.settle(volunteer_id, values["area_id"], by=actor(), at=clock.now())
        return forms.done(_("已归到社区，已告诉本人。"), url_for("people.index", homeless=1))

    def again(values: dict[str, Any], errors: dict[str, Any]) -> str:
        return shown(person, values=values, errors=errors)

    return forms.submit(SettleForm, work, again, by=actor())


@bp.post("/people/<int:volunteer_id>/disown")
@staff("coordinator")
def disown(volunteer_id: int) -> Response:
    """End the registration of a person who says at the counter that it was not them."""

    def work() -> str:
        registration.disown(volunteer_id, by=actor(), at=clock.now())
        return forms.done(_("登记已停用。"), url_for("people.index"))

    return forms.act(work, by=actor())


def _to_do() -> dict[str, int]:
    """Return which matters of people wait for the reader."""
    by = actor()
    return {
        "homeless": people_lists.homeless(by),
        "checks": registration_checks.count_waiting(by=by),
        "mergings": len(preview.waiting(by=by)),
    }


def _form(values: dict[str, Any], errors: dict[str, Any]) -> str:
    return render_template(
        "people/new.html", values=values, errors=errors, places=area_choices(Right.VOLUNTEER_EDIT)
    )


def shown(person: Volunteer, **facts: Any) -> str:
    """Return the page of one person; ``facts`` is what this answer adds to it."""
    home = lookup.of(person.area_id) if person.area_id else None
    cursor = request.args.get("cursor")
    return render_template(
        "people/show.html",
        person=person,
        homes=None if person.area_id else lookup.homes(),
        lives_in=lookup.name_path(home) if home else "",
        may_see=may_on_person(actor(), Right.PERSONAL_SEE, person),
        may_mark_departed=person.id != actor().volunteer_id
        and may_on_person(actor(), Right.VOLUNTEER_EDIT, person),
        is_auditing=audit_looks.is_auditing(person, by=actor()),
        purpose=actor().purpose,
        signs_in=people_lists.account_of(person.id),
        phone_shared=len(phone_confirmation.others_with_phone(person)) if person.phone_key else 0,
        guardian=people_lists.guardian_of(person.id),
        details=_details(person),
        household=_household(person),
        is_own=person.id == actor().volunteer_id,
        card_since=volunteer_cards.in_use([person.id]).get(person.id),
        memberships=teams.memberships_of(person.id),
        former_memberships=teams.former_of(person.id),
        mergings=merged_entries.mergings_of(person.id),
        is_minor=registration.is_minor(person, clock.now()),
        complaints=_complaints(person.id),
        paged=cursor is not None,
        **history(person, by=actor(), cursor=cursor),
        **({"errors": {}, "revealed": {}, "values": {}} | facts),
    )


def _details(person: Volunteer) -> list[tuple[str, str]]:
    """Return what a roster contains beyond the registration, for readers who may see it."""
    if not may_on_person(actor(), Right.PERSONAL_SEE, person):
        return []
    said = [(name, person.details.get(name)) for name in person_values.DETAILS]
    return [
        (person_values.FIELD_WORDS[name].worded(gettext), words) for name, words in said if words
    ]


def _complaints(volunteer_id: int) -> list[tuple[Complaint, str]]:
    """Return the complaints about a person, and why the reader may not decide them (yet)."""
    by, at = actor(), clock.now()
    found = []
    for row in complaints.complaints_of(volunteer_id, by=by):
        refused = complaints.why_not_decide(row, by=by, at=at)
        found.append((row, refusal(refused) if refused else ""))
    return found


def _household(person: Volunteer) -> list[household_declarations.Housemate] | None:
    if not may_on_person(actor(), Right.VOLUNTEER_EDIT, person):
        return None
    return household_declarations.household_of(person.id, by=actor())
