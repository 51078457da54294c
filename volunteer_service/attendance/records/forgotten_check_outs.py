"""Forgotten check-outs: the volunteer says when they left, a leader agrees or says otherwise.

A record without an end waits (``waits_for`` «end»). Its volunteer is asked when the shift is
closed; what they state proves nothing, so the end is graded as the word of the leader who sets it
(:func:`record_decisions.set_end`).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from volunteer_service import journal, paging
from volunteer_service.areas.models import Area
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.attendance.records import record_decisions
from volunteer_service.db import db, fetch
from volunteer_service.errors import NotFound
from volunteer_service.events.models import Attendance, Shift
from volunteer_service.people.authorization import rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.messages import messages
from volunteer_service.teams.models import Team

#: Ends that volunteers stated come first, the older service before the newer.
SORTS = paging.Sorts(ServiceRecord.id, "served_on", served_on=ServiceRecord.served_on)


@dataclass(frozen=True)
class Waiting:
    """A record that waits for its end, the entry, and an end to begin with."""

    record: ServiceRecord
    entered_at: datetime
    shift: Shift
    suggested: datetime
    #: The volunteer stated it; half of the others had left by then; or the shift ended then.
    because: Literal["stated", "others", "shift"]


def state_end(record_id: int, *, ends_at: datetime, by: Actor, at: datetime) -> ServiceRecord:
    """State when one left a shift without checking out; its leader is told and decides.

    The time is after the last entry and not after the end of the shift. It may be changed until the
    decision.
    """
    record = fetch(ServiceRecord, record_id, lock=True)
    if by.volunteer_id is None or record.volunteer_id != by.volunteer_id:
        raise NotFound()
    # In whole minutes, as people say it and as a page sends it back.
    ends_at = ends_at.replace(second=0, microsecond=0)
    record_decisions.open_pair(record, ends_at)
    record.stated_ends_at = ends_at
    record.version += 1
    if record.event is not None:
        facts = {"record": record.id, "day": record.served_on.isoformat()}
        messages.tell_account(record.event.leader_id, "end_stated", at=at, **facts)
    journal.record(
        "attendance.state_end",
        record,
        account_id=by.account_id,
        door=by.door,
        at=at,
        ends_at=ends_at.isoformat(),
    )
    db.session.flush()
    return record


def of_volunteer(volunteer_id: int) -> Sequence[Waiting]:
    """Return a person's own records that wait for their end, the oldest first."""
    query = select(ServiceRecord).where(ServiceRecord.volunteer_id == volunteer_id, *_WAITING)
    records = db.session.scalars(query.order_by(ServiceRecord.starts_at).limit(20)).all()
    return _waiting(records)


def inbox(by: Actor, *, cursor: str | None = None, limit: int = 50) -> paging.Page[Waiting]:
    """Return the records whose end this reader may set, the oldest service first; not their own."""
    paths, teams = rights.places(by, Right.RECORD_CONFIRM)
    below = [Area.path.startswith(path, autoescape=True) for path in paths]
    query = (
        select(ServiceRecord)
        .join(ServiceRecord.team)
        .join(Team.area)
        .join(ServiceRecord.volunteer)
        .options(contains_eager(ServiceRecord.volunteer), contains_eager(ServiceRecord.team))
        .where(or_(ServiceRecord.team_id.in_(teams), *below), *_WAITING)
    )
    if by.volunteer_id is not None:
        query = query.where(ServiceRecord.volunteer_id != by.volunteer_id)
    page = paging.page(query, SORTS, cursor=cursor, limit=limit)
    return paging.Page(_waiting(page.items), page.next)


def waiting_of(record: ServiceRecord) -> Waiting | None:
    """Return what is known of the missing end of a record; None where none is missing."""
    is_open = (record.state, record.waits_for) == ("waiting", "end")
    return _waiting([record])[0] if is_open else None


_WAITING = (ServiceRecord.state == "waiting", ServiceRecord.waits_for == "end")


def _waiting(records: Sequence[ServiceRecord]) -> list[Waiting]:
    named = [int(record.source_key) for record in records]
    query = select(Attendance).where(Attendance.id.in_(named))
    first = {row.id: row for row in db.session.scalars(query.options(joinedload(Attendance.shift)))}
    entries = _last_entries([row.sign_up_id for row in first.values()])
    shifts = {row.shift_id: row.shift for row in first.values()}
    left = _leavings(list(shifts))
    found = []
    for record in records:
        row = first[int(record.source_key)]
        entry, shift = entries[row.sign_up_id], shifts[row.shift_id]
        found.append(_suggested(record, entry, shift, left[row.shift_id]))
    return found


def _suggested(
    record: ServiceRecord, entry: datetime, shift: Shift, left: Sequence[datetime]
) -> Waiting:
    """Return the end that the volunteer stated, else when half of the others had left, else the
    shift's end.
    """
    if record.stated_ends_at is not None:
        return Waiting(record, entry, shift, record.stated_ends_at, "stated")
    after = sorted(min(each, shift.ends_at) for each in left if each > entry)
    if after:
        return Waiting(record, entry, shift, after[(len(after) - 1) // 2], "others")
    return Waiting(record, entry, shift, shift.ends_at, "shift")


def _last_entries(sign_up_ids: Sequence[int]) -> dict[int, datetime]:
    query = (
        select(Attendance.sign_up_id, func.max(Attendance.checked_in_at))
        .where(Attendance.sign_up_id.in_(sign_up_ids))
        .group_by(Attendance.sign_up_id)
    )
    return dict(db.session.execute(query).all())


def _leavings(shift_ids: Sequence[int]) -> dict[int, list[datetime]]:
    """Return when each person left these shifts for the last time, by shift."""
    last = func.max(Attendance.checked_out_at)
    query = (
        select(Attendance.shift_id, last)
        .where(Attendance.shift_id.in_(shift_ids))
        .group_by(Attendance.shift_id, Attendance.sign_up_id)
        .having(func.count() == func.count(Attendance.checked_out_at))
    )
    found: dict[int, list[datetime]] = defaultdict(list)
    for shift_id, left in db.session.execute(query):
        if left is not None:
            found[shift_id].append(left)
    return found
