"""Late scans of presences that exist: the earliest entry and the latest exit count.

Two leaders at one gate, one of them without network, scan the same person. The scan that arrives
later moves an entry back or an exit forward, if it is valid there; a scan that changes nothing is a
duplicate.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import bindparam, exists, update

from volunteer_service.attendance.check_ins import pairs
from volunteer_service.attendance.check_ins.situation import Kind, Place, Standing
from volunteer_service.db.prepared_statements import Prepared
from volunteer_service.events.models import Attendance, Event, Shift
from volunteer_service.scoring.rules.policy import Policy

_OPEN = (
    Attendance.id == bindparam("attendance"),
    exists().where(
        Event.id == Attendance.event_id,
        Event.state == "published",
        Shift.id == Attendance.shift_id,
        Shift.closed_at.is_(None),
    ),
)
#: Only if the end is still the one that the scan was compared with.
_BACK = Prepared(
    update(Attendance)
    .where(*_OPEN, Attendance.checked_in_at == bindparam("was"))
    .returning(Attendance.id)
)
_ON = Prepared(
    update(Attendance)
    .where(*_OPEN, Attendance.checked_out_at == bindparam("was"))
    .returning(Attendance.id)
)


@dataclass(frozen=True)
class Better:
    """An end of a pair that a late scan proves better: the pair, and the time there before."""

    place: Place
    number: int
    kind: Kind
    was: datetime

    @property
    def verb(self) -> Literal["attendance.earlier_entry", "attendance.later_exit"]:
        """Return the journal's name for it."""
        return "attendance.earlier_entry" if self.kind == "in" else "attendance.later_exit"

    def pair(self) -> Attendance:
        """Return the pair."""
        return pairs.of_place(self.place.sign_up_id or 0)[self.number]

    def move(self, row: Attendance, at: datetime, grade: str | None) -> bool:
        """Move the end to ``at``; return False if another scan or the closing was quicker."""
        column = "checked_in_at" if self.kind == "in" else "checked_out_at"
        values = {"attendance": row.id, "was": self.was, column: at}
        return (_BACK if self.kind == "in" else _ON).happens(
            values if grade is None else values | {"grade": grade}
        )


def better(found: Standing, at: datetime, kind: Kind | None) -> Better | None:
    """Return the end of a pair that a scan at ``at`` moves: an entry to an earlier or an exit to a
    later time, within the shift's window and between the pairs around it.

    Without a ``kind`` a scan soon after an exit (policy) is a later exit; one before an entry is
    an earlier entry.
    """
    if found.state != "published":
        return None
    for place in found.places:
        if place.is_open:
            for number in range(len(place.pairs)):
                end = _better(place, number, at, kind, found.policy)
                if end is not None:
                    return end
    return None


def is_double(found: Standing, at: datetime, received_at: datetime, kind: Kind | str) -> bool:
    """Tell whether a late scan repeats what is known: the person was inside then.

    An entry at the instant of the exit, or an exit at that of the entry, does not repeat it.
    """
    if at == received_at:
        return False
    for place in found.places:
        for first, last in place.pairs:
            if first <= at and (last is None or at <= last):
                return kind == "in" or last is not None
    return False


def _better(
    place: Place, number: int, at: datetime, kind: Kind | None, policy: Policy
) -> Better | None:
    first, last = place.pairs[number]
    left = place.pairs[number - 1][1] if number else None
    again = place.pairs[number + 1][0] if number + 1 < len(place.pairs) else None
    if last is not None and last < at and (again is None or at < again):
        soon = at - last <= timedelta(minutes=policy.undo_check_out_minutes)
        fits = kind == "out" or (kind is None and soon)
        return Better(place, number, "out", last) if fits and _in_time(place, at, policy) else None
    is_before = at < first and (left is None or left < at)
    if kind != "out" and is_before and place.takes_in(at, policy):
        return Better(place, number, "in", first)
    return None


def _in_time(place: Place, at: datetime, policy: Policy) -> bool:
    return at <= place.counts_until(policy)
