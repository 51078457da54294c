"""Setting a password with a link that came by e-mail."""

from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service.people.authentication import password_resets
from volunteer_service.rate_limits import entrances, limiter
from volunteer_service.web.account.blueprint import bp
from volunteer_service.web.account.entrance import forgot_page, login_tried
from volunteer_service.web.account.forms import ForgotForm, ResetForm
from volunteer_service.web.shared import browser, forms
from volunteer_service.web.shared.guard import public


@bp.post("/forgot")
@public
@limiter.limit("5 per hour", key_func=login_tried)
@entrances(20)
def ask_reset() -> Response:
    """Send a link, if the account has a confirmed address; the answer is always the same."""

    def work(values: dict[str, Any]) -> str:
        password_resets.ask_reset(values["login"], whence=browser.whence(), at=clock.now())
        said = _(
            "如果这个账号确认过邮箱，链接已经发出，30 分钟内有效。"
            "没有收到，请看垃圾邮件，或当面办。"
        )
        return forms.done(said, url_for("account.forgot"), "info")

    return forms.submit(ForgotForm, work, forgot_page)


@bp.get("/reset/<key>")
@public
def reset(key: str) -> str:
    """Show the form of a new password; a link that is no longer good says so."""
    password_resets.need_good(key, at=clock.now())
    return _page(key, {})


@bp.post("/reset/<key>")
@public
@entrances(20)
def use_reset(key: str) -> Response:
    """Set the password; then the person signs in, with the second factor if there is one."""

    def work(values: dict[str, Any]) -> str:
        password_resets.use_reset(key, values["password"], at=clock.now())
        return forms.done(_("密码已设好，请用新密码登录。"), url_for("account.sign_in"))

    return forms.submit(ResetForm, work, lambda _raw, bad: _page(key, bad))


def _page(key: str, errors: dict[str, Any]) -> str:
    return render_template("account/reset.html", key=key, errors=errors)
