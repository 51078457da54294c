"""One's own changes: another phone with the present password, another home, and the history."""

from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service import db as database
from volunteer_service.areas import lookup
from volunteer_service.errors import NotFound
from volunteer_service.people.changes import own_changes, person_change_lists, person_values
from volunteer_service.people.models import Account, Volunteer
from volunteer_service.people.registrations import registration
from volunteer_service.people.search import people_lists
from volunteer_service.web.person_changes import words
from volunteer_service.web.person_changes.blueprint import bp
from volunteer_service.web.person_changes.forms import MoveForm, OwnGuardianForm, OwnPhoneForm
from volunteer_service.web.shared import forms, guard
from volunteer_service.web.shared.guard import actor, signed_in


@bp.get("/me/changes")
@signed_in
def mine() -> str:
    """Show what was changed in one's own registration, by whom and why."""
    rows = person_change_lists.changes_of(_me().id, by=actor(), at=clock.now())
    return render_template("person_changes/mine.html", rows=rows, words=words)


@bp.get("/me/phone")
@signed_in
def phone() -> str:
    """Show the form for another phone."""
    return _phone({}, {})


@bp.post("/me/phone")
@signed_in
def phone_now() -> Response:
    """Register another phone; other devices are signed out, this one stays."""
    account_id = actor().account_id or 0

    def work(values: dict[str, Any]) -> str:
        own_changes.change_own_phone(account_id, **values, by=actor(), at=clock.now())
        guard.sign_in(database.fetch(Account, account_id))
        words_ = _("手机号已更改，其他设备已退出登录。带手机到社区当面核对后，可以只用手机号登录。")
        return forms.done(words_, url_for("account.me"))

    return forms.submit(OwnPhoneForm, work, _phone)


@bp.get("/me/move")
@signed_in
def move() -> str:
    """Show the form for another home."""
    return _move({}, {})


@bp.post("/me/move")
@signed_in
def move_now() -> Response:
    """Ask the staff of the new home."""

    def work(values: dict[str, Any]) -> str:
        own_changes.ask_to_move(**values, by=actor(), at=clock.now())
        return forms.done(_("已提出，等新社区批准。"), url_for("person_changes.mine"))

    return forms.submit(MoveForm, work, _move, by=actor())


@bp.get("/me/guardian")
@signed_in
def guardian() -> str:
    """Show the form for another guardian, or for the end of the guardianship."""
    return _guardian({}, {})


@bp.post("/me/guardian")
@signed_in
def guardian_now() -> Response:
    """End it alone if of age; otherwise ask the staff of the home."""

    def work(values: dict[str, Any]) -> str:
        row = own_changes.change_own_guardian(**values, by=actor(), at=clock.now())
        if row.state == "waiting":
            return forms.done(_("已提出，等社区批准。"), url_for("person_changes.mine"))
        return forms.done(_("监护人登记已结束。"), url_for("account.me"))

    return forms.submit(OwnGuardianForm, work, _guardian, by=actor())


def _me() -> Volunteer:
    mine_ = actor().volunteer_id
    if mine_ is None:
        raise NotFound()
    return database.fetch(Volunteer, mine_)


def _phone(values: dict[str, Any], errors: dict[str, Any]) -> str:
    person = _me()
    return render_template(
        "person_changes/phone.html",
        person=person,
        seen=person_values.mark(person, "phone"),
        values=values,
        errors=errors,
    )


def _move(values: dict[str, Any], errors: dict[str, Any]) -> str:
    person = _me()
    if person.area_id is None:
        raise NotFound()
    return render_template(
        "person_changes/move.html",
        lives_in=lookup.name_path(lookup.of(person.area_id)),
        homes=lookup.homes(),
        seen=person_values.mark(person, "home"),
        values=values,
        errors=errors,
    )


def _guardian(values: dict[str, Any], errors: dict[str, Any]) -> str:
    person = _me()
    return render_template(
        "person_changes/guardian.html",
        person=person,
        guardian=people_lists.guardian_of(person.id),
        is_minor=registration.is_minor(person, clock.now()),
        seen=person_values.mark(person, "guardian"),
        values=values,
        errors=errors,
    )
