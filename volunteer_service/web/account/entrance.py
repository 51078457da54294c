"""Signing in and out."""

from typing import Any

from flask import redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service.areas import desk_contacts
from volunteer_service.identifiers.check_characters import read_volunteer_number
from volunteer_service.people.authentication import password_resets, sessions
from volunteer_service.people.authentication import sign_in as people_sign_in
from volunteer_service.people.changes.contact_numbers import maybe_phone
from volunteer_service.people.models import Account
from volunteer_service.rate_limits import entrances, limiter
from volunteer_service.web.account import poster, second_step
from volunteer_service.web.account.blueprint import bp
from volunteer_service.web.account.forms import SignInForm
from volunteer_service.web.shared import browser, forms, guard, kept_forms
from volunteer_service.web.shared.frame import local_path
from volunteer_service.web.shared.guard import public, signed_in_light

#: Where the cookie keeps the phone and name of who has just joined, until the next page.
JOINED = "joined"


def login_tried() -> str:
    """Tries are counted by the login, however written, and the address.

    A whole hall shares one address; and if only the login counted, a stranger elsewhere could use
    up its owner's tries.
    """
    typed = request.form.get("login", "")[:60]
    meant = maybe_phone(typed) or read_volunteer_number(typed) or typed.strip()
    return f"login:{meant.lower()}:{request.remote_addr}"


@bp.get("/sign-in")
@public
def sign_in() -> str:
    """Show the sign-in form; ``next`` is where the person was going.

    A person who has just joined is asked only for the password.
    """
    joined = session.pop(JOINED, {})
    values = {"next": local_path(request.args.get("next", "/"))} | joined
    return _sign_in_page(values, {}, joined=bool(joined))


@bp.post("/sign-in")
@public
@limiter.limit("10 per minute", key_func=login_tried)
@entrances(120)
def sign_in_now() -> Response:
    """Sign in and go on to where the person was going."""

    def work(values: dict[str, Any]) -> str:
        account = people_sign_in.sign_in(
            values["login"],
            values["password"],
            name=values["name"],
            whence=browser.whence(),
            at=clock.now(),
        )
        is_first = account.volunteer is not None and not sessions.has_signed_in(account.id)
        target = second_step.enter(account, local_path(values["next"]))
        return _welcomed(account, target) if is_first else target

    answer = forms.submit(SignInForm, work, _sign_in_page)
    return second_step.carry(kept_forms.after_sign_in(answer))


@bp.get("/forgot")
@public
def forgot() -> str:
    """Offer a link by e-mail where that is set up, and every community's own contact.

    Without e-mail nothing is asked. The answer never reveals whose number it is, or that it is
    known.
    """
    return forgot_page({}, {})


@bp.post("/sign-out")
@signed_in_light
def sign_out() -> Response:
    """End the session in this browser; ``next`` is where the next person at this phone
    continues.
    """
    guard.sign_out()
    target = local_path(request.form.get("next") or url_for("account.sign_in"))
    return redirect(forms.done(_("您已退出登录。"), target), 303)


def forgot_page(values: dict[str, Any], errors: dict[str, Any]) -> str:
    """Return the page of a forgotten password."""
    return render_template(
        "account/forgot.html",
        desks=desk_contacts.desks(),
        by_mail=password_resets.is_offered(),
        values=values,
        errors=errors,
    )


def _welcomed(account: Account, target: str) -> str:
    number = account.volunteer.number if account.volunteer else account.login
    words = _("欢迎！您的志愿者编号是 %(number)s，登录时也可以用它。", number=number)
    return forms.done(words, target)


def _sign_in_page(values: dict[str, Any], errors: dict[str, Any], *, joined: bool = False) -> str:
    event = poster.event_at(values.get("next"))
    return render_template(
        "account/sign_in.html", values=values, errors=errors, event=event, joined=joined
    )
