"""What belongs to oneself: data, consents, password, sessions, everything held."""

from typing import Any

from flask import Response as FlaskResponse
from flask import jsonify, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service import db as database
from volunteer_service.areas import desk_contacts, lookup
from volunteer_service.errors import NotFound
from volunteer_service.people.authentication import accounts
from volunteer_service.people.authorization import household_declarations
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.cards import volunteer_cards
from volunteer_service.people.models import PURPOSES, Account, Volunteer
from volunteer_service.people.personal_data import personal_data, personal_data_export
from volunteer_service.people.registrations import consents as people_consents
from volunteer_service.people.registrations import registration
from volunteer_service.people.search import people_lists
from volunteer_service.teams import team_lists as teams
from volunteer_service.web.account.blueprint import bp
from volunteer_service.web.account.forms import PasswordForm
from volunteer_service.web.people.forms import HouseholdForm, SettleForm
from volunteer_service.web.shared import forms, guard
from volunteer_service.web.shared.guard import actor, signed_in


@bp.get("/me")
@signed_in
def me() -> str:
    """Show everything about oneself on one page."""
    return _me({}, {})


@bp.post("/me/home")
@signed_in
def settle() -> Response:
    """Set where one lives, if that is not known yet."""
    mine = _mine()

    def work(values: dict[str, Any]) -> str:
        registration.settle(mine, values["area_id"], by=actor(), at=clock.now())
        return forms.done(_("已登记。"), url_for("account.me"))

    return forms.submit(SettleForm, work, _me, by=actor())


@bp.post("/me/household")
@signed_in
def household() -> Response:
    """Declare a person with whom one lives."""
    mine = _mine()

    def work(values: dict[str, Any]) -> str:
        household_declarations.declare_household(mine, **values, by=actor(), at=clock.now())
        return forms.done(_("已登记。"), url_for("account.me", _anchor="household"))

    return forms.submit(HouseholdForm, work, _me, by=actor())


@bp.post("/me/card/end")
@signed_in
def end_card() -> Response:
    """End one's own lost card."""

    def work() -> str:
        volunteer_cards.end_card(_mine(), by=actor(), at=clock.now())
        return forms.done(_("这张卡已作废。"), url_for("account.me"))

    return forms.act(work, by=actor())


@bp.post("/me/household/<int:tie_id>")
@signed_in
def answer_household(tie_id: int) -> Response:
    """Confirm or deny a household that somebody else declared with oneself."""
    verb = household_declarations.deny_household
    if "confirm" in request.form:
        verb = household_declarations.confirm_household

    def work() -> str:
        verb(tie_id, by=actor(), at=clock.now())
        return forms.done(_("已保存。"), url_for("account.me", _anchor="household"))

    return forms.act(work, by=actor())


@bp.post("/me/consents")
@signed_in
def consents() -> Response:
    """Give or withdraw one consent."""
    mine, purpose = _mine(), request.form.get("purpose", "")

    def work() -> str:
        verb = (
            people_consents.give_consent
            if "give" in request.form
            else people_consents.withdraw_consent
        )
        verb(mine, purpose, by=actor(), at=clock.now())
        if purpose == "register" and "give" not in request.form:
            return _left()
        return forms.done(_("已保存。"), url_for("account.me") + "#consents")

    return forms.act(work, by=actor())


@bp.get("/me/password")
@signed_in
def password() -> str:
    """Show the form for a new password."""
    return _password_page({}, {})


@bp.post("/me/password")
@signed_in
def password_now() -> Response:
    """Change the password; other devices are signed out, this one stays."""

    def work(values: dict[str, Any]) -> str:
        account = accounts.change_password(
            _account().id, values["present"], values["password"], by=actor(), at=clock.now()
        )
        guard.sign_in(account)
        return forms.done(
            _("密码已修改，其他设备已退出登录，接口令牌已失效。"), url_for("account.me")
        )

    return forms.submit(PasswordForm, work, _password_page)


@bp.post("/me/sign-out-everywhere")
@signed_in
def everywhere() -> Response:
    """End every session, on every device."""

    def work() -> str:
        accounts.sign_out_everywhere(_account().id, by=actor(), at=clock.now())
        guard.sign_out()
        return forms.done(_("所有设备都已退出登录，接口令牌已失效。"), url_for("account.sign_in"))

    return forms.act(work, by=actor())


@bp.get("/me/export.json")
@signed_in
def export() -> FlaskResponse:
    """Show everything held about oneself, as one file."""
    held = personal_data_export.export_of(_mine(), by=actor(), at=clock.now())
    answer = jsonify({"format": personal_data_export.EXPORT_FORMAT, **held})
    answer.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return answer


@bp.post("/me/disown")
@signed_in
def disown() -> Response:
    """End the registration («this was not me»)."""

    def work() -> str:
        registration.disown(_mine(), by=actor(), at=clock.now())
        guard.sign_out()
        return forms.done(
            _("已记下：这不是您本人登记的。登记和登录都已停用。"), url_for("home.index")
        )

    return forms.act(work, by=actor())


def _me(values: dict[str, Any], errors: dict[str, Any]) -> str:
    by = actor()
    held = {"volunteer": None} if by.volunteer_id is None else _held(by.volunteer_id, by)
    return render_template("account/me.html", by=by, values=values, errors=errors, **held)


def _held(mine: int, by: Actor) -> dict[str, Any]:
    consents = {
        each.purpose: each
        for each in people_consents.consents_of(mine, by=by)
        if each.withdrawn_at is None
    }
    person = database.fetch(Volunteer, mine)
    return {
        "volunteer": person,
        "consents": consents,
        "purposes": [
            each for each in PURPOSES if each in consents or each not in people_consents.UNUSED
        ],
        "homes": None if person.area_id else lookup.homes(),
        "guardian": people_lists.guardian_of(mine),
        "memberships": teams.memberships_of(mine),
        "card_since": volunteer_cards.in_use([mine]).get(mine),
        "looks": personal_data.looks_at(mine, by=by),
        "household": household_declarations.household_of(mine, by=by),
        "desk": desk_contacts.desk_of_person(mine),
    }


def _left() -> str:
    guard.sign_out()
    return forms.done(
        _("您已退出志愿服务，所有设备都已退出登录。想再参加，请联系社区管理员。"),
        url_for("home.index"),
    )


def _mine() -> int:
    mine = actor().volunteer_id
    if mine is None:
        raise NotFound()
    return mine


def _account() -> Account:
    return database.fetch(Account, actor().account_id or 0)


def _password_page(values: dict[str, Any], errors: dict[str, Any]) -> str:
    return render_template("account/password.html", values=values, errors=errors)
