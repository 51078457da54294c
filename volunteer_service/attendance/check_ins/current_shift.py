"""Which shift a person is in, or may enter now: one rule for scan, tick, gate, late taps and pages.

The table of cases in docs/rules.md states it in words, and a test runs those cases.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from volunteer_service.attendance import refusals
from volunteer_service.attendance.check_ins.situation import (
    Kind,
    Place,
    Standing,
    is_counted,
    local_words,
)
from volunteer_service.errors import Refused
from volunteer_service.events import stays
from volunteer_service.people.registrations.registration_state import need_registered
from volunteer_service.scoring.rules.policy import Policy
from volunteer_service.scoring.rules.recognised_minutes import window

#: Two taps at the door are one: so soon after entering a scan without a button is no exit.
ONE_TAP = timedelta(minutes=1)


@dataclass(frozen=True)
class Stay:
    """A presence that continues: the shift entered, and those that follow it without a pause."""

    entered: Place
    #: Places of the person that begin before the check-out of the one before them ends.
    then: tuple[Place, ...]

    @property
    def since(self) -> datetime:
        """Return when the person came in and has not left since."""
        return self.entered.pairs[-1][0]

    def last(self, at: datetime) -> Place:
        """Return the place on which the person is at this time."""
        return next((p for p in reversed(self.then) if p.starts_at < at), self.entered)

    def up_to(self, at: datetime) -> tuple[Place, ...]:
        """Return the places after the first on which the person was until this time."""
        return tuple(place for place in self.then if place.starts_at < at)

    def begun(self, at: datetime) -> tuple[Place, ...]:
        """Return the places of which the one before is over at this time."""
        before = (self.entered, *self.then)
        return tuple(p for was, p in zip(before, self.then, strict=False) if was.ends_at <= at)

    def lasts_until(self, policy: Policy) -> datetime:
        """Return the last instant at which it may be ended; later the check-out was forgotten."""
        return max(place.counts_until(policy) for place in (self.entered, *self.then))


@dataclass(frozen=True)
class Fit:
    """The scan that fits now and its shifts, the first choice first, and what part of a stay it
    ends.
    """

    kind: Kind
    places: tuple[Place, ...]
    stay: Stay | None = None


def stay(found: Standing, at: datetime) -> Stay | None:
    """Return where the person is right now; None once they left, or the check-out was forgotten."""
    for place in reversed(found.places):
        if place.is_entered:
            going_on = Stay(place, following(place, found.places, found.policy))
            is_open = any(each.is_open for each in (place, *going_on.then))
            is_alive = is_open and at <= going_on.lasts_until(found.policy)
            # A shift that was closed without an exit does not continue into a place taken later.
            if is_alive and (place.is_open or not is_counted(place)):
                return going_on
    return None


def present(found: Standing, at: datetime) -> Place | None:
    """Return the shift on which the person is right now."""
    here = stay(found, at)
    return here.last(at) if here else None


def following(first: Place, places: tuple[Place, ...], policy: Policy) -> tuple[Place, ...]:
    """Return the person's own places that begin, one after the other, before the check-out of the
    one before ends.
    """
    held = (place for place in places if place.is_confirmed and not place.pairs)
    return tuple(stays.chained(first, held, policy))


def fitting(
    found: Standing, at: datetime, kind: Kind | None = None, shift_id: int | None = None
) -> Fit:
    """Return the scan that fits; or the refusal that says why none does.

    Without a ``kind`` the scan itself says nothing; ``shift_id`` chooses among the shifts of a
    check-in.
    """
    here = stay(found, at) if found.state == "published" else None
    if kind is None:
        if here is None:
            fit = _entrance(found, at, is_said=False)
        else:
            fit = _crossing(here, at, found.policy) or _way_out(found, here, at)
    elif kind == "in":
        fit = _entrance(found, at) if here is None else _next(found, here, at)
    else:
        fit = _way_out(found, here, at)
    chosen = tuple(place for place in fit.places if shift_id in (None, place.shift_id))
    if fit.kind == "in" and not chosen:
        raise refusals.ShiftNotOpen()
    return Fit(fit.kind, chosen, fit.stay) if fit.kind == "in" else fit


def need_new_tap(found: Standing, at: datetime) -> None:
    """Refuse the same tap once more: without a button it would undo what the first one did."""
    ends = {end for place in found.places for pair in place.pairs[-1:] for end in pair if end}
    if found.state == "published" and any(abs(at - end) < ONE_TAP for end in ends):
        is_inside = stay(found, at) is not None
        raise refusals.AlreadyCheckedIn() if is_inside else refusals.AlreadyCheckedOut()


def _entrance(found: Standing, at: datetime, *, is_said: bool = True) -> Fit:
    """Return the shifts that a person who is not inside may enter now, their own before others."""
    _must_run(found)
    need_registered(found.volunteer_id, found.person_state)
    own = [place for place in found.places if place.is_confirmed]
    ready = [place for place in own if place.takes_in(at, found.policy) and not place.is_entered]
    fresh = [place for place in ready if not _just_left(place, at, found.policy)]
    if fresh:
        # A shift that runs comes before one that is about to begin.
        return Fit("in", tuple(sorted(fresh, key=lambda p: (p.starts_at > at, p.starts_at))))
    left = any(_just_left(place, at, found.policy) for place in found.places)
    if ready or (left and not is_said):
        raise refusals.AlreadyCheckedOut()
    others = _others(found, at)
    if others:
        return Fit("in", others)
    raise _why_closed(found, at)


def _next(found: Standing, here: Stay, at: datetime) -> Fit:
    """Return the shift after the one that is over, for a person still inside: their own, else one
    with room.
    """
    _must_run(found)
    own = tuple(place for place in here.begun(at) if place.takes_in(at, found.policy))
    if own:
        return Fit("in", own[-1:], here)
    others = _others(found, at) if at >= here.last(at).ends_at else ()
    if others:
        return Fit("in", others, here)
    raise refusals.AlreadyCheckedIn()


def _crossing(here: Stay, at: datetime, policy: Policy) -> Fit | None:
    """Return «in» for the next shift, around its beginning, for a person who stays; later a scan
    means «out».
    """
    late = timedelta(minutes=policy.late_minutes)
    begun = here.begun(at)
    if begun and begun[-1].takes_in(at, policy) and at < begun[-1].starts_at + late:
        return Fit("in", begun[-1:], here)
    return None


def _way_out(found: Standing, here: Stay | None, at: datetime) -> Fit:
    """Return the exit of a person inside. Only minutes inside the shift count, so a late one gains
    none.
    """
    _must_run(found)
    if here is not None:
        entered = here.entered.checked_in_at
        if entered is not None and at < entered:
            # Two servers' clocks differ by seconds; by more, it is no exit of this entry.
            is_skew = entered - at < ONE_TAP
            raise refusals.AlreadyCheckedIn() if is_skew else refusals.NotCheckedIn()
        return Fit("out", (here.last(at),), here)
    if any(place.is_entered for place in found.places):
        raise refusals.CheckOutForgotten()
    raise refusals.NotCheckedIn() if found.last is None else refusals.AlreadyCheckedOut()


def _others(found: Standing, at: datetime) -> tuple[Place, ...]:
    """Return the shifts where the person has no place, which admit people now and overlap none of
    their own.
    """
    own = [place for place in found.places if place.is_confirmed]
    return tuple(
        place
        for place in found.places
        if not place.is_confirmed
        and place.takes_in(at, found.policy)
        and not any(p.starts_at < place.ends_at and place.starts_at < p.ends_at for p in own)
    )


def _just_left(place: Place, at: datetime, policy: Policy) -> bool:
    """Tell whether the person left so recently that they should take the exit back instead of
    entering.
    """
    left = place.checked_out_at
    return left is not None and at - left <= timedelta(minutes=policy.undo_check_out_minutes)


def _why_closed(found: Standing, at: datetime) -> Refused:
    ahead = [p for p in found.places if p.is_open and p.ends_at >= at and not p.pairs]
    own = [place for place in ahead if place.is_confirmed]
    last = found.last
    if last is not None and not own and not last.is_entered:
        return refusals.AlreadyCheckedOut()
    if not ahead:
        return refusals.EventOver() if last is None else refusals.CheckOutForgotten()
    first = (own or ahead)[0]
    opens = window(first.starts_at, first.ends_at, found.policy)[0]
    return refusals.EventNotOpen(opens=local_words(opens))


def _must_run(found: Standing) -> None:
    if found.state == "cancelled":
        raise refusals.EventCalledOff()
    if found.state != "published":
        raise refusals.EventOver()
