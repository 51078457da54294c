"""The teams of an event: the one that organises it, and others that run it together with it.

Leaders of each do everything at the event; people of each are on its rota, and their hours count
for their own team.
"""

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select

from volunteer_service import settings
from volunteer_service.areas import lookup as areas
from volunteer_service.db import db
from volunteer_service.events.models import Event, EventTeam
from volunteer_service.people.authorization import conflicts, rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.conflicts import Who
from volunteer_service.people.authorization.rights import Right
from volunteer_service.teams.models import Membership, Team


def ids(event: Event) -> list[int]:
    """Return the ids of the event's teams, the organising one first."""
    return [event.team_id, *(team.id for team in event.partners)]


def need(by: Actor, right: Right, event: Event) -> Team:
    """Return the first team of the event over which the actor holds the right.

    Raises:
        NotFound: the actor has no role over any of them.
        NotAllowed: the actor has one, without this right.
    """
    if rights.may(by, right, area_path=event.team.area.path, team_id=event.team_id):
        return event.team
    teams = [event.team, *event.partners]
    return teams[rights.need_at_one(by, right, [(team.area.path, team.id) for team in teams])]


def others(right: Right, team: Team, people: Collection[int], *, at: datetime) -> Callable[[], Who]:
    """Return a finder of holders of ``right`` over this team, tied to none of these people."""
    return conflicts.others(right, team.area.path, people, at=at, team_id=team.id)


def may(by: Actor, right: Right, event: Event) -> bool:
    """Tell whether the actor holds the right over a team of the event."""
    if not by.grants:
        return False
    if rights.may(by, right, area_path=event.team.area.path, team_id=event.team_id):
        return True
    return any(
        rights.may(by, right, area_path=team.area.path, team_id=team.id) for team in event.partners
    )


def run_by(team_ids: Collection[int] | Select[Any]) -> ColumnElement[bool]:
    """Return the WHERE of events that these teams organise or run too."""
    shared = select(EventTeam.event_id).where(EventTeam.team_id.in_(team_ids))
    return or_(Event.team_id.in_(team_ids), Event.id.in_(shared))


def held_by(by: Actor, right: Right) -> ColumnElement[bool]:
    """Return the WHERE of events over a team of which the actor holds the right."""
    paths, team_ids = rights.places(by, right)
    if not paths:
        return run_by(team_ids)
    held = or_(Team.id.in_(team_ids), areas.within(Team.area_id, paths))
    return run_by(select(Team.id).where(held).correlate(None))


def shared_with(by: Actor, right: Right) -> Select[int]:
    """Return the ids of events of several teams over one of which the actor holds the right."""
    shared = select(EventTeam.event_id)
    return select(Event.id).where(Event.id.in_(shared), held_by(by, right)).correlate(None)


def running(event_ids: Select[Any]) -> ColumnElement[bool]:
    """Return the WHERE of teams that organise these events or run them too."""
    organise = select(Event.team_id).where(Event.id.in_(event_ids))
    share = select(EventTeam.team_id).where(EventTeam.event_id.in_(event_ids))
    return or_(Team.id.in_(organise), Team.id.in_(share))


def of_person(event: Event, volunteer_id: int, on: date) -> Team:
    """Return the team of the event for which somebody serves on a local day.

    It is a team of which they are a member on that day: the organising one first, then in the order
    of joining the event. A person who is in none of them serves for the organising one.
    """
    if not event.partners:
        return event.team
    mine = select(Membership.team_id).where(
        Membership.team_id.in_(ids(event)),
        Membership.volunteer_id == volunteer_id,
        Membership.state.in_(("active", "left")),
        Membership.joined_at < settings.day_ends(on),
        or_(Membership.left_at.is_(None), Membership.left_at >= settings.day_ends(on)),
    )
    member_of = set(db.session.scalars(mine))
    teams = (event.team, *event.partners)
    return next((team for team in teams if team.id in member_of), event.team)
