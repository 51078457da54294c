"""Figures of who is in a team: who has not come for long."""

from datetime import timedelta

from sqlalchemy import ColumnElement, FromClause, exists, join

from volunteer_service import settings
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.errors import Phrase
from volunteer_service.figures.figure import Asked, Figure, Source
from volunteer_service.people.models import Volunteer
from volunteer_service.teams.models import Membership, Team

#: A member who was in a team for so many days and served on none of them has not come for long.
ABSENT_DAYS = 90


def _members() -> FromClause:
    placed = join(Membership, Team, Team.id == Membership.team_id)
    return join(placed, Volunteer, Volunteer.id == Membership.volunteer_id)


def _absent(asked: Asked) -> list[ColumnElement[bool]]:
    since = asked.today - timedelta(days=ABSENT_DAYS)
    came = exists().where(
        ServiceRecord.team_id == Membership.team_id,
        ServiceRecord.volunteer_id == Membership.volunteer_id,
        ServiceRecord.state.in_(("confirmed", "waiting")),
        ServiceRecord.served_on > since,
    )
    return [
        Membership.state == "active",
        Volunteer.state == "active",
        Team.state == "active",
        Membership.joined_at < settings.day_ends(since),
        ~came,
    ]


ABSENT = Source(
    _members,
    _absent,
    area_id=Team.area_id,
    team_id=Team.id,
    counted="now",
    listed=("memberships", Membership.id),
)

FIGURES = (
    Figure(
        "members_absent",
        Phrase("90 天没有来的队员"),
        Phrase(
            "现在在队满 90 天、最近 90 天在本队没有服务记录的队员；待确认的也算来过，两队各算一次。"
        ),
        "persons",
        ABSENT,
    ),
)
