"""The first page: what this person came for comes first."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from volunteer_service import clock, settings
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.scoring.ratings import public_notices
from volunteer_service.web.figures.behind import count_url
from volunteer_service.web.home import admin_facts, facts, office_facts
from volunteer_service.web.shared import figure_words
from volunteer_service.web.shared.guard import maybe_actor, public
from volunteer_service.workbooks.new_streets import first_steps

bp = Blueprint("home", __name__)

#: The roles that see what a new street still has to do.
_MOVES_IN = ("coordinator", "admin")
_WORDS = {
    "job_says": admin_facts.JOBS,
    "outcome_says": admin_facts.OUTCOMES,
    **figure_words.WORDS,
    "count_url": count_url,
}


@bp.get("/")
@public
def index() -> str | Response:
    """Show a stranger's welcome, the desk at once, or the parts of each role that one holds."""
    by, at = maybe_actor(), clock.now()
    if by is None:
        coming = facts.open_to_all(at=at)
        return render_template(
            "home/stranger.html",
            coming=coming,
            notices=public_notices.running(at=at),
            has_public_figures=bool(settings.current().public_figures),
        )
    if {held.role for held in by.grants} == {"desk"} and by.volunteer_id is None:
        return redirect(url_for("desk.index"))
    return render_template("home/index.html", by=by, now=at, **_parts(by), **_WORDS)


def _parts(by: Actor) -> dict[str, Any]:
    at = clock.now()
    return {
        "leading": facts.leading(by, at=at) if by.has_role("leader") else None,
        "office": office_facts.office(by, at=at) if by.has_role("coordinator") else None,
        "audited": facts.audited(by) if by.has_role("auditor") else None,
        "service": admin_facts.service_facts(by=by, at=at) if by.has_role("admin") else None,
        "first": first_steps.unfinished(by=by) if by.has_role(*_MOVES_IN) else [],
        "mine": facts.mine(by.volunteer_id, at=at) if by.volunteer_id is not None else None,
    }
