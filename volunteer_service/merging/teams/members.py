"""Moves the people of a team into another one; each earlier place ends and is kept."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from volunteer_service import settings
from volunteer_service.db import Base, db
from volunteer_service.journal import record
from volunteer_service.merging import moved_rows
from volunteer_service.merging.teams.models import TeamMerging
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.messages import messages
from volunteer_service.teams.models import Membership

_memberships = Base.metadata.tables[Membership.__tablename__]
#: The states of a person in two teams, the better first.
STATES = ("active", "coming", "asked")


def standing(team_id: int) -> Sequence[Membership]:
    """Return the places in a team that move: members, people who begin later, people who asked."""
    query = select(Membership).where(Membership.team_id == team_id, Membership.state.in_(STATES))
    return db.session.scalars(query.order_by(Membership.id)).all()


def move(merging: TeamMerging, *, by: Actor, at: datetime) -> dict[str, int]:
    """Move everybody and tell the members; return how many of each state, and who was in both."""
    there = {row.volunteer_id: row for row in _all(merging.kept_id)}
    counts = {"active": 0, "coming": 0, "asked": 0, "both": 0}
    day = settings.local_day(at).isoformat()
    names = {"was": merging.merged.name, "team": merging.kept.name, "day": day}
    for row in standing(merging.merged_id):
        state, is_better = row.state, _is_better(row, there.get(row.volunteer_id))
        counts[state if is_better else "both"] += 1
        if is_better:
            mine = there.get(row.volunteer_id) or _place(merging.kept_id, row.volunteer_id, at)
            joined_at = at if state == "active" else row.joined_at
            values = {"state": state, "joined_at": joined_at, "left_at": row.left_at}
            moved_rows.change(merging, _memberships, mine.id, values)
        _end(merging, row, at)
        facts = {"team_id": merging.kept_id, "from_team": merging.merged_id, "since": day}
        record("teams.move", row, account_id=by.account_id, door=by.door, at=at, **facts)
        if state == "active":
            messages.tell(row.volunteer_id, "team_merged", at=at, **names)
    db.session.expire_all()
    return counts


def put_back(merging: TeamMerging, *, at: datetime) -> tuple[int, int]:
    """Put each person back whose places are as the merging left them; count these and the rest.

    Who left the team that goes on, or whose place in it changed since, stays as they are.
    """
    moves = moved_rows.of(merging, Membership.__tablename__)
    people = _people(move.row_id for move in moves)
    changed = {people[move.row_id] for move in moved_rows.changed(moves)}
    moved_rows.put_back(move for move in moves if people[move.row_id] not in changed)
    names = {"was": merging.kept.name, "team": merging.merged.name}
    back = set(people.values()) - changed
    for row in standing(merging.merged_id):
        if row.volunteer_id in back and row.state == "active":
            day = settings.local_day(at).isoformat()
            messages.tell(row.volunteer_id, "team_merging_undone", at=at, day=day, **names)
    return len(back), len(changed)


def _is_better(row: Membership, mine: Membership | None) -> bool:
    if mine is None or mine.state not in STATES:
        return True
    return STATES.index(row.state) < STATES.index(mine.state)


def _place(team_id: int, volunteer_id: int, at: datetime) -> Membership:
    """Return a place of no length, which an undo leaves in place of one that the merging made."""
    row = Membership(
        team_id=team_id, volunteer_id=volunteer_id, state="left", joined_at=at, left_at=at
    )
    db.session.add(row)
    db.session.flush()
    return row


def _end(merging: TeamMerging, row: Membership, at: datetime) -> None:
    joined_at = row.joined_at if row.state == "active" else at
    ended = {"state": "left", "joined_at": joined_at, "left_at": at}
    moved_rows.change(merging, _memberships, row.id, ended)


def _all(team_id: int) -> Sequence[Membership]:
    query = select(Membership).where(Membership.team_id == team_id)
    return db.session.scalars(query.with_for_update()).all()


def _people(ids: object) -> dict[int, int]:
    query = select(Membership.id, Membership.volunteer_id)
    return dict(db.session.execute(query.where(Membership.id.in_(list(ids)))).all())  # type: ignore[call-overload]
