"""Teams: find one, ask to join; for leaders the roster, for coordinators creating and editing."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service import db as database
from volunteer_service.merging.teams import steps as team_mergings
from volunteer_service.people.authorization.rights import Right, may, need
from volunteer_service.teams import founding, leading, team_lists
from volunteer_service.teams import membership as teams_membership
from volunteer_service.teams.models import Team
from volunteer_service.web.shared import forms, list_pages
from volunteer_service.web.shared.area_choices import area_choices
from volunteer_service.web.shared.guard import actor, signed_in, staff
from volunteer_service.web.teams.forms import TeamEditForm, TeamForm

bp = Blueprint("teams", __name__)


@bp.get("/teams")
@signed_in
def index() -> str:
    """Find a team; leaders find their own on top."""
    return render_template(
        "teams/index.html",
        shown=list_pages.shown("teams", by=actor()),
        led=team_lists.led_by(actor()),
        may_found=actor().has_role("coordinator", "admin"),
    )


@bp.get("/teams/<int:team_id>")
@signed_in
def show(team_id: int) -> str:
    """Show one team; its roster for whoever may see it, joining for everybody else."""
    by = actor()
    mine = team_lists.memberships_of(by.volunteer_id) if by.volunteer_id else []
    return render_template(
        "teams/show.html",
        team=team_lists.standing(team_id),
        own=next((m for m in mine if m.team_id == team_id), None),
        mergings=team_mergings.of_team(team_id, by=by),
        args=request.args,
        **_staffed(team_id),
    )


@bp.get("/teams/new")
@staff("coordinator")
def new() -> str:
    """Show the form for a new team."""
    return _form({}, {})


@bp.post("/teams/new")
@staff("coordinator")
def create() -> Response:
    """Create a team."""

    def work(values: dict[str, Any]) -> str:
        team = founding.create(founding.TeamPlan(**values), by=actor(), at=clock.now())
        return forms.done(_("队伍已建立。"), url_for("teams.show", team_id=team.id))

    return forms.submit(TeamForm, work, _form, by=actor())


@bp.get("/teams/<int:team_id>/edit")
@staff("coordinator")
def edit(team_id: int) -> str:
    """Show the form as the team stands; it carries the version that was read."""
    team = database.fetch(Team, team_id)
    need(actor(), Right.TEAM_EDIT, area_path=team.area.path, team_id=team_id)
    return _form(_stands(team_id), {}, team_id=team_id)


@bp.post("/teams/<int:team_id>/edit")
@staff("coordinator")
def save(team_id: int) -> Response:
    """Change the team, unless somebody else did since."""

    def work(values: dict[str, Any]) -> str:
        version, state = values.pop("version"), values.pop("state")
        plan = founding.TeamPlan(**values)
        founding.edit(team_id, plan, state=state, version=version, by=actor(), at=clock.now())
        return forms.done(_("已保存。"), url_for("teams.show", team_id=team_id))

    def again(values: dict[str, Any], errors: dict[str, Any]) -> str:
        return _form(values, errors, team_id=team_id)

    return forms.submit(TeamEditForm, work, again, by=actor(), stands=lambda: _stands(team_id))


def _stands(team_id: int) -> dict[str, Any]:
    return dict(vars(team_lists.standing(team_id)))


@bp.post("/teams/<int:team_id>/join")
@signed_in
def join(team_id: int) -> Response:
    """Ask to join."""

    def work() -> str:
        teams_membership.join(team_id, by=actor(), at=clock.now())
        return forms.done(_("已申请，等队长同意。"), url_for("teams.show", team_id=team_id))

    return forms.act(work, by=actor())


@bp.post("/teams/<int:team_id>/leave")
@signed_in
def leave(team_id: int) -> Response:
    """Leave the team, or take back the request."""

    def work() -> str:
        teams_membership.leave(team_id, by=actor(), at=clock.now())
        return forms.done(_("已退出队伍，时长和积分都保留。"), url_for("account.me") + "#teams")

    return forms.act(work, by=actor())


@bp.post("/memberships/<int:membership_id>/<any(accept,refuse):answer>")
@signed_in
def decide(membership_id: int, answer: str) -> Response:
    """Take in somebody who asked, or not; or end a member's place."""

    def work() -> str:
        verb = teams_membership.accept if answer == "accept" else teams_membership.refuse
        membership = verb(membership_id, by=actor(), at=clock.now())
        return forms.done(_("已保存。"), url_for("teams.show", team_id=membership.team_id))

    return forms.act(work, by=actor())


def _staffed(team_id: int) -> dict[str, Any]:
    """Return what its leader and the coordinator see of a team and may do there; nothing for
    others.
    """
    by, team = actor(), database.fetch(Team, team_id)

    def here(right: Right) -> bool:
        return may(by, right, area_path=team.area.path, team_id=team_id)

    def those(state: str) -> Any:
        sees = here(Right.ROSTER_SEE)
        return team_lists.roster(team_id, by=by, state=state, limit=50) if sees else None

    return {
        "asked": those("asked"),
        "coming": those("coming"),
        "roster": _roster(team_id) if here(Right.ROSTER_SEE) else None,
        "leads": leading.leads_of(team_id, by=by) if here(Right.GRANT_EDIT) else [],
        "may_keep": here(Right.ROSTER_EDIT),
        "may_edit": here(Right.TEAM_EDIT),
    }


def _roster(team_id: int) -> Any:
    asked = request.args
    q, cursor = asked.get("q", "")[:400], asked.get("cursor")
    return team_lists.roster(team_id, by=actor(), q=q, sort="name", cursor=cursor, limit=50)


def _form(values: dict[str, Any], errors: dict[str, Any], *, team_id: int | None = None) -> str:
    return render_template(
        "teams/form.html",
        values=values,
        errors=errors,
        team_id=team_id,
        places=area_choices(Right.TEAM_EDIT),
    )
