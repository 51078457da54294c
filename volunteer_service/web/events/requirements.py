"""What a post asks of people, on a page of its own."""

from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service.db import fetch
from volunteer_service.events import planning, post_requirements
from volunteer_service.events.models import Post
from volunteer_service.web.events.forms import RequirementsForm
from volunteer_service.web.events.views import bp
from volunteer_service.web.shared import forms, words
from volunteer_service.web.shared.frame import lang
from volunteer_service.web.shared.guard import actor, staff


@bp.get("/posts/<int:post_id>/requirements")
@staff("leader", "coordinator")
def requirements(post_id: int) -> str:
    """Show the form with what the post asks."""
    return _page(post_id, {}, {})


@bp.post("/posts/<int:post_id>/requirements")
@staff("leader", "coordinator")
def require(post_id: int) -> Response:
    """Set what the post asks."""

    def work(values: dict[str, Any]) -> str:
        wanted = post_requirements.Requirements(**values)
        post = post_requirements.require(post_id, wanted, by=actor(), at=clock.now())
        told = _("已保存。已报名的人不受影响，之后报名的按新要求。")
        return forms.done(told, url_for("events.manage", event_id=post.event_id))

    return forms.submit(RequirementsForm, work, lambda *sent: _page(post_id, *sent), by=actor())


def _page(post_id: int, values: dict[str, Any], errors: dict[str, Any]) -> str:
    post = fetch(Post, post_id)
    event = planning.led(post.event_id, by=actor())
    kept = {name: getattr(post, name) or "" for name in RequirementsForm().fields}
    return render_template(
        "events/requirements.html",
        post=post,
        event=event,
        stars=[(n, words.stars(n, lang())) for n in range(1, post_requirements.MOST_STARS + 1)],
        values=kept | values,
        errors=errors,
    )
