"""The page of messages to oneself, newest first, with unread ones marked."""

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from marshmallow import Schema
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service.fields import Whole
from volunteer_service.people.messages import messages as told
from volunteer_service.web.account.blueprint import bp
from volunteer_service.web.shared import forms, message_words
from volunteer_service.web.shared.guard import actor, signed_in


class ReadForm(Schema):
    """The newest message that the page showed."""

    up_to = Whole(required=True)


@bp.get("/my/messages")
@signed_in
def messages() -> str:
    """Show one's own messages."""
    return _page()


@bp.post("/my/messages/read")
@signed_in
def messages_read() -> Response:
    """Mark what the page showed as read."""

    def work(values: dict[str, Any]) -> str:
        told.mark_read(values["up_to"], by=actor(), at=clock.now())
        return forms.done(_("已标为读过。"), url_for("account.messages"))

    return forms.submit(ReadForm, work, lambda _raw, _errors: _page())


def _page() -> str:
    by, cursor = actor(), request.args.get("cursor")
    found = told.messages_of(by, cursor=cursor, limit=30)
    return render_template(
        "account/messages.html",
        found=found,
        unread=told.unread(by),
        words=message_words,
        may_see_outbox=by.has_role("admin"),
        may_write=by.has_role("leader", "coordinator", "admin"),
    )
