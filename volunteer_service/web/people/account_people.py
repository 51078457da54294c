"""Who is behind a staff account: recorded, settled and ended on the account's page."""

from collections.abc import Callable
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service.people.authentication import account_people
from volunteer_service.people.models import Account
from volunteer_service.teams import role_grants
from volunteer_service.web.people.accounts import shown
from volunteer_service.web.people.blueprint import bp
from volunteer_service.web.people.forms import ApartAccountForm, ApartForm, LinkForm, UnlinkForm
from volunteer_service.web.shared import forms
from volunteer_service.web.shared.guard import actor, staff

Values = dict[str, Any]


@bp.post("/accounts/<int:account_id>/link")
@staff()
def link_account(account_id: int) -> Response:
    """Record which volunteer it is."""

    def work(values: Values) -> str:
        account_people.link(account_id, **values, by=actor(), at=clock.now())
        return forms.done(_("已关联，已告诉本人。这个账号要重新登录。"), _back(account_id))

    return forms.submit(LinkForm, work, _again(account_id), by=actor())


@bp.post("/accounts/<int:account_id>/nobody")
@staff()
def say_nobody(account_id: int) -> Response:
    """Record that it is no volunteer."""

    def work() -> str:
        account_people.say_nobody(account_id, by=actor(), at=clock.now())
        return forms.done(_("已记下：不是志愿者。"), _back(account_id))

    return forms.act(work, by=actor())


@bp.post("/accounts/<int:account_id>/apart")
@staff()
def tell_apart(account_id: int) -> Response:
    """Record that a volunteer of the same name is another person."""
    return forms.submit(ApartForm, _apart(account_id), _again(account_id), by=actor())


@bp.post("/accounts/<int:account_id>/apart-account")
@staff()
def tell_accounts_apart(account_id: int) -> Response:
    """Record that an account of the same name is another person's."""
    return forms.submit(ApartAccountForm, _apart(account_id), _again(account_id), by=actor())


@bp.post("/accounts/<int:account_id>/unlink")
@staff()
def ask_unlink(account_id: int) -> Response:
    """Ask to end the link."""

    def work(values: Values) -> str:
        account_people.ask_unlink(account_id, **values, by=actor(), at=clock.now())
        return forms.done(_("已提出取消关联，等另一位系统管理员办理。"), _back(account_id))

    return forms.submit(UnlinkForm, work, _again(account_id), by=actor())


@bp.post("/accounts/<int:account_id>/unlink/approve")
@staff()
def approve_unlink(account_id: int) -> Response:
    """End the link that another asked to end."""

    def work() -> str:
        account_people.decide_unlink(account_id, approve=True, by=actor(), at=clock.now())
        said = _("已取消关联。请说明本人是哪位志愿者，或不是志愿者。")
        return forms.done(said, _back(account_id))

    return forms.act(work, by=actor())


@bp.post("/accounts/<int:account_id>/unlink/refuse")
@staff()
def refuse_unlink(account_id: int) -> Response:
    """Keep the link; the person who asked withdraws the request this way."""

    def work() -> str:
        account_people.decide_unlink(account_id, approve=False, by=actor(), at=clock.now())
        return forms.done(_("关联不变。"), _back(account_id))

    return forms.act(work, by=actor())


def _apart(account_id: int) -> Callable[[Values], str]:
    def work(values: Values) -> str:
        account_people.tell_apart(account_id, **values, by=actor(), at=clock.now())
        return forms.done(_("已记下：不是同一人。"), _back(account_id))

    return work


def _again(account_id: int) -> Callable[[Values, Values], str]:
    def again(values: Values, errors: Values) -> str:
        held: Account = role_grants.grantee(account_id, by=actor())
        return shown(held, errors, values=values)

    return again


def _back(account_id: int) -> str:
    return url_for("people.account", account_id=account_id, _anchor="person")
