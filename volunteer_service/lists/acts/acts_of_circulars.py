"""The act «send a circular» on people, memberships and sign-ups: one text, one circular."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from volunteer_service.circulars import writing
from volunteer_service.db import fetch
from volunteer_service.events import planning
from volunteer_service.events.models import SignUp
from volunteer_service.lists.acts.declaration import Act, Asked, Work
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right, need
from volunteer_service.people.authorization.rights_over_people import need_to_act_on
from volunteer_service.people.models import Volunteer
from volunteer_service.teams.models import Membership

Values = Mapping[str, Any]


def to_person(id_: int, values: Values, by: Actor, at: datetime) -> int:
    """Send it to somebody whom the actor has in care."""
    need_to_act_on(by, Right.VOLUNTEER_EDIT, fetch(Volunteer, id_))
    return writing.add(values["circular_id"], id_, by=by, at=at)


def to_member(id_: int, values: Values, by: Actor, at: datetime) -> int:
    """Send it to a member of a team that the actor keeps."""
    row = fetch(Membership, id_)
    need(by, Right.ROSTER_EDIT, area_path=row.team.area.path, team_id=row.team_id)
    return writing.add(values["circular_id"], row.volunteer_id, by=by, at=at)


def to_sign_up(id_: int, values: Values, by: Actor, at: datetime) -> int:
    """Send it to somebody of an event that the actor leads."""
    row = fetch(SignUp, id_)
    planning.led(row.event_id, by=by)
    return writing.add(values["circular_id"], row.volunteer_id, by=by, at=at)


def act(work: Work) -> Act:
    """Return the act for a list whose rows ``work`` knows."""
    return Act(
        name="message",
        label=_l("发通知"),
        roles=("leader", "coordinator"),
        work=work,
        asks=(
            Asked(
                name="text",
                label=_l("内容"),
                kind="words",
                hint=_l("最多 600 个字。不要写身份证号、电话和别人的私事。"),
            ),
        ),
        settled=_written,
        need_room=writing.need_left_today,
    )


def _written(values: Values, by: Actor) -> dict[str, Any]:
    return {"circular_id": writing.chosen(values["text"], by=by).id}
