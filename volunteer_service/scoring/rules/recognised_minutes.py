"""Recognised minutes: the time that counts for a presence on a shift, proved by two scans."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from volunteer_service.scoring.rules.policy import Policy
from volunteer_service.scoring.rules.reasons import Reason

#: Every reason this rule gives, with the names of its numbers (pages and API word them all).
REASONS: dict[str, tuple[str, ...]] = {
    "no_check_out": (),
    "check_out_before_check_in": ("minutes",),
    "check_in_before_window": ("minutes", "allowed_minutes"),
    "check_out_after_window": ("minutes", "allowed_minutes"),
    "presence_too_short": ("minutes", "needed_minutes", "shift_minutes"),
    "breaks_taken_off": ("minutes",),
    "rounded_down": ("minutes", "from_minutes", "step_minutes"),
    "over_day_cap": ("day_minutes", "cap_minutes"),
}

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Recognised:
    """``recognised``: may be confirmed; ``waiting``: a person decides; ``nothing``: earns nothing.

    A record that waits because of the daily cap has the minutes that it would be worth.
    """

    minutes: int
    state: Literal["recognised", "waiting", "nothing"]
    reasons: tuple[Reason, ...] = ()


#: An entry and its exit; None while there is none.
Pair = tuple[datetime, datetime | None]
#: A beginning and an end.
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class _Presence:
    """The shift, and the ended pairs of entry and exit on it, by time."""

    shift_start: datetime
    shift_end: datetime
    pairs: tuple[Span, ...]
    #: Planned breaks of the shift, by time.
    breaks: tuple[Span, ...] = ()

    @property
    def shift(self) -> timedelta:
        """Return the length of the shift without its breaks."""
        return self._served(self.shift_start, self.shift_end)

    @property
    def inside(self) -> timedelta:
        """Return the sum of the pairs, each clamped to the shift, less the breaks."""
        return sum((self._served(first, last) for first, last in self.pairs), timedelta())

    @property
    def paused(self) -> timedelta:
        """Return the time of the pairs that falls into breaks."""
        return sum((self._clamped(*pair) for pair in self.pairs), timedelta()) - self.inside

    def _clamped(self, first: datetime, last: datetime) -> timedelta:
        return max(min(last, self.shift_end) - max(first, self.shift_start), timedelta())

    def _served(self, first: datetime, last: datetime) -> timedelta:
        served, since = timedelta(), first
        for begins, ends in self.breaks:
            served += self._clamped(since, min(begins, last))
            since = max(since, ends)
        return served + self._clamped(since, last)

    def needed(self, policy: Policy) -> timedelta:
        return max(self.shift * policy.presence_percent / 100, _MINUTE)


def window(shift_start: datetime, shift_end: datetime, policy: Policy) -> tuple[datetime, datetime]:
    """Return the first and last instant (both inclusive, UTC) at which a scan is on time."""
    return (
        _utc(shift_start) - timedelta(minutes=policy.early_minutes),
        _utc(shift_end) + timedelta(minutes=policy.late_minutes),
    )


def recognise(
    shift_start: datetime,
    shift_end: datetime,
    pairs: Sequence[Pair],
    policy: Policy,
    minutes_already_today: int = 0,
    *,
    breaks: Sequence[Span] = (),
) -> Recognised:
    """Return whole minutes inside the shift, rounded down once to the policy's step (6 min).

    They are the sum of all pairs of entry and exit, without the planned ``breaks`` of the shift.
    Below the policy's share (60 %) of the shift without its breaks they are 0. The record waits if
    an exit is missing, or if the local day on which the shift starts would exceed the daily cap
    (480 min). Scans outside the on-time window are named, not punished: only minutes inside the
    shift count.
    """
    start, end = _utc(shift_start), _utc(shift_end)
    if end <= start:
        raise ValueError("a shift ends after it starts")
    ended: list[Span] = []
    for first, last in pairs:
        if last is None:
            return Recognised(0, "waiting", (Reason.of("no_check_out"),))
        entered, left = _utc(first), _utc(last)
        if left < entered:
            backwards = Reason.of("check_out_before_check_in", minutes=_up(entered - left))
            return Recognised(0, "nothing", (backwards,))
        ended.append((entered, left))
    if not ended:
        raise ValueError("a presence has an entry")
    pauses = sorted((_utc(begins), _utc(stops)) for begins, stops in breaks)
    presence = _Presence(start, end, tuple(ended), tuple(pauses))
    flags = (*_off_window(presence, policy), *_paused(presence))
    if presence.inside < presence.needed(policy):
        return Recognised(0, "nothing", (*flags, _too_short(presence, policy)))
    return _capped(presence, flags, policy, minutes_already_today)


def _capped(
    presence: _Presence, flags: tuple[Reason, ...], policy: Policy, already: int
) -> Recognised:
    step = policy.rounding_minutes
    minutes = presence.inside // (_MINUTE * step) * step
    stayed = presence.inside // _MINUTE
    if minutes < stayed:
        flags = (
            *flags,
            Reason.of("rounded_down", minutes=minutes, from_minutes=stayed, step_minutes=step),
        )
    if minutes == 0:
        return Recognised(0, "nothing", flags)
    day, cap = already + minutes, policy.day_cap_minutes
    if day > cap:
        over = Reason.of("over_day_cap", day_minutes=day, cap_minutes=cap)
        return Recognised(minutes, "waiting", (*flags, over))
    return Recognised(minutes, "recognised", flags)


def _off_window(presence: _Presence, policy: Policy) -> tuple[Reason, ...]:
    opens, closes = window(presence.shift_start, presence.shift_end, policy)
    flags = []
    first, last = presence.pairs[0][0], presence.pairs[-1][1]
    if first < opens:
        early = _up(presence.shift_start - first)
        allowed = policy.early_minutes
        flags.append(Reason.of("check_in_before_window", minutes=early, allowed_minutes=allowed))
    if last > closes:
        late = _up(last - presence.shift_end)
        allowed = policy.late_minutes
        flags.append(Reason.of("check_out_after_window", minutes=late, allowed_minutes=allowed))
    return tuple(flags)


def _paused(presence: _Presence) -> tuple[Reason, ...]:
    minutes = presence.paused // _MINUTE
    return (Reason.of("breaks_taken_off", minutes=minutes),) if minutes else ()


def _too_short(presence: _Presence, policy: Policy) -> Reason:
    return Reason.of(
        "presence_too_short",
        minutes=presence.inside // _MINUTE,
        needed_minutes=_up(presence.needed(policy)),
        shift_minutes=presence.shift // _MINUTE,
    )


def _up(span: timedelta) -> int:
    # Rounded up, so that one second too many is never shown as «0 minutes».
    return -(-span // _MINUTE)


def _utc(instant: datetime) -> datetime:
    # Python subtracts two instants of one zone by the wall clock, which is wrong across a clock
    # change.
    if instant.tzinfo is None:
        raise ValueError("instants must be aware")
    return instant.astimezone(UTC)
