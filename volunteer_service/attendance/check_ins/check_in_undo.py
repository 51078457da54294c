"""Taking back a mistaken check-in as a leader: the wrong card, or a card scanned at the wrong
event.

The scan stays as it was stored; an act of its own in the journal says that it no longer counts.
"""

from datetime import datetime, timedelta

from sqlalchemy import select

from volunteer_service import journal, policies
from volunteer_service.attendance.check_ins import check_in, refusals
from volunteer_service.attendance.refusals import EventNotRunning, OwnTick
from volunteer_service.db import db, fetch
from volunteer_service.errors import NotFound
from volunteer_service.events import event_teams, sign_ups
from volunteer_service.events.models import Attendance, Event, Shift, SignUp
from volunteer_service.people.authorization import conflicts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.merged_entries import need_all_going_on


def take_back_check_in(event_id: int, *, volunteer_id: int, by: Actor, at: datetime) -> SignUp:
    """Take somebody else's check-in back as a leader, within the policy's minutes
    (``undo_check_out_minutes``), while they are inside.

    A person who had signed up keeps the place, and one who had not loses it, so that neither
    becomes a no-show.

    Raises:
        CheckInStays: Nobody is inside, the minutes are over, or the entry continues the shift
        before.
    """
    team = check_in.need_gate(event_id, by).team
    who = event_teams.others(Right.RECORD_CONFIRM, team, [volunteer_id], at=at)
    conflicts.need_other(by, [volunteer_id], at=at, who=who, refusal=OwnTick)
    need_all_going_on([volunteer_id])
    # Held until the commit: a check-in's foreign keys wait for it.
    event = fetch(Event, event_id, lock=True)
    row = _inside(event_id, volunteer_id)
    if row is None:
        raise NotFound()
    shift = fetch(Shift, row.shift_id, lock=True)
    if event.state != "published" or shift.closed_at is not None:
        raise EventNotRunning()
    _need_fresh(row, at)
    place = row.sign_up
    journal.record(
        "attendance.take_back_check_in",
        row,
        account_id=by.account_id,
        door=by.door,
        at=at,
        volunteer=volunteer_id,
        team=team.id,
        checked_in_at=row.checked_in_at.isoformat(),
    )
    db.session.delete(row)
    db.session.flush()
    if place.source == "walk_in" and not _has_come(place):
        sign_ups.end(place, shift, by=by, at=at, promotes=False)
    return place


def _need_fresh(row: Attendance, at: datetime) -> None:
    minutes = policies.active().undo_check_out_minutes
    if at - row.checked_in_at > timedelta(minutes=minutes) or _goes_on(row):
        raise refusals.CheckInStays(minutes=minutes)


def _inside(event_id: int, volunteer_id: int) -> Attendance | None:
    query = (
        select(Attendance)
        .where(Attendance.event_id == event_id, Attendance.volunteer_id == volunteer_id)
        .where(Attendance.checked_out_at.is_(None))
    )
    return db.session.scalars(query.with_for_update()).first()


def _goes_on(row: Attendance) -> bool:
    """Tell whether the entry ended a pair on the shift before, whose person never left."""
    query = select(Attendance.id).where(
        Attendance.event_id == row.event_id,
        Attendance.volunteer_id == row.volunteer_id,
        Attendance.checked_out_at >= row.checked_in_at,
    )
    return db.session.scalar(query.limit(1)) is not None


def _has_come(place: SignUp) -> bool:
    query = select(Attendance.id).where(Attendance.sign_up_id == place.id)
    return db.session.scalar(query.limit(1)) is not None
