"""Read the pairs of entry and exit that a person has on one place; its record counts them all.

The record of a place is named after its first pair for good.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db, fetch
from volunteer_service.events.models import Attendance, Shift
from volunteer_service.scoring.rules.policy import Policy
from volunteer_service.scoring.rules.recognised_minutes import Pair, Recognised, recognise


def of_place(sign_up_id: int, *, lock: bool = False) -> Sequence[Attendance]:
    """Return a place's pairs, by time."""
    query = select(Attendance).where(Attendance.sign_up_id == sign_up_id)
    query = query.order_by(Attendance.checked_in_at, Attendance.id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(query).all()


def of_event(event_id: int) -> list[list[Attendance]]:
    """Return the pairs of an event, place by place, the earlier shifts first."""
    return list(_by_place(Attendance.event_id == event_id).values())


def of_places(sign_up_ids: Collection[int]) -> dict[int, list[Attendance]]:
    """Return the pairs of these sign-ups, by sign-up."""
    return _by_place(Attendance.sign_up_id.in_(sign_up_ids)) if sign_up_ids else {}


def _by_place(condition: ColumnElement[bool]) -> dict[int, list[Attendance]]:
    query = (
        select(Attendance)
        .join(Attendance.shift)
        .options(joinedload(Attendance.shift).joinedload(Shift.post))
        .where(condition)
        .order_by(Shift.starts_at, Attendance.checked_in_at, Attendance.id)
    )
    places: dict[int, list[Attendance]] = defaultdict(list)
    for row in db.session.scalars(query.execution_options(populate_existing=True)):
        places[row.sign_up_id].append(row)
    return places


def of_record(record: ServiceRecord, *, lock: bool = False) -> Sequence[Attendance]:
    """Return the pairs that a record of scans counts; none of a record without scans."""
    if record.source_type != "attendance":
        return []
    return of_place(fetch(Attendance, int(record.source_key)).sign_up_id, lock=lock)


def names_record(rows: Sequence[Attendance]) -> str:
    """Return the ``source_key`` of the record of these pairs."""
    return str(min(row.id for row in rows))


def times(rows: Iterable[Attendance]) -> tuple[Pair, ...]:
    """Return the entries with their exits."""
    return tuple((row.checked_in_at, row.checked_out_at) for row in rows)


def is_ended(rows: Sequence[Attendance]) -> bool:
    """Tell whether the person left for the last time."""
    return all(row.checked_out_at is not None for row in rows)


def grade(rows: Iterable[Attendance]) -> str:
    """Return the evidence grade of all: that of the weakest."""
    return "leader" if any(row.grade == "leader" for row in rows) else "scanned"


def worth(rows: Sequence[Attendance], policy: Policy, already: int = 0) -> Recognised:
    """Return what the pairs are worth on their shift, by the rule that closes it."""
    return recognised(rows[0].shift, times(rows), policy, already)


def recognised(
    shift: Shift, served: Sequence[Pair], policy: Policy, already: int = 0
) -> Recognised:
    """Return what entries with their exits are worth on a shift with its breaks."""
    breaks = shift.planned_breaks
    return recognise(shift.starts_at, shift.ends_at, served, policy, already, breaks=breaks)


def span(rows: Sequence[Attendance]) -> tuple[datetime, datetime]:
    """Return beginning and end of the time given: the presence inside the shift, or the whole
    shift.
    """
    shift = rows[0].shift
    start = max(rows[0].checked_in_at, shift.starts_at)
    end = min(rows[-1].checked_out_at or shift.ends_at, shift.ends_at)
    return (start, end) if start < end else (shift.starts_at, shift.ends_at)
