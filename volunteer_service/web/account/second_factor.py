"""One's own second factor: set up, replaced, removed; recovery codes; trusted devices."""

from typing import Any

from flask import make_response, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service import db as database
from volunteer_service.people.authentication import second_factors
from volunteer_service.people.models import Account
from volunteer_service.web.account.blueprint import bp
from volunteer_service.web.account.forms import FactorBeginForm, FactorCodeForm, FactorProofForm
from volunteer_service.web.shared import browser, forms, guard
from volunteer_service.web.shared.guard import actor, signed_in


@bp.get("/me/second-factor")
@signed_in
def second_factor() -> str:
    """Show what is set up, since when, and what can be done about it."""
    state = second_factors.state_of(actor(), at=clock.now())
    return render_template("account/second_factor.html", state=state)


@bp.get("/me/second-factor/begin")
@signed_in
def begin_factor() -> str:
    """Show the form that proves who one is before an authenticator is set up or replaced."""
    return _begin_page({}, {})


@bp.post("/me/second-factor/begin")
@signed_in
def begin_factor_now() -> Response:
    """Make a secret and go to the page with its QR code."""

    def work(values: dict[str, Any]) -> str:
        second_factors.begin_factor(**values, whence=browser.whence(), by=actor(), at=clock.now())
        return url_for("account.new_factor")

    return forms.submit(FactorBeginForm, work, _begin_page)


@bp.get("/me/second-factor/new")
@signed_in
def new_factor() -> Response:
    """Show the QR code of the authenticator being set up, and the form for its first code."""
    return _private(_new_page({}, {}))


@bp.post("/me/second-factor/new")
@signed_in
def confirm_factor() -> Response:
    """Take the first code; show the recovery codes this once. Other devices are signed out."""

    def work(values: dict[str, Any]) -> str:
        whence, at = browser.whence(), clock.now()
        codes = second_factors.confirm_factor(values["code"], whence=whence, by=actor(), at=at)
        guard.sign_in(database.fetch(Account, actor().account_id or 0))
        return render_template("account/recovery_codes.html", codes=codes)

    return _private(forms.show(FactorCodeForm, work, _new_page))


@bp.get("/me/second-factor/codes")
@signed_in
def renew_codes() -> str:
    """Show the form for ten new recovery codes."""
    return _codes_page({}, {})


@bp.post("/me/second-factor/codes")
@signed_in
def renew_codes_now() -> Response:
    """Make ten new recovery codes and show them this once."""

    def work(values: dict[str, Any]) -> str:
        whence, at = browser.whence(), clock.now()
        made = second_factors.renew_recovery_codes(**values, whence=whence, by=actor(), at=at)
        return render_template("account/recovery_codes.html", codes=made)

    return _private(forms.show(FactorProofForm, work, _codes_page))


@bp.get("/me/second-factor/remove")
@signed_in
def remove_factor() -> str:
    """Show the form that removes one's own factor."""
    return _remove_page({}, {})


@bp.post("/me/second-factor/remove")
@signed_in
def remove_factor_now() -> Response:
    """Remove one's own factor."""

    def work(values: dict[str, Any]) -> str:
        whence, at = browser.whence(), clock.now()
        second_factors.remove_factor(**values, whence=whence, by=actor(), at=at)
        return forms.done(_("登录验证器已取下。"), url_for("account.second_factor"))

    return forms.submit(FactorProofForm, work, _remove_page)


@bp.post("/me/second-factor/devices")
@signed_in
def trust_no_device() -> Response:
    """Ask for a code on every device again."""

    def work() -> str:
        second_factors.trust_no_device(by=actor(), at=clock.now())
        return forms.done(_("以后每台设备登录都要验证码。"), url_for("account.second_factor"))

    return forms.act(work, by=actor())


def _begin_page(values: dict[str, Any], errors: dict[str, Any]) -> str:
    action, label = url_for("account.begin_factor_now"), _("下一步：扫二维码")
    return _proof(_("设置登录验证器"), action, label, errors)


def _codes_page(values: dict[str, Any], errors: dict[str, Any]) -> str:
    action, label = url_for("account.renew_codes_now"), _("生成 10 个新代码，旧的作废")
    return _proof(_("重新生成恢复代码"), action, label, errors)


def _remove_page(values: dict[str, Any], errors: dict[str, Any]) -> str:
    action, label = url_for("account.remove_factor_now"), _("确定取下")
    return _proof(_("取下登录验证器"), action, label, errors)


def _proof(heading: str, action: str, label: str, errors: dict[str, Any]) -> str:
    facts = {"heading": heading, "action": action, "label": label, "errors": errors}
    has = second_factors.has_factor(actor().account_id or 0)
    return render_template("account/factor_proof.html", has_factor=has, **facts)


def _new_page(values: dict[str, Any], errors: dict[str, Any]) -> str:
    by = actor()
    uri, secret = second_factors.pending_uri(by), second_factors.pending_secret(by)
    return render_template("account/new_factor.html", uri=uri, secret=secret, errors=errors)


def _private(page: str | Response) -> Response:
    """Return a page with a secret that no cache may store."""
    answer = make_response(page)
    answer.headers["Cache-Control"] = "no-store"
    return answer
