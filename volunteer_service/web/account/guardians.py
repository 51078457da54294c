"""A child joins with a guardian who is elsewhere: the child asks here, the guardian agrees by a
link.
"""

from functools import partial
from typing import Any

from flask import render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock, settings
from volunteer_service.areas import lookup as areas
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.registrations import guardian_links
from volunteer_service.people.registrations.registration_fields import RegisterIn
from volunteer_service.rate_limits import entrances, limiter
from volunteer_service.web.account import entrance
from volunteer_service.web.account.blueprint import bp
from volunteer_service.web.account.forms import AskGuardianForm, GuardianForm
from volunteer_service.web.account.newcomers import phone_tried, street_of
from volunteer_service.web.shared import forms
from volunteer_service.web.shared.frame import local_path
from volunteer_service.web.shared.guard import public

_VISITOR = Actor(None, None, "", "page")
#: The mark of the last link that this browser asked for.
_ASKED = "asked_guardian"


@bp.get("/join/guardian")
@public
def ask_guardian() -> str:
    """Show the form for the child."""
    return _ask_page({"next": local_path(request.args.get("next", "/"))}, {})


@bp.post("/join/guardian")
@public
@limiter.limit("10 per hour", key_func=phone_tried)
@entrances(60)
def ask_guardian_now() -> Response:
    """Show the link that goes to the guardian."""

    def work(values: dict[str, Any]) -> str:
        target = local_path(values.pop("next"))
        home = values.pop("area_id") or street_of(target)
        asked = RegisterIn(**values, area_id=home, consent=True)
        token, session[_ASKED] = guardian_links.ask_guardian(asked, at=clock.now())
        session[entrance.JOINED] = {"login": asked.phone, "name": asked.name}
        path = url_for("account.agree_as_guardian", token=token)
        return render_template(
            "account/guardian_link.html",
            link=settings.current().base_url + path,
            guardian=asked.guardian_name,
            target=target,
        )

    return forms.show(AskGuardianForm, work, _ask_page)


@bp.get("/join/guardian/<token>")
@public
def agree_as_guardian(token: str) -> str:
    """Show what the guardian reads and agrees to."""
    return _agree_page(token, {}, {})


@bp.post("/join/guardian/<token>")
@public
@entrances(60)
def agree_now(token: str) -> Response:
    """Register the child."""

    def work(values: dict[str, Any]) -> str:
        kept = session.get(_ASKED)
        asked = guardian_links.agree_as_guardian(
            token, **values, kept_mark=kept, by=_VISITOR, at=clock.now()
        )
        words = _(
            "登记已提交。%(name)s可以用手机号、姓名和刚才设的密码登录；以前登记过的，请用原来的密码。",
            name=asked.name,
        )
        return forms.done(words, url_for("account.sign_in"))

    return forms.submit(GuardianForm, work, partial(_agree_page, token))


def _ask_page(values: dict[str, Any], errors: dict[str, Any]) -> str:
    homes = areas.homes(street_of(values.get("next") or "/"))
    return render_template("account/ask_guardian.html", values=values, errors=errors, homes=homes)


def _agree_page(token: str, values: dict[str, Any], errors: dict[str, Any]) -> str:
    link = guardian_links.read_guardian_link(token, at=clock.now())
    return render_template(
        "account/agree_as_guardian.html",
        token=token,
        child=link.asked,
        ends_at=link.ends_at,
        is_child=session.get(_ASKED) == link.mark,
        values=values,
        errors=errors,
    )
