"""Reopens shifts that were closed today, and their event; takes back their records and no-shows.

A person's decision on a record stays: its shift remains closed, and the record is corrected
instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, cast, delete, exists, select

from volunteer_service import journal, settings
from volunteer_service.attendance import refusals
from volunteer_service.attendance.models import (
    Correction,
    Dispute,
    RecordChange,
    Scan,
    ServiceRecord,
)
from volunteer_service.db import db, fetch
from volunteer_service.events import event_teams, no_shows
from volunteer_service.events.models import Attendance, Event, Shift
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.visible_text import said


@dataclass(frozen=True)
class Reopened:
    """How many shifts are open again, and how many records and no-shows were taken back."""

    shifts: int
    records: int
    no_shows: int


@said("reason")
def reopen(event_id: int, *, reason: str, by: Actor, at: datetime) -> Reopened:
    """Accept check-ins of an event again, on the day on which it was closed.

    Records that nobody has decided are made again at the next closing; a no-show holds the place
    again. The service closes what was reopened at the end of the day.
    """
    event = fetch(Event, event_id, lock=True)
    event_teams.need(by, Right.RECORD_CONFIRM, event)
    if event.state not in ("published", "closed"):
        raise refusals.EventNotRunning()
    shifts = _closed_today(event, at)
    if not shifts:
        raise refusals.NothingToReopen()
    ids = [shift.id for shift in shifts]
    day_ends = settings.day_ends(settings.local_day(at)).astimezone(at.tzinfo)
    records = _take_back_records(ids)
    _take_back_entries(event, ids)
    for shift in shifts:
        shift.closed_at = None
        shift.open_until = day_ends if shift.ends_at <= at else None
    event.state, event.closed_at = "published", None
    event.version += 1
    back = no_shows.hold_again(ids, by=by, at=at)
    done = Reopened(len(ids), records, back)
    facts = vars(done) | {"reason": reason}
    journal.record(
        "attendance.reopen", event, account_id=by.account_id, door=by.door, at=at, **facts
    )
    db.session.flush()
    return done


def may_reopen(event: Event, *, at: datetime) -> bool:
    """Tell whether a page may offer it."""
    return event.state in ("published", "closed") and bool(_closed_today(event, at))


def _closed_today(event: Event, at: datetime) -> Sequence[Shift]:
    """Return the shifts closed on this local day with no decided record."""
    today = settings.local_day(at)
    query = select(Shift).where(Shift.event_id == event.id, Shift.closed_at.is_not(None))
    decided = (
        select(ServiceRecord.id)
        .join(Attendance, cast(Attendance.id, String) == ServiceRecord.source_key)
        .where(
            ServiceRecord.source_type == "attendance",
            Attendance.shift_id == Shift.id,
            (ServiceRecord.state == "confirmed")
            | exists().where(RecordChange.record_id == ServiceRecord.id)
            | exists().where(Dispute.record_id == ServiceRecord.id)
            | exists().where(Correction.record_id == ServiceRecord.id),
        )
        .exists()
    )
    rows = db.session.scalars(query.where(~decided).order_by(Shift.starts_at, Shift.id)).all()
    return [row for row in rows if row.closed_at and settings.local_day(row.closed_at) == today]


def _take_back_records(shift_ids: Sequence[int]) -> int:
    of_shifts = select(cast(Attendance.id, String)).where(Attendance.shift_id.in_(shift_ids))
    gone = db.session.execute(
        delete(ServiceRecord).where(
            ServiceRecord.source_type == "attendance", ServiceRecord.source_key.in_(of_shifts)
        )
    )
    return int(getattr(gone, "rowcount", 0))


def _take_back_entries(event: Event, shift_ids: Sequence[int]) -> None:
    """Take back entries that the closing made for people who stayed from the shift before.

    No scan made them: a scan would have left a row at this instant.
    """
    scanned = exists().where(
        Scan.event_id == event.id,
        Scan.volunteer_id == Attendance.volunteer_id,
        Scan.kind == "in",
        Scan.outcome == "accepted",
        Scan.scanned_at == Attendance.checked_in_at,
    )
    began = exists().where(
        Shift.id == Attendance.shift_id, Shift.starts_at == Attendance.checked_in_at
    )
    db.session.execute(
        delete(Attendance).where(
            Attendance.shift_id.in_(shift_ids),
            Attendance.checked_out_at.is_(None),
            Attendance.grade == "leader",
            began,
            ~scanned,
        )
    )
    db.session.expire_all()
