"""Joining and leaving a team: the volunteer asks, the leader accepts, either may end it."""

from datetime import datetime
from functools import partial

from sqlalchemy import select

from volunteer_service import db as database
from volunteer_service import journal
from volunteer_service.db import db
from volunteer_service.errors import NotFound, Refused
from volunteer_service.people.authorization import conflicts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right, need
from volunteer_service.people.models import Volunteer
from volunteer_service.people.registration_state import need_registered
from volunteer_service.teams.models import Membership, Team


class AlreadyInTeam(Refused):
    """The person is in this team, or has asked already."""

    status = 409
    message = "您已在这支队伍，或已提交申请。"


class NotAVolunteer(Refused):
    """Only a registered volunteer may ask to join a team."""

    message = "只有已登记的志愿者可以加入队伍。请先登记。"


class TeamClosed(Refused):
    """The team takes nobody any more."""

    message = "这支队伍已停止活动，不再接收新队员。请看看别的队伍。"


def join(team_id: int, *, by: Actor, at: datetime) -> Membership:
    """Ask to join; nobody is enrolled by others. A person who left may ask again."""
    team = database.fetch(Team, team_id)
    if team.state != "active":
        raise TeamClosed()
    person = db.session.get(Volunteer, by.volunteer_id) if by.volunteer_id else None
    if person is None:
        raise NotAVolunteer()
    need_registered(person.state)
    membership = _between(team_id, person.id)
    if membership is None:
        membership = Membership(team_id=team_id, volunteer_id=person.id, joined_at=at, state="left")
        db.session.add(membership)
    elif membership.state != "left":
        raise AlreadyInTeam()
    membership.state, membership.joined_at, membership.left_at = "asked", at, None
    db.session.flush()
    _journal("teams.join", membership, by, at)
    return membership


def accept(membership_id: int, *, by: Actor, at: datetime) -> Membership:
    """Take in somebody else who asked; accepting twice changes nothing."""
    membership = _on_roster(membership_id, by, at)
    if membership.state == "asked":
        membership.state, membership.joined_at = "active", at
        _journal("teams.accept", membership, by, at)
    return membership


def refuse(membership_id: int, *, by: Actor, at: datetime) -> Membership:
    """Do not take in somebody who asked, or end a member's place; hours already given stay."""
    membership = _on_roster(membership_id, by, at)
    return _end("teams.refuse", membership, by, at)


def leave(team_id: int, *, by: Actor, at: datetime) -> Membership:
    """Leave a team, or take back the asking; hours already given stay."""
    membership = _between(team_id, by.volunteer_id or 0)
    if membership is None or membership.state == "left":
        raise NotFound()
    return _end("teams.leave", membership, by, at)


def _end(verb: str, membership: Membership, by: Actor, at: datetime) -> Membership:
    if membership.state != "left":
        membership.state, membership.left_at = "left", at
        _journal(verb, membership, by, at)
    return membership


def _on_roster(membership_id: int, by: Actor, at: datetime) -> Membership:
    membership = database.fetch(Membership, membership_id, lock=True)
    team = membership.team
    need(by, Right.ROSTER_EDIT, area_path=team.area.path, team_id=team.id)
    but = [membership.volunteer_id]
    who = partial(
        conflicts.who_may, Right.ROSTER_EDIT, team.area.path, None, at=at, team_id=team.id, but=but
    )
    conflicts.need_other(by, but, at=at, who=who)
    return membership


def _between(team_id: int, volunteer_id: int) -> Membership | None:
    return db.session.scalars(
        select(Membership)
        .where(Membership.team_id == team_id, Membership.volunteer_id == volunteer_id)
        .with_for_update()
    ).one_or_none()


def _journal(verb: str, membership: Membership, by: Actor, at: datetime) -> None:
    journal.record(
        verb,
        membership,
        account_id=by.account_id,
        door=by.door,
        at=at,
        team_id=membership.team_id,
    )
