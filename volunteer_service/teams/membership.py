"""Joining and leaving a team: the volunteer asks, the leader accepts, either may end it."""

from datetime import datetime
from functools import partial

from sqlalchemy import select

from volunteer_service import db as database
from volunteer_service import journal, settings
from volunteer_service.db import db
from volunteer_service.errors import NotFound, Refused, told_to
from volunteer_service.people.authorization import conflicts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right, need
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Account, Grant, Volunteer
from volunteer_service.people.registrations.registration_state import need_registered
from volunteer_service.teams.models import Membership, Team


class AlreadyInTeam(Refused):
    """The person is in this team, or has asked already."""

    status = 409
    message = "您已在这支队伍，或已提交申请。"
    message_to_others = "此人已在这支队伍里，不用再加。"


class NotAVolunteer(Refused):
    """Only a registered volunteer may ask to join a team."""

    message = "只有已登记的志愿者可以加入队伍。请先登记。"


class StillLeads(Refused):
    """A leader or deputy of a team hands that on before leaving it."""

    status = 409
    message = "您还是这支队伍的队长或副队长。请先由社区管理员收回这个角色，再退出。"
    message_to_others = "此人还是这支队伍的队长或副队长。请先由社区管理员收回这个角色，再移出。"


class TeamClosed(Refused):
    """The team no longer takes anybody."""

    message = "这支队伍已停止活动，不再接收新队员。请看看别的队伍。"
    message_to_others = "这支队伍已停止活动，不再加人、办活动、定队长。还在活动的，请先重新启用。"


def join(team_id: int, *, by: Actor, at: datetime) -> Membership:
    """Ask to join; the leader accepts. A person who left may ask again.

    Staff add somebody without a request (:mod:`placing`), and the person is told.
    """
    team = database.fetch(Team, team_id)
    need_open(team)
    person = db.session.get(Volunteer, by.volunteer_id) if by.volunteer_id else None
    if person is None:
        raise NotAVolunteer()
    need_registered(person.id, person.state)
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
        with told_to(is_person=False):
            need_open(membership.team)
        membership.state, membership.joined_at = "active", at
        _tell("team_placed", membership, at)
        _journal("teams.accept", membership, by, at)
    return membership


def refuse(membership_id: int, *, by: Actor, at: datetime) -> Membership:
    """Refuse somebody who asked, or end a member's place; hours already given stay."""
    membership = _on_roster(membership_id, by, at)
    if membership.state != "left":
        with told_to(is_person=False):
            need_no_lead(membership)
        _tell("team_refused" if membership.state == "asked" else "team_left", membership, at)
    return _end("teams.refuse", membership, by, at)


def leave(team_id: int, *, by: Actor, at: datetime) -> Membership:
    """Leave a team, or take back the request; hours already given stay."""
    membership = _between(team_id, by.volunteer_id or 0)
    if membership is None or membership.state == "left":
        raise NotFound()
    need_no_lead(membership)
    return _end("teams.leave", membership, by, at)


def need_open(team: Team) -> None:
    """Pass for a team that takes in something new: a member, a leader or an event."""
    if team.state != "active":
        raise TeamClosed()


def need_no_lead(membership: Membership) -> None:
    """Pass for a member who does not lead the team."""
    leads = select(Grant.id).join(Account, Account.id == Grant.account_id)
    leads = leads.where(
        Grant.team_id == membership.team_id, Account.volunteer_id == membership.volunteer_id
    )
    if db.session.scalar(leads.limit(1)) is not None:
        raise StillLeads()


def _tell(kind: str, membership: Membership, at: datetime) -> None:
    facts = {"team": membership.team.name, "day": settings.local_day(at).isoformat()}
    messages.tell(membership.volunteer_id, kind, at=at, **facts)


def _end(verb: str, membership: Membership, by: Actor, at: datetime) -> Membership:
    if membership.state != "left":
        if membership.state != "active":
            # A place of no length: the person was never in the team.
            membership.joined_at = at
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
