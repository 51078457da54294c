"""Holds the minutes of those who came: no change of a shift makes their time worth less."""

from collections.abc import Sequence
from datetime import datetime

from volunteer_service import policies
from volunteer_service.events import refusals
from volunteer_service.events.event_states import EventState, ShiftState
from volunteer_service.events.models import Attendance
from volunteer_service.scoring.rules.recognised_minutes import recognise


def need_kept(
    came: Sequence[Attendance], was: EventState, now: EventState, *, at: datetime
) -> None:
    """Pass where everybody who came has at least the minutes they would have had.

    Of who has left the time is known. Who is inside is asked twice: as if they left now, and as if
    they stayed to the end of the shift, the earlier one of the two.
    """
    losers: dict[int, int] = {}
    for row in came:
        old, new = was.shifts[row.shift_id], now.shifts[row.shift_id]
        if old == new:
            continue
        lost = max(
            _minutes(old, row, left) - _minutes(new, row, left)
            for left in _leavings(row, old, new, at)
        )
        if lost > 0:
            losers[row.volunteer_id] = lost
    if losers:
        raise refusals.ChangeLosesMinutes(count=len(losers), minutes=max(losers.values()))


def _leavings(row: Attendance, old: ShiftState, new: ShiftState, at: datetime) -> set[datetime]:
    if row.checked_out_at is not None:
        return {row.checked_out_at}
    stays = min(old.ends_at, new.ends_at) if new.starts_at < old.ends_at else old.ends_at
    return {max(left, row.checked_in_at) for left in (at, stays)}


def _minutes(shift: ShiftState, row: Attendance, left: datetime) -> int:
    policy = policies.active()
    return recognise(shift.starts_at, shift.ends_at, row.checked_in_at, left, policy).minutes
