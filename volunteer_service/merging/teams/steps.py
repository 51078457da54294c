"""Merges a team into another of its street, shows beforehand what that does, and undoes it.

Hours, closed events and the figures of past rounds stay with the team they belong to; its people,
coming events and leaders move to the other one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from volunteer_service import journal, policies
from volunteer_service.areas import lookup as areas
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import Base, db, fetch
from volunteer_service.errors import refusal_of
from volunteer_service.merging import moved_rows
from volunteer_service.merging.teams import coming_events, leads, members, refusals
from volunteer_service.merging.teams.models import TeamMerging
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right, may, need
from volunteer_service.teams.models import Team, TeamRobot
from volunteer_service.visible_text import said

_teams = Base.metadata.tables[Team.__tablename__]
_robots = Base.metadata.tables[TeamRobot.__tablename__]
_RIGHTS = (Right.TEAM_EDIT, Right.ROSTER_EDIT, Right.EVENT_EDIT)


@dataclass(frozen=True)
class Preview:
    """What a merging would do now; ``minutes`` are the confirmed ones, which stay with the old
    team.
    """

    kept: Team
    merged: Team
    members: int
    coming: int
    asked: int
    in_both: int
    events: tuple[str, ...]
    begun: tuple[str, ...]
    leads: tuple[leads.Lead, ...]
    records: int
    minutes: int


def preview_teams(kept_id: int, merged_id: int, *, by: Actor, at: datetime) -> Preview:
    """Return what a merging would move and what would stay; nothing changes."""
    kept, merged = pair(kept_id, merged_id, by=by)
    there = {row.volunteer_id for row in members.standing(kept_id)}
    places = members.standing(merged_id)
    new = [row.state for row in places if row.volunteer_id not in there]
    records, minutes = _served(merged_id)
    return Preview(
        kept,
        merged,
        members=new.count("active"),
        coming=new.count("coming"),
        asked=new.count("asked"),
        in_both=len(places) - len(new),
        events=tuple(row.title for row in coming_events.coming(merged_id, at=at)),
        begun=tuple(row.title for row in coming_events.begun(merged_id, at=at)),
        leads=tuple(leads.to_come(kept_id, merged_id, by=by, at=at)),
        records=records,
        minutes=minutes,
    )


@said("reason")
def merge_teams(
    kept_id: int, merged_id: int, *, reason: str, by: Actor, at: datetime
) -> TeamMerging:
    """Merge a team into another one of its street; the actor keeps both, and the members are told.

    People, requests to join, events that have not begun and a group robot go along; leaders become
    deputies where this actor may make them so. The merged team is closed and keeps its past.
    """
    kept, merged = pair(kept_id, merged_id, by=by, lock=True)
    found = leads.to_come(kept_id, merged_id, by=by, at=at)
    row = TeamMerging(
        kept_id=kept.id,
        merged_id=merged.id,
        reason=reason,
        counts={},
        grant_ids=[],
        done_at=at,
        done_by_id=by.account_id,
    )
    db.session.add(row)
    db.session.flush()
    people = members.move(row, by=by, at=at)
    events = coming_events.move(row, by=by, at=at)
    row.grant_ids = leads.give(row, found, by=by, at=at)
    row.counts = {**people, "events": events, "leads": len(row.grant_ids)}
    row.counts["leads_refused"] = len(found) - len(row.grant_ids)
    _move_robot(row)
    moved_rows.change(row, _teams, merged.id, {"state": "closed", "merged_into_id": kept.id})
    db.session.flush()
    db.session.expire_all()
    _changed(row)
    _record("merge", row, by, at, reason=reason, people=people["active"])
    return row


@said("reason")
def undo_team_merging(merging_id: int, *, reason: str, by: Actor, at: datetime) -> TeamMerging:
    """Open the merged team again, with every person and event that did not change since.

    What changed since stays with the team it is in, and is counted.
    """
    row = fetch(TeamMerging, merging_id, lock=True)
    _need_both(row.kept, row.merged, by)
    need_undoable(row, at=at)
    row.state, row.undone_at, row.undone_by_id, row.undo_reason = (
        "undone",
        at,
        by.account_id,
        reason,
    )
    people, people_stay = members.put_back(row, at=at)
    events, events_stay = coming_events.put_back(row, at=at)
    for table in (_teams, _robots):
        moves = moved_rows.of(row, table.name)
        changed = {move.id for move in moved_rows.changed(moves)}
        moved_rows.put_back(move for move in moves if move.id not in changed)
    roles = leads.take_back(row, by=by, at=at)
    back = {"people": people, "events": events, "leads": roles}
    row.counts = {**row.counts, "back": back, "stay": people_stay + events_stay}
    db.session.flush()
    db.session.expire_all()
    _changed(row)
    _record("undo_merge", row, by, at, reason=reason, people=people)
    return row


def need_undoable(row: TeamMerging, *, at: datetime) -> None:
    """Refuse, with the reason, a merging that can no longer be undone."""
    if row.state != "done":
        raise refusals.TeamMergingUndone()
    days = policies.active().merge_undo_days
    if at > row.done_at + timedelta(days=days):
        raise refusals.TeamUndoTooLate(days=days)
    later = row.kept.merged_into_id
    if later is not None:
        raise refusals.LaterTeamMerging(kept=row.kept.name, team=fetch(Team, later).name)


def why_not_undone(row: TeamMerging, *, at: datetime) -> Any:
    """Return why :func:`need_undoable` would refuse, for a page; None where it would not."""
    return refusal_of(lambda: need_undoable(row, at=at))


def team_merging(merging_id: int, *, by: Actor) -> TeamMerging:
    """Return a merging to an actor who keeps both teams."""
    row = fetch(TeamMerging, merging_id)
    _need_both(row.kept, row.merged, by)
    return row


def of_team(team_id: int, *, by: Actor) -> list[TeamMerging]:
    """Return the valid mergings of a team, newest first; none to an actor who may not edit it."""
    team = fetch(Team, team_id)
    if not may(by, Right.TEAM_EDIT, area_path=team.area.path, team_id=team_id):
        return []
    either = (TeamMerging.kept_id == team_id) | (TeamMerging.merged_id == team_id)
    query = select(TeamMerging).where(either, TeamMerging.state == "done")
    return list(db.session.scalars(query.order_by(TeamMerging.id.desc())))


def pair(kept_id: int, merged_id: int, *, by: Actor, lock: bool = False) -> tuple[Team, Team]:
    """Return both teams to an actor who keeps both, if they can be merged; ``lock`` locks their
    rows.
    """
    rows = {id_: fetch(Team, id_, lock=lock) for id_ in sorted({kept_id, merged_id})}
    kept, merged = rows[kept_id], rows[merged_id]
    _need_both(kept, merged, by)
    if kept_id == merged_id:
        raise refusals.SameTeamTwice(field="into_id")
    for team in (kept, merged):
        if team.state != "active":
            raise refusals.NotBothActive(field="into_id", team=team.name)
    if areas.street_id(kept.area.path) != areas.street_id(merged.area.path):
        raise refusals.TeamsOfTwoStreets(field="into_id")
    return kept, merged


def _need_both(kept: Team, merged: Team, by: Actor) -> None:
    for team in (merged, kept):
        for right in _RIGHTS:
            need(by, right, area_path=team.area.path, team_id=team.id)


def _served(team_id: int) -> tuple[int, int]:
    query = select(func.count(), func.coalesce(func.sum(ServiceRecord.minutes), 0)).where(
        ServiceRecord.team_id == team_id, ServiceRecord.state == "confirmed"
    )
    records, minutes = db.session.execute(query).one()
    return records, int(minutes)


def _move_robot(row: TeamMerging) -> None:
    robots = {
        robot.team_id: robot.id
        for robot in db.session.scalars(
            select(TeamRobot).where(TeamRobot.team_id.in_((row.kept_id, row.merged_id)))
        )
    }
    if row.merged_id in robots and row.kept_id not in robots:
        moved_rows.change(row, _robots, robots[row.merged_id], {"team_id": row.kept_id})


def _changed(row: TeamMerging) -> None:
    """Raise the versions of both teams, so that a form read before is shown beside the present
    values.
    """
    for team in (row.kept, row.merged):
        team.version += 1
    db.session.flush()


def _record(verb: str, row: TeamMerging, by: Actor, at: datetime, **facts: Any) -> None:
    names = [row.merged.name, row.kept.name]
    for team in (row.merged, row.kept):
        journal.record(
            f"teams.{verb}",
            team,
            account_id=by.account_id,
            door=by.door,
            at=at,
            merging=row.id,
            values={"of_team": names if verb == "merge" else names[::-1]},
            **facts,
        )
