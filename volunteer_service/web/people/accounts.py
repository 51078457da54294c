"""Accounts and the roles that they hold."""

from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service import db as database
from volunteer_service.areas import lookup as areas
from volunteer_service.identifiers.base32 import spaced
from volunteer_service.people.authentication import (
    account_people,
    one_time_codes,
    second_factors,
    sign_in_tries,
    unlocking,
    watchers,
)
from volunteer_service.people.authentication import accounts as people_accounts
from volunteer_service.people.authorization import account_scope
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.models import Account, Grant
from volunteer_service.people.search import people_lists
from volunteer_service.teams import role_grants
from volunteer_service.teams import team_lists as teams
from volunteer_service.teams.models import Team
from volunteer_service.web.people.blueprint import bp
from volunteer_service.web.people.forms import AccountForm, GrantForm, SecondAdminForm
from volunteer_service.web.shared import forms, list_pages
from volunteer_service.web.shared.area_choices import area_choices
from volunteer_service.web.shared.guard import actor, staff


@bp.get("/accounts")
@staff("coordinator")
def accounts() -> str:
    """Show accounts by login or name; one without a role is found by its whole login alone."""
    shown = list_pages.shown("accounts", by=actor())
    return render_template(
        "people/accounts.html",
        shown=shown,
        by_login=people_lists.account_by_login(shown.asked.value("q") or "", by=actor()),
        unsettled=people_lists.unsettled(actor()),
        by_admin=actor().has_role("admin"),
    )


@bp.get("/accounts/new")
@staff()
def new_account() -> str:
    """Show the form for a member of staff."""
    return _form({}, {})


@bp.post("/accounts/new")
@staff()
def open_account() -> Response:
    """Open an account for a member of staff and show its code once; roles come next."""

    def work(values: dict[str, Any]) -> str:
        account, plain = one_time_codes.open_staff(**values, by=actor(), at=clock.now())
        return shown(account, {}, plain=spaced(plain))

    return forms.show(AccountForm, work, _form)


@bp.post("/accounts/<int:account_id>/code")
@staff()
def code_of_account(account_id: int) -> str:
    """Issue a one-time code with which its owner sets a password; it is shown once."""
    held = role_grants.grantee(account_id, by=actor())
    plain = one_time_codes.issue_code(account_id, by=actor(), at=clock.now())
    return shown(held, {}, plain=spaced(plain))


@bp.get("/accounts/<int:account_id>")
@staff("coordinator")
def account(account_id: int) -> str:
    """Show one account and its roles, as far as the reader gives roles there."""
    return shown(role_grants.grantee(account_id, by=actor()), {})


@bp.post("/accounts/<int:account_id>/grants")
@staff("coordinator")
def grant(account_id: int) -> Response:
    """Give a role over an area or a team."""

    def work(values: dict[str, Any]) -> str:
        role_grants.grant(account_id, **values, by=actor(), at=clock.now())
        return forms.done(_("角色已授予。"), url_for("people.account", account_id=account_id))

    def again(_values: dict[str, Any], errors: dict[str, Any]) -> str:
        return shown(role_grants.grantee(account_id, by=actor()), errors)

    return forms.submit(GrantForm, work, again, by=actor())


@bp.post("/grants/<int:grant_id>/revoke")
@staff("coordinator")
def revoke_grant(grant_id: int) -> Response:
    """Take a role back."""
    account_id = database.fetch(Grant, grant_id).account_id

    def work() -> str:
        role_grants.revoke_grant(grant_id, by=actor(), at=clock.now())
        return forms.done(_("角色已收回。"), url_for("people.account", account_id=account_id))

    return forms.act(work, by=actor())


@bp.post("/accounts/<int:account_id>/asks")
@staff()
def ask_second_admin(account_id: int) -> Response:
    """Ask a second admin to act on another admin or an auditor."""

    def work(values: dict[str, Any]) -> str:
        watchers.ask_second_admin(account_id, **values, by=actor(), at=clock.now())
        done = _("已提出，等另一位系统管理员办理。")
        return forms.done(done, url_for("people.account", account_id=account_id))

    def again(_values: dict[str, Any], errors: dict[str, Any]) -> str:
        return shown(role_grants.grantee(account_id, by=actor()), errors)

    return forms.submit(SecondAdminForm, work, again, by=actor())


@bp.post("/accounts/asks/<int:ask_id>/withdraw")
@staff()
def withdraw_ask(ask_id: int) -> Response:
    """Withdraw one's request to a second admin."""

    def work() -> str:
        row = watchers.withdraw_ask(ask_id, by=actor(), at=clock.now())
        return forms.done(_("已撤回。"), url_for("people.account", account_id=row.account_id))

    return forms.act(work, by=actor())


@bp.post("/accounts/<int:account_id>/unlock")
@staff()
def unlock(account_id: int) -> Response:
    """End the delay after wrong passwords."""

    def work() -> str:
        unlocking.unlock(account_id, by=actor(), at=clock.now())
        return forms.done(_("等待已解除。"), url_for("people.account", account_id=account_id))

    return forms.act(work, by=actor())


@bp.post("/accounts/<int:account_id>/second-factor/off")
@staff()
def take_off_factor(account_id: int) -> Response:
    """Remove a lost authenticator, as another admin asked."""

    def work() -> str:
        second_factors.take_off_factor(account_id, by=actor(), at=clock.now())
        return forms.done(_("登录验证器已取下。"), url_for("people.account", account_id=account_id))

    return forms.act(work, by=actor())


@bp.post("/accounts/<int:account_id>/disable")
@staff()
def disable(account_id: int) -> Response:
    """End an account's sign-in at once."""

    def work() -> str:
        people_accounts.disable(account_id, by=actor(), at=clock.now())
        return forms.done(_("账号已停用。"), url_for("people.account", account_id=account_id))

    return forms.act(work, by=actor())


@bp.post("/accounts/<int:account_id>/enable")
@staff()
def enable(account_id: int) -> Response:
    """Let an account that was disabled sign in again."""

    def work() -> str:
        people_accounts.enable(account_id, by=actor(), at=clock.now())
        return forms.done(_("账号已恢复。"), url_for("people.account", account_id=account_id))

    return forms.act(work, by=actor())


def _form(values: dict[str, Any], errors: dict[str, Any]) -> str:
    return render_template("people/new_account.html", values=values, errors=errors)


def shown(
    account: Account,
    errors: dict[str, Any],
    *,
    values: dict[str, Any] | None = None,
    plain: str = "",
) -> str:
    """Return an account's page, also as a form that was refused shows it again."""
    by, at = actor(), clock.now()
    held = [
        (g, _place(g), role_grants.may_revoke(g, by))
        for g in role_grants.grants_of(account.id, by=by)
    ]
    # The account's own teams: leaders are named over a team that they are in.
    own = teams.memberships_of(account.volunteer_id) if account.volunteer_id else []
    return render_template(
        "people/account.html",
        shown=account,
        held=held,
        roles=role_grants.roles_given(by),
        own=own,
        areas=area_choices(Right.GRANT_EDIT),
        errors=errors,
        values=values or {},
        plain=plain,
        login=account.login,
        slow_until=sign_in_tries.slow_until(account.id, at=at),
        has_factor=second_factors.has_factor(account.id),
        is_over=account_scope.is_over(account, by=by),
        person=account_people.standing(account, by=by, at=at),
        may_say=account_people.may_say(account, by=by),
        asks=watchers.asks_about(account, by=by, at=at),
        ask_acts=watchers.acts_on(account, by=by, at=at),
    )


def _place(held: Grant) -> str:
    if held.team_id is not None:
        return database.fetch(Team, held.team_id).name
    return areas.name_path(areas.of(held.area_id or 0))
