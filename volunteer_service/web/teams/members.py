"""Who is in a team: people put in by list, moved, their place ended, leaders and deputies."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service import db as database
from volunteer_service.errors import refusal_of
from volunteer_service.people.authorization.rights import Right, may, need
from volunteer_service.people.models import Volunteer
from volunteer_service.teams import (
    findable,
    leading,
    pasted_names,
    placing,
    role_grants,
    team_lists,
)
from volunteer_service.teams.models import Membership, Team
from volunteer_service.teams.pasted_names import Line
from volunteer_service.web.shared import forms, picked_names
from volunteer_service.web.shared.guard import actor, staff
from volunteer_service.web.teams.forms import EndForm, LeadForm, MoveForm, PlaceForm
from volunteer_service.web.teams.story import story
from volunteer_service.web.teams.views import bp
from volunteer_service.wording import refusal


@bp.get("/teams/<int:team_id>/add")
@staff("leader", "coordinator")
def add(team_id: int) -> str:
    """Show the form for a list of names, or one."""
    team = _kept(team_id)
    picked_names.count_looked_for(request.args, team, is_joining=True)
    return _add(team, request.args.to_dict(), {})


@bp.post("/teams/<int:team_id>/add")
@staff("leader", "coordinator")
def place(team_id: int) -> Response:
    """Add all of them, or show the list again with what is unclear."""
    team = _kept(team_id)
    picked_names.count_looked_for(request.form, team, is_joining=True)

    def work(values: dict[str, Any]) -> str:
        lines = _judged(values["names"], team)
        picked = {**_out_of_reach(lines, team), **picked_names.picks()}
        people = [*pasted_names.chosen(lines, picked), *picked_names.ticked()]
        rows = placing.place(team_id, people, since=values["since"], by=actor(), at=clock.now())
        return forms.done(_("已加入 %(n)s 人，已告诉本人。", n=len(rows)), _roster(team_id))

    return forms.submit(PlaceForm, work, lambda raw, bad: _add(team, raw, bad), by=actor())


@bp.get("/memberships/<int:membership_id>")
@staff("leader", "coordinator")
def member(membership_id: int) -> str:
    """Show one member's place: move, end, lead; and what was done about it."""
    return _member(team_lists.member(membership_id, by=actor()), {}, {})


@bp.post("/memberships/<int:membership_id>/move")
@staff("leader", "coordinator")
def move(membership_id: int) -> Response:
    """Move a member to another team from a day on."""
    row = team_lists.member(membership_id, by=actor())

    def work(values: dict[str, Any]) -> str:
        to, since = values["to_team_id"], values["move_since"]
        new = placing.move(membership_id, to, since=since, by=actor(), at=clock.now())
        return forms.done(_("已转到“%(team)s”，已告诉本人。", team=new.team.name), _roster(to))

    return forms.submit(MoveForm, work, lambda raw, bad: _member(row, raw, bad), by=actor())


@bp.post("/memberships/<int:membership_id>/end")
@staff("leader", "coordinator")
def end(membership_id: int) -> Response:
    """End a member's place from a day on."""
    row = team_lists.member(membership_id, by=actor())

    def work(values: dict[str, Any]) -> str:
        placing.end_place(membership_id, since=values["since"], by=actor(), at=clock.now())
        return forms.done(_("已移出，时长和积分都保留。"), _roster(row.team_id))

    return forms.submit(EndForm, work, lambda raw, bad: _member(row, raw, bad), by=actor())


@bp.post("/memberships/<int:membership_id>/lead")
@staff("coordinator")
def lead(membership_id: int) -> Response:
    """Make a member leader or deputy."""
    row = team_lists.member(membership_id, by=actor())

    def work(values: dict[str, Any]) -> str:
        leading.name_lead(membership_id, values["lead"], by=actor(), at=clock.now())
        return forms.done(_("已定下，已告诉本人。"), url_for("teams.show", team_id=row.team_id))

    return forms.submit(LeadForm, work, lambda raw, bad: _member(row, raw, bad), by=actor())


@bp.post("/teams/<int:team_id>/leads/<int:grant_id>/revoke")
@staff("coordinator")
def end_lead(team_id: int, grant_id: int) -> Response:
    """Take the role of a leader or deputy back."""

    def work() -> str:
        role_grants.revoke_grant(grant_id, by=actor(), at=clock.now())
        return forms.done(_("角色已收回。"), url_for("teams.show", team_id=team_id))

    return forms.act(work, by=actor())


def _add(team: Team, values: dict[str, Any], errors: dict[str, Any]) -> str:
    lines = _judged(str(values.get("names", "")), team)
    return render_template(
        "teams/add.html",
        team=team,
        lines=lines,
        refused=_refused(lines, team),
        picks=picked_names.picks(),
        near=_near(team),
        ticked=picked_names.ticked(),
        values=values,
        errors=errors,
    )


def _judged(text: str, team: Team) -> list[Line]:
    return pasted_names.judged(text, team, is_joining=True, by=actor(), at=clock.now())


def _member(row: Membership, values: dict[str, Any], errors: dict[str, Any]) -> str:
    others = [(team.id, team.name) for team in team_lists.kept_by(actor())]
    return render_template(
        "teams/member.html",
        row=row,
        person=row.volunteer,
        teams=[each for each in others if each[0] != row.team_id],
        may_name=_may_name(row.team),
        is_own=row.volunteer_id == actor().volunteer_id,
        story=story(row, by=actor()),
        values=values,
        errors=errors,
    )


def _refused(lines: Sequence[Line], team: Team) -> dict[str, str]:
    """Return why the only person of a line cannot be put into the team, by what was typed."""
    found = {}
    for line in lines:
        person = line.only
        if person is not None and (why := _why_not(person, team)):
            found[line.typed] = why
    return found


def _why_not(person: Volunteer, team: Team) -> str:
    why = refusal_of(lambda: placing.need_placeable(person, team, by=actor(), at=clock.now()))
    return refusal(why) if why else ""


def _out_of_reach(lines: Sequence[Line], team: Team) -> dict[str, int | None]:
    """Lines that are left out unless somebody says otherwise: their person cannot be taken."""
    return dict.fromkeys(_refused(lines, team))


def _near(team: Team) -> Sequence[Volunteer]:
    """Return people to tick: those in the team's area without a team, for staff who care for
    them.
    """
    return findable.near(team, by=actor())


def _kept(team_id: int) -> Team:
    team = database.fetch(Team, team_id)
    need(actor(), Right.ROSTER_EDIT, area_path=team.area.path, team_id=team_id)
    return team


def _may_name(team: Team) -> bool:
    return may(actor(), Right.GRANT_EDIT, area_path=team.area.path, team_id=team.id)


def _roster(team_id: int) -> str:
    return url_for("teams.show", team_id=team_id, _anchor="roster")
