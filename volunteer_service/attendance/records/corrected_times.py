"""Corrects the times of a decided record; the rule gives its minutes.

A record of scans gets new times of arrival and departure, and another shift of its event where that
was wrong; minutes, daily cap and reasons follow as at a check-out. A record from a paper or a list
gets a new beginning and end, and all of that time counts. Scans are never changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from volunteer_service import policies, settings
from volunteer_service.attendance import refusals
from volunteer_service.attendance.check_ins import pairs
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.attendance.records import occupied_times
from volunteer_service.attendance.records.overlapping_records import (
    hold_people,
    minutes_by_day,
    overlapping,
)
from volunteer_service.db import db, fetch
from volunteer_service.errors import Invalid, NotFound
from volunteer_service.events.models import Attendance, Post, Shift
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.scoring.rules.reasons import Reason
from volunteer_service.scoring.rules.recognised_minutes import Recognised

#: The longest service without going home.
LONGEST = timedelta(hours=24)


@dataclass(frozen=True)
class Times:
    """The true times of arrival and departure, and the shift; ``None`` keeps the shift."""

    starts_at: datetime
    ends_at: datetime
    shift_id: int | None = None


@dataclass(frozen=True)
class Worth:
    """The record's new values, and whether a second person must decide first."""

    starts_at: datetime
    ends_at: datetime
    served_on: date
    minutes: int
    coefficient_centi: int
    reasons: list[Any]
    #: True above the daily cap, on another day, or on a post with another coefficient.
    needs_second: bool


def presence_of(record: ServiceRecord) -> Attendance | None:
    """Return the attendance by scans that the record is based on."""
    if record.source_type != "attendance":
        return None
    return db.session.get(Attendance, int(record.source_key))


def shifts_of(record: ServiceRecord) -> Sequence[Shift]:
    """Return the shifts of the record's event, by their beginning; empty without scans.

    Only shifts of posts that serve are returned, because a record is of service.
    """
    if record.source_type != "attendance" or record.event_id is None:
        return []
    query = (
        select(Shift)
        .options(joinedload(Shift.post))
        .join(Shift.post)
        .where(Shift.event_id == record.event_id, Shift.removed_at.is_(None), Post.serves)
    )
    return db.session.scalars(query.order_by(Shift.starts_at, Shift.id)).all()


def worth(record: ServiceRecord, times: Times, *, at: datetime) -> Worth:
    """Return what the record is worth with these times; refuse impossible times."""
    need_possible(times, at)
    shift = _shift(presence_of(record), times)
    day = settings.local_day(shift.starts_at if shift else times.starts_at)
    if HalfYear.of(day) != HalfYear.of(record.served_on):
        raise refusals.CorrectionLeavesHalfYear(field="starts_at")
    hold_people([record.volunteer_id])
    found = _by_scans(record, shift, times, day) if shift else _by_hand(record, times, day)
    first, last = _inside(times, shift)
    given = occupied_times.within(first, last, pairs.of_record(record))
    other = overlapping(record.volunteer_id, given, but=record.id)
    if found.minutes and other is not None:
        raise refusals.RecordOverlaps(record=other, field="starts_at")
    weighs = shift.post.coefficient_centi if shift else record.coefficient_centi
    is_elsewhere = (day, weighs) != (record.served_on, record.coefficient_centi)
    kept = (*found.reasons, Reason.of("times_corrected"))
    return Worth(
        starts_at=first,
        ends_at=last,
        served_on=day,
        minutes=found.minutes,
        coefficient_centi=weighs,
        reasons=[reason.to_dict() for reason in kept],
        needs_second=found.state == "waiting" or is_elsewhere,
    )


def is_so_already(record: ServiceRecord, times: Times) -> bool:
    """Tell whether the record has these times already."""
    rows = pairs.of_record(record)
    if not rows:
        return (record.starts_at, record.ends_at) == (times.starts_at, times.ends_at)
    row = rows[0]
    now = (row.checked_in_at, rows[-1].checked_out_at, row.shift_id)
    return now == (times.starts_at, times.ends_at, times.shift_id or row.shift_id)


def write(record: ServiceRecord, times: Times, found: Worth) -> None:
    """Write the times into record and attendance; their evidence is then a person's statement."""
    record.starts_at, record.ends_at = found.starts_at, found.ends_at
    record.served_on, record.coefficient_centi = found.served_on, found.coefficient_centi
    record.reasons = found.reasons
    rows = pairs.of_record(record, lock=True)
    if not rows:
        return
    served = occupied_times.within(times.starts_at, times.ends_at, rows)
    named = int(record.source_key)
    # The pair that names the record stays, whichever other pairs are removed.
    for row in sorted(rows, key=lambda each: each.id != named)[len(served) :]:
        db.session.delete(row)
    db.session.flush()
    kept = pairs.of_record(record)
    for row, (first, last) in zip(kept, served, strict=True):
        row.checked_in_at, row.checked_out_at = first, last
        row.shift_id = times.shift_id or row.shift_id
        row.grade = "leader"
    record.grade = "leader"
    db.session.flush()
    db.session.expire_all()


def _by_scans(record: ServiceRecord, shift: Shift, times: Times, day: date) -> Recognised:
    return pairs.recognised(
        shift,
        occupied_times.within(times.starts_at, times.ends_at, pairs.of_record(record)),
        policies.of(record.policy_version),
        _already(record, day),
    )


def _by_hand(record: ServiceRecord, times: Times, day: date) -> Recognised:
    """Return the whole time less the break of the record, which lasted and did not count."""
    pause = _minutes(record.starts_at, record.ends_at) - record.minutes if record.minutes else 0
    minutes = _minutes(times.starts_at, times.ends_at) - pause
    if minutes <= 0:
        raise Invalid(field="ends_at", why="时间太短，扣掉原来的休息就没有了。请更正分钟数")
    cap, sum_ = policies.of(record.policy_version).day_cap_minutes, _already(record, day) + minutes
    if sum_ <= cap:
        return Recognised(minutes, "recognised")
    over = Reason.of("over_day_cap", day_minutes=sum_, cap_minutes=cap)
    return Recognised(minutes, "waiting", (over,))


def _already(record: ServiceRecord, day: date) -> int:
    return minutes_by_day([record.volunteer_id], day, but=record.id)[record.volunteer_id]


def _minutes(first: datetime, last: datetime) -> int:
    return (last - first) // timedelta(minutes=1)


def _inside(times: Times, shift: Shift | None) -> tuple[datetime, datetime]:
    """Return beginning and end of the time given: the presence inside the shift, or the whole
    shift.
    """
    if shift is None:
        return times.starts_at, times.ends_at
    first, last = max(times.starts_at, shift.starts_at), min(times.ends_at, shift.ends_at)
    return (first, last) if first < last else (shift.starts_at, shift.ends_at)


def _shift(row: Attendance | None, times: Times) -> Shift | None:
    if row is None:
        if times.shift_id is not None:
            raise NotFound()
        return None
    shift = fetch(Shift, times.shift_id or row.shift_id)
    is_there = shift.event_id == row.event_id and shift.removed_at is None
    if not is_there or not shift.post.serves:
        raise NotFound()
    return shift


def need_possible(times: Times, at: datetime) -> None:
    """Pass for times of one service that is over: in order, and within 24 hours."""
    if times.ends_at <= times.starts_at:
        raise Invalid(field="ends_at", why="结束时间要晚于开始时间")
    if times.ends_at - times.starts_at > LONGEST:
        raise Invalid(field="ends_at", why="一次服务不超过 24 小时。请核对日期")
    if times.ends_at > at:
        raise refusals.NotOverYet(field="ends_at")
