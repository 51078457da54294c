"""Teams and rosters over the API."""

from typing import Any

from flask import Response, jsonify

from volunteer_service import clock
from volunteer_service import db as database
from volunteer_service.api.people.shapes import GrantOut
from volunteer_service.api.shared import etags
from volunteer_service.api.shared.auth import actor, guarded
from volunteer_service.api.shared.blueprint import Blueprint
from volunteer_service.api.shared.shapes import page_of
from volunteer_service.api.teams.shapes import (
    CandidateQuery,
    CandidatesOut,
    EndPlaceIn,
    LeadIn,
    MemberOut,
    MembershipOut,
    MoveMemberIn,
    RosterQuery,
    TeamEditIn,
    TeamIn,
    TeamOut,
    TeamPlaceIn,
    TeamPlacesOut,
    TeamQuery,
    TeamRowOut,
)
from volunteer_service.paging import Page
from volunteer_service.people.models import Grant
from volunteer_service.rate_limits import finds
from volunteer_service.teams import (
    findable,
    founding,
    leading,
    membership,
    placing,
    team_lists,
)
from volunteer_service.teams.models import Membership, Team

bp = Blueprint("api_teams", __name__, url_prefix="", description="Teams and rosters")


@bp.get("/teams")
@guarded("read")
@bp.arguments(TeamQuery, location="query")
@bp.response(200, page_of(TeamRowOut))
def list_teams(query: dict[str, Any]) -> Page[Team]:
    """List teams by name, area subtree, brand, project and state."""
    return team_lists.search(**query)


@bp.post("/teams")
@guarded("write")
@bp.arguments(TeamIn)
@bp.response(201, TeamOut)
def create_team(body: dict[str, Any]) -> Response:
    """Create a team in an area."""
    team = founding.create(founding.TeamPlan(**body), by=actor(), at=clock.now())
    return _tagged(team.id, 201)


@bp.get("/teams/<int:team_id>")
@guarded("read")
@bp.response(200, TeamOut)
def get_team(team_id: int) -> Response:
    """Return one team, with its ETag."""
    return _tagged(team_id)


@bp.put("/teams/<int:team_id>")
@guarded("write")
@bp.arguments(TeamEditIn)
@bp.response(200, TeamOut)
def edit_team(body: dict[str, Any], team_id: int) -> Response:
    """Change a team; ``If-Match`` says which version was read."""
    state = body.pop("state")
    version = etags.expected_version()
    plan = founding.TeamPlan(**body)
    founding.edit(team_id, plan, state=state, version=version, by=actor(), at=clock.now())
    return _tagged(team_id)


@bp.get("/teams/<int:team_id>/roster")
@guarded("read")
@bp.arguments(RosterQuery, location="query")
@bp.response(200, page_of(MemberOut))
def get_roster(query: dict[str, Any], team_id: int) -> Page[Membership]:
    """List the members, with phones masked; 404 for a caller who may not see this roster."""
    return team_lists.roster(team_id, by=actor(), **query)


@bp.get("/teams/<int:team_id>/candidates")
@guarded("read")
@bp.arguments(CandidateQuery, location="query")
@bp.response(200, CandidatesOut)
def find_candidates(query: dict[str, Any], team_id: int) -> dict[str, Any]:
    """Find people whom the team may take in: a leader finds non-members by whole names or
    numbers.
    """
    return _candidates(query["q"], database.fetch(Team, team_id))


@finds(lambda: f"account:{actor().account_id}")
def _candidates(typed: str, team: Team) -> dict[str, Any]:
    items = findable.found(typed, team, by=actor())
    findable.keep_looks(items, team, by=actor(), at=clock.now())
    return {"items": items, "count": findable.count(typed, team, by=actor())}


@bp.post("/teams/<int:team_id>/members")
@guarded("write")
@bp.arguments(TeamPlaceIn)
@bp.response(201, TeamPlacesOut)
def place_members(body: dict[str, Any], team_id: int) -> dict[str, list[Membership]]:
    """Put people into a team from a day on, all of them or none; they are told."""
    return {"items": placing.place(team_id, **body, by=actor(), at=clock.now())}


@bp.post("/memberships/<int:membership_id>/move")
@guarded("write")
@bp.arguments(MoveMemberIn)
@bp.response(201, MembershipOut)
def move_member(body: dict[str, Any], membership_id: int) -> Membership:
    """Move a member to another team from a day on; the former place is kept, and ends."""
    return placing.move(membership_id, **body, by=actor(), at=clock.now())


@bp.post("/memberships/<int:membership_id>/end")
@guarded("write")
@bp.arguments(EndPlaceIn)
@bp.response(200, MembershipOut)
def end_place(body: dict[str, Any], membership_id: int) -> Membership:
    """End a member's place from a day on; hours and records stay."""
    return placing.end_place(membership_id, **body, by=actor(), at=clock.now())


@bp.post("/memberships/<int:membership_id>/lead")
@guarded("write")
@bp.arguments(LeadIn)
@bp.response(201, GrantOut)
def name_lead(body: dict[str, str], membership_id: int) -> Grant:
    """Make a member leader or deputy of the team; taken back as every grant is."""
    return leading.name_lead(membership_id, body["lead"], by=actor(), at=clock.now())


@bp.post("/teams/<int:team_id>/join")
@guarded("write")
@bp.response(201, MembershipOut)
def join_team(team_id: int) -> Membership:
    """Ask to join; the leader accepts."""
    return membership.join(team_id, by=actor(), at=clock.now())


@bp.post("/teams/<int:team_id>/leave")
@guarded("write")
@bp.response(200, MembershipOut)
def leave_team(team_id: int) -> Membership:
    """Leave the team, or take back the request to join."""
    return membership.leave(team_id, by=actor(), at=clock.now())


@bp.post("/memberships/<int:membership_id>/accept")
@guarded("write")
@bp.response(200, MembershipOut)
def accept_member(membership_id: int) -> Membership:
    """Take in somebody who asked."""
    return membership.accept(membership_id, by=actor(), at=clock.now())


@bp.post("/memberships/<int:membership_id>/refuse")
@guarded("write")
@bp.response(200, MembershipOut)
def refuse_member(membership_id: int) -> Membership:
    """Turn down somebody who asked, or end a member's place."""
    return membership.refuse(membership_id, by=actor(), at=clock.now())


def _tagged(team_id: int, status: int = 200) -> Response:
    standing = team_lists.standing(team_id)
    answer = jsonify(TeamOut().dump(standing))
    answer.status_code = status
    return etags.tag(answer, standing.version)
