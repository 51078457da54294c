"""Handles people who come without signing up: their shift, and a move to another one."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from volunteer_service import journal, policies, settings
from volunteer_service.attendance import refusals
from volunteer_service.attendance.check_ins import pairs
from volunteer_service.attendance.check_ins.situation import Place
from volunteer_service.db import db, fetch
from volunteer_service.errors import NotFound, told_to
from volunteer_service.events import event_teams, sign_ups
from volunteer_service.events.models import Attendance, Event, Shift, SignUp
from volunteer_service.people.authorization import conflicts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.merged_entries import need_all_going_on
from volunteer_service.scoring.rules.recognised_minutes import window


def to_choose_from(places: Sequence[Place]) -> list[Shift]:
    """Return the shifts with room that fit now, where there are several.

    A person who has a place, or waits for one that is free now, has no choice to make.
    """
    if len(places) < 2 or any(place.is_confirmed for place in places):
        return []
    held = (
        select(func.count())
        .where(SignUp.shift_id == Shift.id, sign_ups.takes_place())
        .scalar_subquery()
    )
    query = (
        select(Shift)
        .options(joinedload(Shift.post))
        .where(Shift.id.in_([place.shift_id for place in places]), Shift.capacity > held)
        .order_by(Shift.starts_at, Shift.id)
    )
    free = list(db.session.scalars(query))
    waited = {place.shift_id for place in places if place.sign_up_state == "waiting"}
    return free if len(free) > 1 and not waited.intersection(row.id for row in free) else []


def takes_in(shift: Shift, at: datetime) -> bool:
    """Tell whether a check-in for this shift counts now."""
    opens = window(shift.starts_at, shift.ends_at, policies.active())[0]
    return shift.closed_at is None and opens <= at <= shift.ends_at


def words(shift: Shift) -> str:
    """Return a shift's post and time in words: ``引导岗 08:30–10:30``, local.

    At an event of several days the day is included: ``引导岗 11-29 08:30–10:30``.
    """
    zone = settings.current().zone
    first, last = shift.starts_at.astimezone(zone), shift.ends_at.astimezone(zone)
    event = shift.event
    days = {settings.local_day(each) for each in (event.starts_at, event.ends_at)}
    day = f"{first:%m-%d} " if len(days) > 1 else ""
    return f"{shift.post.name} {day}{first:%H:%M}–{last:%H:%M}"


def move(event_id: int, *, volunteer_id: int, shift_id: int, by: Actor, at: datetime) -> Attendance:
    """Move a person who came without signing up to another shift of the running event.

    Check-in and check-out stay. Refused where the minutes served so far would not count there.
    """
    event = fetch(Event, event_id)
    team = event_teams.need(by, Right.RECORD_CONFIRM, event)
    who = event_teams.others(Right.RECORD_CONFIRM, team, [volunteer_id], at=at)
    conflicts.need_other(by, [volunteer_id], at=at, who=who, refusal=refusals.OwnMove)
    need_all_going_on([volunteer_id])
    # Not its key: others scan meanwhile.
    db.session.refresh(event, with_for_update={"key_share": True})
    if event.state != "published":
        raise refusals.EventNotRunning()
    rows, shift = _presence(event_id, volunteer_id), fetch(Shift, shift_id)
    if shift.event_id != event.id or shift.removed_at is not None:
        raise NotFound()
    left = rows[0].shift_id
    if shift.id != left:
        _move(rows, shift, by=by, at=at)
        facts = {"from_shift": left, "to_shift": shift.id}
        journal.record(
            "attendance.move", rows[0], account_id=by.account_id, door=by.door, at=at, **facts
        )
        db.session.flush()
        db.session.expire(rows[-1])
    return rows[-1]


def _move(rows: Sequence[Attendance], shift: Shift, *, by: Actor, at: datetime) -> None:
    """Move all pairs of a place to another shift that takes them."""
    if rows[0].shift.closed_at is not None or shift.closed_at is not None:
        raise refusals.EventNotRunning()
    _need_minutes_kept(rows, shift, at)
    with told_to(is_person=False):
        new = sign_ups.change_shift(rows[0].sign_up, shift, by=by, at=at)
    for pair in rows:
        pair.sign_up_id, pair.shift_id = new.id, shift.id


def _presence(event_id: int, volunteer_id: int) -> Sequence[Attendance]:
    """Return the person's pairs on the shift that they came to last, if nobody had signed up for
    it.
    """
    query = (
        select(Attendance)
        .where(Attendance.event_id == event_id, Attendance.volunteer_id == volunteer_id)
        .order_by(Attendance.checked_in_at.desc())
        .limit(1)
    )
    row = db.session.scalars(query).first()
    if row is None:
        raise NotFound()
    if row.sign_up.source != "walk_in":
        raise refusals.NotAWalkIn()
    return pairs.of_place(row.sign_up_id, lock=True)


def _need_minutes_kept(rows: Sequence[Attendance], shift: Shift, at: datetime) -> None:
    policy, last = policies.active(), rows[-1]
    left_at = last.checked_out_at or max(at, last.checked_in_at)
    served = (*pairs.times(rows[:-1]), (last.checked_in_at, left_at))
    now, then = (
        pairs.recognised(each, served, policy).minutes if each.post.serves else 0
        for each in (last.shift, shift)
    )
    if then < now:
        raise refusals.MoveLosesMinutes(minutes=now - then)
