"""When a tap was made that reached us late because the phone had no network.

The phone sends its own clock's time of the tap and of the sending. A clock that is wrong by more
than the policy's seconds is set right by the whole seconds that the scan keeps; below that the
phone's own time counts as it is. How long a batch was under way would turn the order of two
batches otherwise.
"""

from datetime import datetime, timedelta

from volunteer_service.attendance import refusals
from volunteer_service.scoring.rules.policy import Policy

#: Seconds of the largest skew that is kept: 68 years.
_MOST_SKEW = 2**31 - 1


def time_of_tap(
    at: datetime, tapped_at: datetime | None, sent_at: datetime | None, policy: Policy
) -> datetime:
    """Return when the tap was made by our clock; ``at``, its arrival, where the phone
    does not say.
    """
    if tapped_at is None or sent_at is None:
        return at
    age = sent_at - tapped_at
    jitter = timedelta(seconds=policy.late_tap_jitter_seconds)
    if -jitter <= age <= timedelta():
        return at
    tapped = tapped_at - timedelta(seconds=skew_of(at, sent_at, policy) or 0)
    # A clock that is a little ahead makes no tap of the future.
    return min(tapped, at) if age > timedelta() else tapped


def shown_at(at: datetime, tapped_at: datetime | None, sent_at: datetime | None) -> datetime:
    """Return when a code was shown, as exactly as the phone's clock tells."""
    return (
        at if tapped_at is None or sent_at is None else at - max(sent_at - tapped_at, timedelta())
    )


def skew_of(at: datetime, sent_at: datetime | None, policy: Policy) -> int | None:
    """Return by how many seconds the phone's clock is ahead of ours, if that is more than the
    policy allows (60); the time of the tap is corrected by it.
    """
    seconds = 0 if sent_at is None else round((sent_at - at).total_seconds())
    # A clock that is years wrong must still fit the column.
    seconds = max(-_MOST_SKEW, min(_MOST_SKEW, seconds))
    return seconds if abs(seconds) > policy.clock_skew_seconds else None


def need_credible(tapped: datetime, at: datetime, policy: Policy) -> None:
    """Refuse a tap in the future or older than the policy's hours (24).

    Raises:
        TapTimeRefused: The leader enters the time instead.
    """
    if not timedelta() <= at - tapped <= timedelta(hours=policy.late_tap_hours):
        raise refusals.TapTimeRefused()


def is_late(tapped: datetime, at: datetime, policy: Policy) -> bool:
    """Tell whether only the phone says when: the evidence grade drops to what the leader confirms.

    A slow connection, up to the policy's minutes (2), makes no late tap.
    """
    return at - tapped > timedelta(minutes=policy.late_tap_minutes)
