"""Joining, and opening the sign-in of somebody registered on paper."""

from typing import Any

from flask import redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service.areas import lookup as areas
from volunteer_service.people.authentication import self_registration
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.changes.contact_numbers import maybe_phone
from volunteer_service.people.registrations import registration_fields
from volunteer_service.rate_limits import entrances, limiter
from volunteer_service.web.account import entrance, poster
from volunteer_service.web.account.blueprint import bp
from volunteer_service.web.account.forms import ClaimForm, JoinForm
from volunteer_service.web.shared import forms, guard
from volunteer_service.web.shared.frame import local_path
from volunteer_service.web.shared.guard import public

_VISITOR = Actor(None, None, "", "page")


def phone_tried() -> str:
    """Return the key of tries: the phone, however written, because a whole hall joins from one
    address.
    """
    typed = request.form.get("phone", "")[:20]
    return f"phone:{maybe_phone(typed) or typed.strip()}"


@bp.get("/join")
@public
def join() -> str | Response:
    """Show the form of at most five fields; ``next`` has the scan from which a newcomer came."""
    target = local_path(request.args.get("next", "/"))
    if guard.maybe_actor() is not None:
        return redirect(target)
    asked = {name: request.args.get(name, "") for name in ("minor", "area_id")}
    return _join_page({"next": target} | asked, {})


@bp.post("/join")
@public
@limiter.limit("10 per hour", key_func=phone_tried)
@entrances(60)
def join_now() -> Response:
    """Register, then lead to the sign-in, from where the newcomer continues."""
    return forms.submit(JoinForm, _join, _join_page)


@bp.get("/claim")
@public
def claim() -> str:
    """Show the form for people on the roster who never signed in."""
    return _claim_page({"next": local_path(request.args.get("next", "/"))}, {})


@bp.post("/claim")
@public
@limiter.limit("5 per hour", key_func=phone_tried)
@entrances(30)
def claim_now() -> Response:
    """Open the account of the registration that fits, sign in, and go on."""

    def work(values: dict[str, Any]) -> str:
        target = local_path(values.pop("next"))
        guard.sign_in(self_registration.claim(**values, by=_VISITOR, at=clock.now()))
        return forms.done(_("登录已开通。"), target)

    return forms.submit(ClaimForm, work, _claim_page)


@bp.get("/privacy")
@public
def privacy() -> str:
    """Show what is stored about whom, why, for how long, and what one can do about it."""
    return render_template("account/privacy.html")


def _join(values: dict[str, Any]) -> str:
    target, password = local_path(values.pop("next")), values.pop("password")
    if values.pop("minor") and "born_on" not in values:
        raise registration_fields.BirthDateNeeded(field="born_on")
    home = values.pop("area_id") or street_of(target)
    asked = registration_fields.RegisterIn(**values, area_id=home)
    self_registration.join(asked, password, by=_VISITOR, at=clock.now())
    # Shown both to a newcomer and to a known person, without revealing which it is.
    session[entrance.JOINED] = {"login": values["phone"], "name": values["name"]}
    words = _(
        "登记已提交。请用刚才设的密码登录。以前登记过的，请用原来的密码；忘了密码，请带证件到社区。"
    )
    return forms.done(words, url_for("account.sign_in", next=target))


def street_of(target: str) -> int | None:
    """Return the sub-district of the newcomer's poster, which is to care for them if there are
    several.
    """
    event = poster.event_at(target)
    return areas.street_id(event.team.area.path) if event else None


def _join_page(values: dict[str, Any], errors: dict[str, Any]) -> str:
    # The rule found a minor, so the guardian is asked for only now.
    minor = values.get("minor") or any(name.startswith("guardian") for name in errors)
    event = poster.event_at(values.get("next"))
    return render_template(
        "account/join.html",
        values=values,
        errors=errors,
        minor=minor,
        event=event,
        homes=areas.homes(street_of(values.get("next") or "/")),
    )


def _claim_page(values: dict[str, Any], errors: dict[str, Any]) -> str:
    event = poster.event_at(values.get("next"))
    return render_template("account/claim.html", values=values, errors=errors, event=event)
