"""Protects the minutes of people who came: no change of a shift makes their time worth less."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from volunteer_service import policies
from volunteer_service.events import refusals
from volunteer_service.events.event_states import EventState, ShiftState
from volunteer_service.events.stays import Presence
from volunteer_service.scoring.rules.recognised_minutes import recognise


def need_kept(came: Iterable[Presence], was: EventState, now: EventState, *, at: datetime) -> None:
    """Pass if everybody who came has at least the minutes they would have had.

    The time of people who have left is known. People inside are checked twice: as if they left now,
    and as if they stayed to the earlier of the two ends of the shift.
    """
    places: dict[int, list[Presence]] = defaultdict(list)
    for row in came:
        places[row.sign_up_id].append(row)
    losers: dict[int, int] = {}
    for rows in places.values():
        old, new = was.shifts[rows[0].shift_id], now.shifts[rows[0].shift_id]
        if old == new or not rows[0].shift.post.serves:
            continue
        leavings = _leavings(rows, old, new, at)
        lost = max(_minutes(old, rows, left) - _minutes(new, rows, left) for left in leavings)
        if lost > 0:
            losers[rows[0].volunteer_id] = lost
    if losers:
        raise refusals.ChangeLosesMinutes(count=len(losers), minutes=max(losers.values()))


def _leavings(
    rows: Sequence[Presence], old: ShiftState, new: ShiftState, at: datetime
) -> set[datetime]:
    """Return the instants to check: now and the end of the shift; only now if all have left."""
    if all(row.checked_out_at is not None for row in rows):
        return {at}
    stays = min(old.ends_at, new.ends_at) if new.starts_at < old.ends_at else old.ends_at
    return {at, stays}


def _minutes(shift: ShiftState, rows: Sequence[Presence], left: datetime) -> int:
    pairs = [
        (row.checked_in_at, row.checked_out_at or max(left, row.checked_in_at)) for row in rows
    ]
    found = recognise(shift.starts_at, shift.ends_at, pairs, policies.active(), breaks=shift.breaks)
    return found.minutes
