"""What waits for each member of staff: a message once each morning, and counts to the staff's
groups.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select, true

from volunteer_service import settings
from volunteer_service.areas import lookup as areas
from volunteer_service.attendance.models import Dispute, ServiceRecord
from volunteer_service.db import db
from volunteer_service.outbox import queueing
from volunteer_service.people.authentication import sessions
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right, places
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Account, Grant
from volunteer_service.teams.models import Membership, Team, TeamRobot

ROLES = ("leader", "coordinator")


@dataclass(frozen=True)
class Waiting:
    """Counts of what waits."""

    records: int
    disputes: int
    joining: int

    def __bool__(self) -> bool:
        """Tell whether anything waits."""
        return any(asdict(self).values())


def tell_waiting(*, at: datetime) -> int:
    """Tell each leader and coordinator for whom something waits, once a day; return how many were
    told.
    """
    day = settings.local_day(at).isoformat()
    told = 0
    for account in _staff():
        found = waiting_for(sessions.actor_of(account, door="job"))
        if found:
            key = f"waiting:{account.id}:{day}"
            told += messages.tell_account_once(
                account.id, "waiting_for_you", key, at=at, **asdict(found)
            )
    _tell_groups(day, at)
    _tell_teams(day, at)
    return told


def waiting_for(by: Actor) -> Waiting:
    """Return what waits for this actor in their teams and in the areas that they coordinate."""
    paths, team_ids = places(by, Right.RECORD_CONFIRM)
    return _counted(or_(Team.id.in_(team_ids), areas.within(Team.area_id, paths)))


def _tell_groups(day: str, at: datetime) -> None:
    found = _counted(true())
    for number in range(len(settings.current().doors.robots)) if found else ():
        facts = asdict(found) | {"robot": number}
        queueing.queue_once(f"digest:{day}:{number}", "robot", facts, at=at)


def _tell_teams(day: str, at: datetime) -> None:
    """Tell the group chat of each team that has a robot what waits in that team."""
    robots = select(TeamRobot.id, TeamRobot.team_id).where(TeamRobot.paused_at.is_(None))
    for robot_id, team_id in db.session.execute(robots):
        found = _counted(Team.id == team_id)
        if found:
            facts = asdict(found) | {"team_robot": robot_id}
            queueing.queue_once(f"digest:{day}:team:{team_id}", "robot", facts, at=at)


def _counted(where: ColumnElement[bool]) -> Waiting:
    mine = select(Team.id).where(where)
    records = select(ServiceRecord.id).where(
        ServiceRecord.state == "waiting", ServiceRecord.team_id.in_(mine)
    )
    disputes = (
        select(Dispute.id)
        .join(ServiceRecord, ServiceRecord.id == Dispute.record_id)
        .where(Dispute.state == "open", ServiceRecord.team_id.in_(mine))
    )
    joining = select(Membership.id).where(Membership.state == "asked", Membership.team_id.in_(mine))
    return Waiting(_count(records), _count(disputes), _count(joining))


def _staff() -> Sequence[Account]:
    query = (
        select(Account)
        .where(
            Account.disabled_at.is_(None),
            Account.id.in_(select(Grant.account_id).where(Grant.role.in_(ROLES))),
        )
        .order_by(Account.id)
    )
    return db.session.scalars(query).all()


def _count(query: Select[int]) -> int:
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
