"""Pages that merge a team into another one: choose it, see the effect, give the reason, undo."""

from datetime import timedelta
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from volunteer_service import clock, policies
from volunteer_service import db as database
from volunteer_service.areas import lookup as areas
from volunteer_service.errors import Refused
from volunteer_service.fields import LARGEST, Reason
from volunteer_service.merging.teams import steps
from volunteer_service.people.authorization.rights import Right, need
from volunteer_service.teams import team_lists
from volunteer_service.teams.models import Team
from volunteer_service.web.merging.forms import UndoReasonForm
from volunteer_service.web.merging.views import bp
from volunteer_service.web.shared import forms
from volunteer_service.web.shared.guard import actor, staff
from volunteer_service.wording import refusal

#: Most teams shown to choose from; if there are more, the reader types a part of the name.
_LIKELY = 20


class TeamMergeForm(Schema):
    """The team that the merged one goes on in, and the reason."""

    into_id = fields.Integer(required=True, validate=validate.Range(1, LARGEST))
    merge_reason = Reason(200, required=True)


@bp.get("/teams/<int:team_id>/merge")
@staff("coordinator")
def choose_team(team_id: int) -> str:
    """Find the other team; with ``into_id`` show what a merging would do."""
    return _chosen(team_id, request.args.get("into_id", type=int), {})


@bp.post("/teams/<int:team_id>/merge")
@staff("coordinator")
def merge_team(team_id: int) -> Response:
    """Merge the team into the chosen one."""

    def work(values: dict[str, Any]) -> str:
        row = steps.merge_teams(
            values["into_id"], team_id, reason=values["merge_reason"], by=actor(), at=clock.now()
        )
        words = _("已合并，队员都收到了消息。")
        return forms.done(words, url_for("merging.show_teams", team_merging_id=row.id))

    def again(values: dict[str, Any], errors: dict[str, Any]) -> str:
        into = values.get("into_id", "")
        return _chosen(team_id, int(into) if into.isdecimal() else None, errors)

    return forms.submit(TeamMergeForm, work, again, by=actor())


@bp.get("/team-mergings/<int:team_merging_id>")
@staff("coordinator")
def show_teams(team_merging_id: int) -> str:
    """Show one merging: what it moved, and until when it can be undone."""
    return _shown(team_merging_id, {}, {})


@bp.post("/team-mergings/<int:team_merging_id>/undo")
@staff("coordinator")
def undo_teams(team_merging_id: int) -> Response:
    """Open the merged team again."""

    def work(values: dict[str, Any]) -> str:
        row = steps.undo_team_merging(team_merging_id, **values, by=actor(), at=clock.now())
        words = _("合并已撤销，队员都收到了消息。")
        return forms.done(words, url_for("merging.show_teams", team_merging_id=row.id))

    def again(values: dict[str, Any], errors: dict[str, Any]) -> str:
        return _shown(team_merging_id, values, errors)

    return forms.submit(UndoReasonForm, work, again, by=actor())


def _chosen(team_id: int, into_id: int | None, errors: dict[str, Any]) -> str:
    team = database.fetch(Team, team_id)
    need(actor(), Right.TEAM_EDIT, area_path=team.area.path, team_id=team_id)
    q = request.args.get("q", "")[:60]
    street = areas.street_id(team.area.path)
    likely = team_lists.search(q=q, area_id=street, limit=_LIKELY).items
    found, in_the_way = _previewed(team_id, into_id)
    return render_template(
        "merging/teams.html",
        team=team,
        q=q,
        likely=[row for row in likely if row.id != team_id],
        found=found,
        in_the_way=in_the_way,
        errors=errors,
        refusal=refusal,
        days=policies.active().merge_undo_days,
    )


def _previewed(team_id: int, into_id: int | None) -> tuple[steps.Preview | None, str]:
    """Return what a merging would do, or why these two cannot be merged."""
    if into_id is None:
        return None, ""
    try:
        return steps.preview_teams(into_id, team_id, by=actor(), at=clock.now()), ""
    except Refused as refused:
        if refused.status not in (400, 409, 422):
            raise
        return None, refusal(refused)


def _shown(team_merging_id: int, values: dict[str, Any], errors: dict[str, Any]) -> str:
    row, at = steps.team_merging(team_merging_id, by=actor()), clock.now()
    why_not = steps.why_not_undone(row, at=at)
    return render_template(
        "merging/merged_teams.html",
        row=row,
        until=row.done_at + timedelta(days=policies.active().merge_undo_days),
        why_not=refusal(why_not) if why_not else "",
        values=values,
        errors=errors,
    )
