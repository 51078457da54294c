"""One's own choices: which messages, how, in which language, and when not."""

from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service import settings as service_settings
from volunteer_service.people.messages import message_choices, quiet_hours
from volunteer_service.people.messages.message_topics import TOPICS
from volunteer_service.web.messages.blueprint import bp
from volunteer_service.web.messages.forms import ChoicesForm, EmailForm, field_of
from volunteer_service.web.shared import forms
from volunteer_service.web.shared.guard import actor, signed_in


@bp.get("/my/messages/settings")
@signed_in
def settings() -> str:
    """Show which messages are sent, how and when."""
    return _page({}, {})


@bp.post("/my/messages/settings")
@signed_in
def choose() -> Response:
    """Choose language, topics and quiet hours."""

    def work(values: dict[str, Any]) -> str:
        message_choices.choose(
            language=values["language"],
            on=[name for name in message_choices.choosable() if values[field_of(name)]],
            quiet_from=quiet_hours.minute_of(values["quiet_from"]),
            quiet_to=quiet_hours.minute_of(values["quiet_to"]),
            by=actor(),
            at=clock.now(),
        )
        return forms.done(_("已保存。"), url_for("messages.settings"))

    return forms.submit(ChoicesForm, work, _page, by=actor())


@bp.post("/my/messages/email")
@signed_in
def set_email() -> Response:
    """Set an e-mail address, or remove it."""

    def work(values: dict[str, Any]) -> str:
        row = message_choices.set_email(
            values["email"], values["present"], by=actor(), at=clock.now()
        )
        said = (
            _("已发出确认邮件。请打开里面的链接，之后才会往这个邮箱发消息。")
            if row.email and not row.email_confirmed_at
            else _("已保存。")
        )
        return forms.done(said, url_for("messages.settings"))

    return forms.submit(EmailForm, work, _page, by=actor())


@bp.post("/my/messages/leave")
@signed_in
def leave_all() -> Response:
    """Stop all e-mail to oneself."""

    def work() -> str:
        message_choices.leave(by=actor(), at=clock.now())
        return forms.done(_("不再给您发邮件。"), url_for("messages.settings"))

    return forms.act(work, by=actor())


@bp.post("/my/messages/come-back")
@signed_in
def come_back() -> Response:
    """Resume e-mail to oneself."""

    def work() -> str:
        message_choices.come_back(by=actor(), at=clock.now())
        return forms.done(_("以后会再发邮件给您。"), url_for("messages.settings"))

    return forms.act(work, by=actor())


def _page(_values: dict[str, Any], errors: dict[str, Any]) -> str:
    chosen = message_choices.choices_of(actor())
    quiet = quiet_hours.of_reader(chosen)
    doors = service_settings.current().doors
    return render_template(
        "messages/settings.html",
        chosen=chosen,
        quiet=[quiet_hours.time_of(minute).strftime("%H:%M") for minute in quiet],
        topics=TOPICS,
        doors=[door for door in message_choices.DOORS if door in doors.names],
        field_of=field_of,
        errors=errors,
    )
