"""The second step of signing in: a code of the authenticator, where the account has one."""

from typing import Any

from flask import g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service.db import db
from volunteer_service.people.authentication import known_devices, second_factors
from volunteer_service.people.models import Account
from volunteer_service.rate_limits import limiter
from volunteer_service.web.account.blueprint import bp
from volunteer_service.web.account.forms import FactorCodeForm
from volunteer_service.web.shared import browser, forms, guard, kept_forms, typed
from volunteer_service.web.shared.frame import local_path
from volunteer_service.web.shared.guard import public

#: The keys in the cookie for who gave the right password, and where they were going.
PENDING = "second_step"
#: Seconds until the password is asked for again.
_SECONDS = 600


def enter(account: Account, target: str) -> str:
    """Sign in, or ask for the code first; return the address of the next page.

    Every page on which a password opens the account calls this.
    """
    if not second_factors.is_asked(account, browser.whence().browser, at=clock.now()):
        guard.sign_in(account)
        return target
    session.clear()
    session[PENDING] = [account.id, account.epoch, int(clock.now().timestamp()), target]
    return url_for("account.second_step")


def carry(answer: Response) -> Response:
    """Return the page of the second step itself, where a form is carried over the sign-in."""
    if PENDING not in session or typed.KEPT not in request.form or answer.status_code != 303:
        return answer
    g.kept_sealed = request.form[typed.KEPT]
    return Response(_page({}, {}), mimetype="text/html")


@bp.get("/sign-in/second")
@public
def second_step() -> str | Response:
    """Show the form for the code; a visitor who has not passed the password step signs in first."""
    return redirect(url_for("account.sign_in"), 303) if _pending() is None else _page({}, {})


@bp.post("/sign-in/second")
@public
@limiter.limit("30 per minute")
def second_step_now() -> Response:
    """Take the code, sign in and go on; a counter's PC may be remembered for 30 days."""
    account = _pending()
    if account is None:
        return redirect(url_for("account.sign_in"), 303)

    def work(values: dict[str, Any]) -> str:
        target = local_path(session[PENDING][3])
        whence = browser.whence()
        second_factors.take_code(account, values["code"], whence=whence, at=clock.now())
        here = guard.sign_in(account)
        if values["trust"]:
            until = clock.now() + second_factors.TRUST
            known_devices.trust(account.id, here, until=until)
        return target

    return kept_forms.after_sign_in(forms.submit(FactorCodeForm, work, _page))


def _pending() -> Account | None:
    """Return the account whose password was right in this browser and has not changed since."""
    account_id, epoch, since, _target = session.get(PENDING, (0, 0, 0, "/"))
    account = db.session.get(Account, account_id)
    age = clock.now().timestamp() - since
    if account is None or account.epoch != epoch or account.disabled_at or not 0 <= age < _SECONDS:
        session.pop(PENDING, None)
        return None
    return account


def _page(values: dict[str, Any], errors: dict[str, Any]) -> str:
    days = second_factors.TRUST.days
    lead = _("打开手机上的验证器，输入现在显示的 6 位数字。")
    return render_template(
        "account/second_step.html", values=values, errors=errors, days=days, lead=lead
    )
