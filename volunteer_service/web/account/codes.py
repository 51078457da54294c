"""Setting a password with the one-time code from the office."""

from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service.people.authentication import one_time_codes
from volunteer_service.rate_limits import entrances, limiter
from volunteer_service.web.account import second_step
from volunteer_service.web.account.blueprint import bp
from volunteer_service.web.account.entrance import login_tried
from volunteer_service.web.account.forms import CodeForm
from volunteer_service.web.shared import browser, forms, guard
from volunteer_service.web.shared.guard import public


@bp.get("/code")
@public
def code() -> str:
    """Show the form: number, code, new password."""
    return _page({}, {})


@bp.post("/code")
@public
@limiter.limit("10 per minute", key_func=login_tried)
@entrances(60)
def use_code() -> Response:
    """Set the password and sign in."""

    def work(values: dict[str, Any]) -> str:
        account = one_time_codes.use_code(
            values["login"],
            values["code"],
            values["password"],
            whence=browser.whence(),
            by=guard.maybe_actor(),
            at=clock.now(),
        )
        target = second_step.enter(account, url_for("home.index"))
        return forms.done(_("密码已设好。"), target)

    return forms.submit(CodeForm, work, _page)


def _page(values: dict[str, Any], errors: dict[str, Any]) -> str:
    return render_template("account/code.html", values=values, errors=errors)
