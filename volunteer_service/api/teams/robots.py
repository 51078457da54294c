"""The robot of a team's group chat over the API; its address is never read back."""

from typing import Any

from marshmallow import Schema, fields, validate

from volunteer_service import clock
from volunteer_service.api.shared.auth import actor, guarded
from volunteer_service.api.shared.shapes import In, Instant, Text
from volunteer_service.api.teams.views import bp
from volunteer_service.errors import NotFound
from volunteer_service.outbox.doors.robots import SCHEMES
from volunteer_service.teams import team_robots
from volunteer_service.teams.models import TeamRobot


class TeamRobotIn(In):
    """The address that the group chat shows."""

    address = Text(team_robots.LONGEST_ADDRESS, required=True)


class TeamRobotOut(Schema):
    """Which robot it is: kind, and the last four characters of its address."""

    kind = fields.String(required=True, validate=validate.OneOf(tuple(SCHEMES)))
    tail = fields.String(required=True)
    set_at = Instant(required=True)
    failing_since = Instant(allow_none=True)
    paused_at = Instant(
        allow_none=True, metadata={"description": "Until its address is saved again."}
    )


@bp.get("/teams/<int:team_id>/robot")
@guarded("read")
@bp.response(200, TeamRobotOut)
def get_robot(team_id: int) -> TeamRobot:
    """Return the robot of a team; 404 where there is none."""
    row = team_robots.robot_of(team_id, by=actor())
    if row is None:
        raise NotFound()
    return row


@bp.put("/teams/<int:team_id>/robot")
@guarded("write")
@bp.arguments(TeamRobotIn)
@bp.response(200, TeamRobotOut)
def set_robot(body: dict[str, Any], team_id: int) -> TeamRobot:
    """Give the team a robot in place of the one before; it greets its group."""
    return team_robots.set_robot(team_id, **body, by=actor(), at=clock.now())


@bp.delete("/teams/<int:team_id>/robot")
@guarded("write")
@bp.response(204)
def remove_robot(team_id: int) -> None:
    """Remove the team's robot."""
    team_robots.remove_robot(team_id, by=actor(), at=clock.now())
