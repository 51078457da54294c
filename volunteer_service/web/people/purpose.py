"""An auditor gives a reason before opening anything about a person; it is logged with every
look.
"""

from typing import Any

from flask import render_template, request, session
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service.people.personal_data import audit_looks
from volunteer_service.web.people.blueprint import bp
from volunteer_service.web.people.forms import PurposeForm
from volunteer_service.web.shared import forms
from volunteer_service.web.shared.frame import local_path
from volunteer_service.web.shared.guard import PURPOSE, actor, staff


@bp.get("/audit/purpose")
@staff("auditor")
def purpose() -> str:
    """Show the form; ``next`` is what the auditor was opening."""
    return _page({"next": request.args.get("next", "/")}, {})


@bp.post("/audit/purpose")
@staff("auditor")
def say_purpose() -> Response:
    """Keep the reason until this sign-in ends, and continue."""

    def work(values: dict[str, Any]) -> str:
        session[PURPOSE] = audit_looks.purpose(values["why"])
        return forms.done(_("核查事由已记下。"), local_path(values["next"]))

    return forms.submit(PurposeForm, work, _page)


def _page(values: dict[str, Any], errors: dict[str, Any]) -> str:
    return render_template("people/purpose.html", values=values, errors=errors, now=actor().purpose)
