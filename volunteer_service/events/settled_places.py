"""Settles everybody's place after a change of their event: who stays, who waits, who gets one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from volunteer_service.db import db
from volunteer_service.events import change_messages, event_states, refusals, sign_ups
from volunteer_service.events.event_states import HELD, EventState
from volunteer_service.events.models import Event, Shift, SignUp
from volunteer_service.events.stays import Presence
from volunteer_service.people.authorization.actor import Actor

#: What a change may mean for somebody.
OUTCOMES = (
    "moved",
    "inside",
    "waiting",
    "promoted",
    "offered",
    "clash",
    "too_young",
    "removed",
    "restored",
    "team",
    "serves",
    "serves_inside",
    "takes_part",
)


@dataclass(frozen=True)
class Touched:
    """What a change means for one person who signed up.

    ``moved``: another time; ``waiting``: the place no longer exists; ``promoted``: from the waiting
    list; ``offered``: a place to answer for; ``clash`` with another sign-up, ``too_young`` or
    ``removed``: the place ended; ``team``: another team; ``inside``: checked in already. ``serves``
    and ``takes_part``: the post serves now, or no longer; ``serves_inside``: it does, and the
    person is checked in.
    """

    sign_up_id: int
    volunteer_id: int
    name: str
    outcome: str


def settle(
    event: Event, was: EventState, here: Sequence[Presence], *, by: Actor, at: datetime
) -> None:
    """Set the state of every place of a changed shift, so that none is held twice or beyond the
    capacity.

    ``here``: the people who came to a shift or stayed on it before the change.
    """
    db.session.flush()
    rows = event_states.sign_ups_of(event.id)
    came = {row.sign_up_id for row in here}
    for shift in event_states.shifts_of(event.id):
        old = was.shifts[shift.id]
        if event_states.shift_state(shift) == old:
            continue
        mine = [row for row in rows if row.shift_id == shift.id and row.state in HELD]
        is_moved = (old.starts_at, old.ends_at) != (shift.starts_at, shift.ends_at)
        _settle_shift(shift, mine, came, is_moved=is_moved, by=by, at=at)


def _settle_shift(
    shift: Shift,
    rows: Sequence[SignUp],
    came: set[int],
    *,
    is_moved: bool,
    by: Actor,
    at: datetime,
) -> None:
    for row in rows:
        if row.id not in came and why_not(row, shift) is not None:
            row.state, row.cancelled_at, row.offered_until = "cancelled", at, None
    db.session.flush()
    if shift.removed_at is not None:
        return
    holding = [row for row in rows if row.state == "confirmed"]
    inside = [row for row in holding if row.id in came]
    if len(inside) > shift.capacity:
        raise refusals.CapacityBelowPresent(field="capacity", count=len(inside))
    first_come = inside + [row for row in holding if row.id not in came]
    for row in first_come[shift.capacity :]:
        row.state = "waiting"
    db.session.flush()
    asked = _take_offers_back(shift, rows) if is_moved or sign_ups.free_places(shift) < 0 else []
    fill(shift, by=by, at=at)
    for row in asked:
        if row.state == "waiting" and row.offered_until is None:
            change_messages.tell_placed(row, shift, at=at)


def _take_offers_back(shift: Shift, rows: Sequence[SignUp]) -> list[SignUp]:
    """End the offers of a shift whose time no longer fits, or whose place no longer exists."""
    asked = [row for row in rows if row.state == "waiting" and row.offered_until is not None]
    for row in asked:
        row.offered_until = None
    db.session.flush()
    return asked


def fill(shift: Shift, *, by: Actor, at: datetime) -> None:
    """Give the free places of a shift that has not ended to those who wait for one."""
    free = sign_ups.free_places(shift)
    while free > 0 and at < shift.ends_at:
        sign_ups.promote(shift, by, at)
        db.session.flush()
        left = sign_ups.free_places(shift)
        if left == free:
            return
        free = left


def why_not(row: SignUp, shift: Shift) -> str | None:
    """Return why this sign-up ends on the shift as it is now; None where it stays."""
    if shift.removed_at is not None:
        return "removed"
    if sign_ups.is_too_young(row.volunteer, shift):
        return "too_young"
    holds = row.state == "confirmed"
    return "clash" if holds and sign_ups.elsewhere(row.volunteer_id, shift) is not None else None


def touched(
    event: Event, was: EventState, now: EventState, here: Sequence[Presence]
) -> tuple[Touched, ...]:
    """Return everybody whom the change affects, and how, first come first."""
    came = {row.sign_up_id for row in here}
    shifts = {row.id: row for row in event_states.shifts_of(event.id)}
    found = []
    for row in event_states.sign_ups_of(event.id):
        outcome = _outcome(row, shifts[row.shift_id], was, now, is_inside=row.id in came)
        if outcome is not None:
            found.append(Touched(row.id, row.volunteer_id, row.volunteer.name, outcome))
    return tuple(found)


def counted(people: Sequence[Touched]) -> Counter[str]:
    """Return how many there are of each outcome."""
    return Counter(row.outcome for row in people)


def _outcome(
    row: SignUp, shift: Shift, was: EventState, now: EventState, *, is_inside: bool
) -> str | None:
    before, after = was.sign_ups.get(row.id, "cancelled"), now.sign_ups[row.id]
    if before not in HELD and after not in HELD:
        return None
    if before != after:
        if after == "waiting":
            return "waiting"
        if after == "confirmed":
            return "promoted" if before == "waiting" else "restored"
        return why_not(row, shift) or "clash"
    old, new = was.shifts[row.shift_id], now.shifts[row.shift_id]
    if (old.starts_at, old.ends_at, old.breaks) != (new.starts_at, new.ends_at, new.breaks):
        return "inside" if is_inside else "moved"
    if row.id in now.offers - was.offers:
        return "offered"
    return "team" if was.team_id != now.team_id else None
