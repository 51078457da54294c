"""The robot of a team's group chat."""

from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import Schema
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service import db as database
from volunteer_service.fields import Text
from volunteer_service.teams import team_robots
from volunteer_service.teams.models import Team
from volunteer_service.web.shared import forms
from volunteer_service.web.shared.guard import actor, staff
from volunteer_service.web.teams.views import bp

KINDS = {"wecom": _l("企业微信"), "dingtalk": _l("钉钉"), "feishu": _l("飞书")}


class RobotForm(Schema):
    """The address that the group chat shows."""

    address = Text(team_robots.LONGEST_ADDRESS, required=True)


@bp.get("/teams/<int:team_id>/robot")
@staff("leader", "coordinator")
def robot(team_id: int) -> str:
    """Show which robot the team has, and the form for another one."""
    return _robot(team_id, {}, {})


@bp.post("/teams/<int:team_id>/robot")
@staff("leader", "coordinator")
def set_robot(team_id: int) -> Response:
    """Give the team a robot."""

    def work(values: dict[str, Any]) -> str:
        team_robots.set_robot(team_id, values["address"], by=actor(), at=clock.now())
        said = _("已保存，群里很快会收到一条问候。没有收到，请核对地址。")
        return forms.done(said, url_for("teams.robot", team_id=team_id))

    # The address is a secret: it is not shown again, also not beside an error.
    return forms.submit(RobotForm, work, lambda _raw, bad: _robot(team_id, {}, bad), by=actor())


@bp.post("/teams/<int:team_id>/robot/remove")
@staff("leader", "coordinator")
def remove_robot(team_id: int) -> Response:
    """Remove the robot."""

    def work() -> str:
        team_robots.remove_robot(team_id, by=actor(), at=clock.now())
        return forms.done(_("已取下，不再往群里发。"), url_for("teams.robot", team_id=team_id))

    return forms.act(work, by=actor())


def _robot(team_id: int, values: dict[str, Any], errors: dict[str, Any]) -> str:
    row = team_robots.robot_of(team_id, by=actor())
    return render_template(
        "teams/robot.html",
        team=database.fetch(Team, team_id),
        row=row,
        kinds=KINDS,
        longest=team_robots.LONGEST_ADDRESS,
        values=values,
        errors=errors,
    )
