"""Events that several teams of a street run together: who joins, who leaves."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from volunteer_service import journal, settings
from volunteer_service.areas import lookup as areas
from volunteer_service.db import db, fetch
from volunteer_service.errors import NotFound
from volunteer_service.events import event_teams, planning, refusals
from volunteer_service.events.models import Event, EventTeam
from volunteer_service.people.authorization import rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.messages import messages
from volunteer_service.teams import leading
from volunteer_service.teams.models import Team

#: The most teams that run an event together with the organising one.
MOST = 10
#: The most teams of a list that a person can read.
LONGEST_CHOICE = 300


def share(event_id: int, *, team_id: int, by: Actor, at: datetime) -> Event:
    """Let another team of the street run an event too, as a planner of the organising one.

    Its leaders get the rights of the organising team's leaders, and are told; its people are on the
    rota, and their hours count for it. Only the organising team may give the event away.
    """
    event = planning.editable(event_id, by=by)
    _need(by, event.team)
    team = fetch(Team, team_id)
    if areas.street_id(team.area.path) != areas.street_id(event.team.area.path):
        raise refusals.OtherStreet(field="team_id")
    planning.need_team(team)
    if team.id in event_teams.ids(event):
        raise refusals.AlreadyShared(field="team_id")
    if len(event.partners) >= MOST:
        raise refusals.TooManyTeams(field="team_id", most=MOST)
    known = select(EventTeam.id).where(EventTeam.event_id == event.id, EventTeam.team_id == team.id)
    if db.session.scalar(known) is None:
        db.session.add(EventTeam(event_id=event.id, team_id=team.id, since=at))
    _written("share", event, team, by, at)
    facts = {"team": event.team.name, "yours": team.name}
    _tell(event, team.id, "event_shared", facts, by, at)
    return event


def stop_sharing(event_id: int, *, team_id: int, by: Actor, at: datetime) -> Event:
    """End a team's part in running the event, as a leader of that team or of the organising one.

    Sign-ups stay, and so do records that were made; later ones of its people count for the other
    teams. The leaders of the other side are told.
    """
    event = planning.editable(event_id, by=by)
    team = next((each for each in event.partners if each.id == team_id), None)
    if team is None:
        raise NotFound()
    is_own = rights.may(by, Right.EVENT_EDIT, area_path=team.area.path, team_id=team.id)
    if not is_own:
        _need(by, event.team)
    db.session.execute(
        delete(EventTeam).where(EventTeam.event_id == event.id, EventTeam.team_id == team.id)
    )
    _written("stop_sharing", event, team, by, at)
    for told in (team.id, event.team_id):
        _tell(event, told, "event_unshared", {"team": team.name}, by, at)
    return event


def possible(event: Event, *, by: Actor) -> Sequence[tuple[int, str]]:
    """Return the teams, id and name, that the actor may ask to run an event too; none to leaders
    of a team that only runs it too.
    """
    here = event.team
    if not rights.may(by, Right.EVENT_EDIT, area_path=here.area.path, team_id=here.id):
        return ()
    query = select(Team.id, Team.name).where(
        areas.within(Team.area_id, [areas.street_path(here.area.path)]),
        Team.state == "active",
        Team.id.not_in(event_teams.ids(event)),
    )
    found = db.session.execute(query.order_by(Team.name_order, Team.id).limit(LONGEST_CHOICE))
    return [(row.id, row.name) for row in found]


def _need(by: Actor, team: Team) -> None:
    rights.need(by, Right.EVENT_EDIT, area_path=team.area.path, team_id=team.id)


def _written(verb: str, event: Event, team: Team, by: Actor, at: datetime) -> None:
    event.version += 1
    journal.record(
        f"events.{verb}", event, account_id=by.account_id, door=by.door, at=at, team=team.id
    )
    db.session.flush()
    db.session.expire(event, ["invited"])


def _tell(
    event: Event, team_id: int, kind: str, facts: dict[str, str], by: Actor, at: datetime
) -> None:
    """Tell the leaders of a team, except the one who acts."""
    day = settings.local_day(event.starts_at).isoformat()
    for account_id in leading.accounts_leading(team_id):
        if account_id != by.account_id:
            told = {"event": event.id, "title": event.title, "day": day, **facts}
            messages.tell_account(account_id, kind, at=at, **told)
