"""Taking back a mistaken check-out while the event is open: the person is present again.

The scan stays as it was stored; an act of its own in the journal says that it no longer counts.
What a check-out is worth so far is asked here too, because that is how a mistake is noticed.
"""

from datetime import datetime, timedelta

from sqlalchemy import select

from volunteer_service import journal, policies
from volunteer_service.attendance import refusals
from volunteer_service.attendance.check_ins import pairs
from volunteer_service.attendance.check_ins.situation import Standing
from volunteer_service.attendance.models import Scan
from volunteer_service.db import db, fetch
from volunteer_service.errors import NotFound
from volunteer_service.events import event_teams
from volunteer_service.events.models import Attendance, Event
from volunteer_service.people.authorization import conflicts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.merged_entries import is_entry_of, need_all_going_on
from volunteer_service.scoring.rules.policy import Policy
from volunteer_service.scoring.rules.recognised_minutes import Recognised


def take_back_check_out(event_id: int, *, volunteer_id: int, by: Actor, at: datetime) -> Attendance:
    """Take back somebody else's check-out as a leader, while the event is open.

    The evidence grade drops to ``leader``, because from now on the leader vouches that they stayed.
    """
    event = fetch(Event, event_id)
    team = event_teams.need(by, Right.RECORD_CONFIRM, event)
    who = event_teams.others(Right.RECORD_CONFIRM, team, [volunteer_id], at=at)
    conflicts.need_other(by, [volunteer_id], at=at, who=who, refusal=refusals.OwnTick)
    need_all_going_on([volunteer_id])
    row = _last(event.id, volunteer_id)
    if row is None:
        raise NotFound()
    _need_left(event, row)
    row.grade = "leader"
    return _back(row, by, at)


def stay(event_id: int, *, by: Actor, at: datetime) -> Attendance:
    """Take back one's own check-out («I am still here»), while the shift lasts.

    It is possible for the policy's minutes (10).
    """
    row = _last(event_id, by.volunteer_id or 0)
    if row is None:
        raise NotFound()
    _need_left(row.event, row)
    policy = policies.active()
    if not _is_in_time(row.checked_out_at, row.shift.ends_at, at, policy) or not _is_own_scan(row):
        raise refusals.StayNotPossible(minutes=policy.undo_check_out_minutes)
    return _back(row, by, at)


def may_stay(found: Standing, volunteer_id: int, *, at: datetime) -> bool:
    """Tell whether :func:`stay` would succeed, as far as the page can tell."""
    last = found.last
    if found.state != "published" or last is None or last.attendance_id is None:
        return False
    if not last.is_open:
        return False
    if not _is_in_time(last.checked_out_at, last.ends_at, at, found.policy):
        return False
    return _is_own_scan(fetch(Attendance, last.attendance_id))


def worth_so_far(event_id: int, volunteer_id: int) -> Recognised | None:
    """Return what somebody's last presence at an event would be worth, had it been closed now.

    None for a person who only takes part.
    """
    row = _last(event_id, volunteer_id)
    if row is None or not row.shift.post.serves:
        return None
    return pairs.worth(pairs.of_place(row.sign_up_id), policies.active())


def _need_left(event: Event, row: Attendance) -> None:
    """Pass for a presence that ended, of an event that nobody closes meanwhile."""
    # Not its key: others scan meanwhile.
    db.session.refresh(event, with_for_update={"key_share": True})
    db.session.refresh(row, with_for_update=True)
    if event.state != "published" or row.shift.closed_at is not None:
        raise refusals.EventNotRunning()
    if row.checked_out_at is None:
        raise refusals.NotCheckedOut()
    if _came_since(row, row.checked_out_at):
        raise refusals.CheckedInSince()


def _back(row: Attendance, by: Actor, at: datetime) -> Attendance:
    left_at, row.checked_out_at = row.checked_out_at, None
    journal.record(
        "attendance.take_back_check_out",
        row,
        account_id=by.account_id,
        door=by.door,
        at=at,
        checked_out_at=left_at.isoformat() if left_at else None,
    )
    db.session.flush()
    return row


def _last(event_id: int, volunteer_id: int) -> Attendance | None:
    query = select(Attendance).where(
        Attendance.event_id == event_id, Attendance.volunteer_id == volunteer_id
    )
    return db.session.scalars(query.order_by(Attendance.checked_in_at.desc()).limit(1)).first()


def _came_since(row: Attendance, left_at: datetime) -> bool:
    query = select(Attendance.id).where(
        Attendance.volunteer_id == row.volunteer_id, Attendance.checked_in_at >= left_at
    )
    return db.session.scalar(query.where(Attendance.id != row.id).limit(1)) is not None


def _is_in_time(
    left_at: datetime | None, shift_ends_at: datetime, at: datetime, policy: Policy
) -> bool:
    if left_at is None or at >= shift_ends_at:
        return False
    return at - left_at <= timedelta(minutes=policy.undo_check_out_minutes)


def _is_own_scan(row: Attendance) -> bool:
    """Tell whether the check-out came from the person's own scan, not from a leader's tick."""
    query = select(Scan.id).where(
        Scan.event_id == row.event_id,
        is_entry_of(Scan.volunteer_id, row.volunteer_id),
        Scan.kind == "out",
        Scan.outcome == "accepted",
        Scan.source != "roster",
        Scan.scanned_at == row.checked_out_at,
    )
    return db.session.scalar(query.limit(1)) is not None
