"""Moves events that have not begun to the other team; the others keep their team."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select

from volunteer_service.db import Base, db, fetch
from volunteer_service.events.models import Event, EventTeam
from volunteer_service.journal import record
from volunteer_service.merging import moved_rows
from volunteer_service.merging.teams.models import TeamMerging
from volunteer_service.people.authorization.actor import Actor

_events = Base.metadata.tables[Event.__tablename__]
_shares = Base.metadata.tables[EventTeam.__tablename__]
_OPEN = ("draft", "published")


def coming(team_id: int, *, at: datetime) -> Sequence[Event]:
    """Return the coming events of a team, the soonest first."""
    query = select(Event).where(Event.team_id == team_id, _ahead(at))
    return db.session.scalars(query.order_by(Event.starts_at, Event.id)).all()


def begun(team_id: int, *, at: datetime) -> Sequence[Event]:
    """Return the events that have begun and are not closed; the team's own leaders still close
    them.
    """
    query = select(Event).where(
        Event.team_id == team_id, Event.state == "published", Event.starts_at <= at
    )
    return db.session.scalars(query.order_by(Event.starts_at, Event.id)).all()


def move(merging: TeamMerging, *, by: Actor, at: datetime) -> int:
    """Give the coming events to the other team, also the team's part in events of others."""
    found = coming(merging.merged_id, at=at)
    for event in found:
        moved_rows.change(merging, _events, event.id, {"team_id": merging.kept_id})
        facts = {"values": {"of_team": [merging.merged.name, merging.kept.name]}}
        record("events.hand_over", event, account_id=by.account_id, door=by.door, at=at, **facts)
    for share in _shared(merging.merged_id, at):
        if share.event_id not in _run_by(merging.kept_id):
            moved_rows.change(merging, _shares, share.id, {"team_id": merging.kept_id})
    return len(found)


def put_back(merging: TeamMerging, *, at: datetime) -> tuple[int, int]:
    """Give back the events that have not begun since; return how many, and how many stay."""
    moves = moved_rows.of(merging, Event.__tablename__)
    changed = {move.row_id for move in moved_rows.changed(moves)}
    stay = {move.row_id for move in moves if fetch(Event, move.row_id).starts_at <= at} | changed
    moved_rows.put_back(move for move in moves if move.row_id not in stay)
    shares = moved_rows.of(merging, EventTeam.__tablename__)
    late = {move.row_id for move in moved_rows.changed(shares)}
    moved_rows.put_back(move for move in shares if move.row_id not in late)
    return len(moves) - len(stay), len(stay)


def _ahead(at: datetime) -> ColumnElement[bool]:
    return and_(Event.state.in_(_OPEN), Event.starts_at > at)


def _shared(team_id: int, at: datetime) -> Sequence[EventTeam]:
    query = select(EventTeam).join(Event, Event.id == EventTeam.event_id)
    query = query.where(EventTeam.team_id == team_id, _ahead(at))
    return db.session.scalars(query.order_by(EventTeam.id)).all()


def _run_by(team_id: int) -> set[int]:
    own = select(Event.id).where(Event.team_id == team_id)
    also = select(EventTeam.event_id).where(EventTeam.team_id == team_id)
    return {*db.session.scalars(own), *db.session.scalars(also)}
