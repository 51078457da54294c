"""Merges places on shifts and in teams: one person keeps one place, the better of the two."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from volunteer_service.db import Base, db, fetch
from volunteer_service.events import sign_ups
from volunteer_service.events.models import Attendance, Event, Shift, SignUp
from volunteer_service.merging import moved_rows
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.changes.change_models import Merging
from volunteer_service.teams.models import Membership

_places = Base.metadata.tables[SignUp.__tablename__]
_presences = Base.metadata.tables[Attendance.__tablename__]
_memberships = Base.metadata.tables[Membership.__tablename__]
#: What a person holds of two, the better first.
_PLACES = ("confirmed", "waiting", "no_show", "cancelled")
_IN_TEAM = ("active", "coming", "asked", "left")


def both_came(kept_id: int, merged_id: int) -> str | None:
    """Return the title of an open event where both entries checked in to the same shift."""
    other = aliased(Attendance)
    query = (
        select(Event.title)
        .join(Attendance, Attendance.event_id == Event.id)
        .join(other, other.shift_id == Attendance.shift_id)
        .where(
            Attendance.volunteer_id == kept_id,
            other.volunteer_id == merged_id,
            Event.state == "published",
        )
    )
    return db.session.scalar(query.limit(1))


def doubled(kept_id: int, merged_id: int) -> Sequence[tuple[SignUp, SignUp]]:
    """Return pairs of sign-ups for the same shift: the kept entry's, the merged entry's."""
    other = aliased(SignUp)
    query = (
        select(SignUp, other)
        .join(other, other.shift_id == SignUp.shift_id)
        .where(SignUp.volunteer_id == kept_id, other.volunteer_id == merged_id)
        .order_by(SignUp.id)
    )
    return [(mine, theirs) for mine, theirs in db.session.execute(query)]


def move_sign_ups(merging: Merging, *, by: Actor, at: datetime) -> None:
    """Move the places on shifts, with their check-ins, to the kept entry."""
    twice = doubled(merging.kept_id, merging.merged_id)
    there = {theirs.id for _mine, theirs in twice}
    for mine, theirs in twice:
        _merge_places(merging, mine, theirs, by, at)
    moved_rows.move_all(
        merging,
        _places,
        (_places.c.volunteer_id == merging.merged_id) & _places.c.id.not_in(there),
        stood=("state",),
    )
    moved_rows.move_all(
        merging,
        _presences,
        (_presences.c.volunteer_id == merging.merged_id) & _presences.c.sign_up_id.not_in(there),
        stood=("checked_out_at", "sign_up_id"),
    )


def settle_capacity(merging: Merging) -> None:
    """Put a person on the waiting list after an undo where somebody else has taken the place."""
    for move in moved_rows.of(merging, SignUp.__tablename__):
        if (move.before.get("state"), move.after.get("state")) != ("confirmed", "cancelled"):
            continue
        row = fetch(SignUp, move.row_id)
        if row.shift.event.state == "published" and sign_ups.free_places(row.shift) < 0:
            row.state, row.offered_until = "waiting", None
            db.session.flush()


def move_memberships(merging: Merging, *, at: datetime) -> None:
    """Move the places in teams to the kept entry; a person who left a team stays out of it."""
    known = {row.team_id: row for row in _teams_of(merging.kept_id)}
    is_active = merging.merged.state == "active"
    for row in _teams_of(merging.merged_id):
        state = row.state if is_active else "left"
        mine = known.get(row.team_id)
        if mine is None:
            left_at = row.left_at if state == row.state else at
            values: dict[str, Any] = {
                "volunteer_id": merging.kept_id,
                "state": state,
                "left_at": left_at,
            }
            moved_rows.change(merging, _memberships, row.id, values)
            continue
        if _IN_TEAM.index(state) < _IN_TEAM.index(mine.state):
            # A place that is to begin keeps its day, and so does one that is to end.
            earlier = row.joined_at if state == "coming" else min(mine.joined_at, row.joined_at)
            values = {"state": state, "joined_at": earlier, "left_at": row.left_at}
            moved_rows.change(merging, _memberships, mine.id, values)
        if row.state != "left":
            moved_rows.change(merging, _memberships, row.id, {"state": "left", "left_at": at})


def _merge_places(merging: Merging, mine: SignUp, theirs: SignUp, by: Actor, at: datetime) -> None:
    """Give the kept entry the better of the two places and end the other one."""
    shift = fetch(Shift, mine.shift_id, lock=True)
    came = defaultdict(list)
    for row in _came(mine.id, theirs.id):
        came[row.sign_up_id].append(row.id)
    is_there = theirs.id in came and mine.id not in came
    is_open = shift.event.state == "published"
    is_better = _PLACES.index(theirs.state) < _PLACES.index(mine.state)
    if is_there:
        presence = {"sign_up_id": mine.id, "volunteer_id": merging.kept_id}
        for row_id in came[theirs.id]:
            moved_rows.change(merging, _presences, row_id, presence, stood=("checked_out_at",))
    freed = theirs.state == mine.state == "confirmed" and is_open and mine.id not in came
    if is_there or (is_open and is_better and mine.id not in came):
        moved_rows.change(merging, _places, mine.id, {"state": theirs.state, "cancelled_at": None})
    ended = {"state": "cancelled", "cancelled_at": at}
    if is_there or (is_open and theirs.state in ("confirmed", "waiting")):
        moved_rows.change(merging, _places, theirs.id, ended)
        db.session.expire_all()
    if (freed or theirs.offered_until is not None) and at < shift.ends_at:
        sign_ups.promote(shift, by, at)


def _came(*sign_up_ids: int) -> Sequence[Attendance]:
    query = select(Attendance).where(Attendance.sign_up_id.in_(sign_up_ids))
    return db.session.scalars(query).all()


def _teams_of(volunteer_id: int) -> Sequence[Membership]:
    query = select(Membership).where(Membership.volunteer_id == volunteer_id)
    return db.session.scalars(query.order_by(Membership.id)).all()
