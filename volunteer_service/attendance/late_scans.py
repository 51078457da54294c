"""A tap that reached us late because the phone had no network: when it was made.

The phone sends its own clock's time of the tap and of the sending. Their difference is the age of
the tap, and is taken from our clock; so a phone whose clock is wrong tells the right time still.
"""

from datetime import datetime, timedelta

from volunteer_service.attendance import refusals

#: An older tap is the leader's to enter.
MOST = timedelta(hours=24)
#: What two readings of one clock may differ by when it is set back in between.
JITTER = timedelta(seconds=60)
#: A slow line is no late tap.
LATE_AFTER = timedelta(minutes=2)


def time_of_tap(at: datetime, tapped_at: datetime | None, sent_at: datetime | None) -> datetime:
    """When the tap was made by our clock; ``at``, its arrival, where the phone does not say."""
    if tapped_at is None or sent_at is None:
        return at
    age = sent_at - tapped_at
    return at if -JITTER <= age <= timedelta() else at - age


def need_credible(tapped: datetime, at: datetime) -> None:
    """Refuse a tap that lies in the future or is older than a day.

    Raises:
        TapTimeRefused: The leader enters the time instead.
    """
    if not timedelta() <= at - tapped <= MOST:
        raise refusals.TapTimeRefused()


def is_late(tapped: datetime, at: datetime) -> bool:
    """The time is the phone's word: the evidence grade drops to what the leader confirms."""
    return at - tapped > LATE_AFTER
