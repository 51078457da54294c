"""A reader's quiet hours, in which e-mail and SMS wait."""

from datetime import datetime, time, timedelta

from volunteer_service import policies, settings
from volunteer_service.people.messages.message_models import MessageSettings


def of_reader(chosen: MessageSettings | None) -> tuple[int, int]:
    """Return the beginning and end of a reader's quiet hours, in local minutes of the day."""
    policy = policies.active()
    begins, ends = policy.quiet_from_minute, policy.quiet_to_minute
    if chosen is not None and chosen.quiet_from is not None and chosen.quiet_to is not None:
        begins, ends = chosen.quiet_from, chosen.quiet_to
    return begins, ends


def minute_of(at: time | None) -> int | None:
    """Return a time of day in minutes."""
    return None if at is None else at.hour * 60 + at.minute


def time_of(minute: int) -> time:
    """Return the time of day of a minute."""
    return time(minute // 60, minute % 60)


def quiet_until(chosen: MessageSettings | None, at: datetime) -> datetime | None:
    """Return the end of the quiet hours around this instant; None outside of them."""
    begins, ends = of_reader(chosen)
    local = at.astimezone(settings.current().zone)
    now = local.hour * 60 + local.minute
    is_quiet = begins <= now < ends if begins <= ends else now >= begins or now < ends
    if not is_quiet:
        return None
    day = local.date() + timedelta(days=1 if now >= ends else 0)
    return datetime.combine(day, time_of(ends), local.tzinfo)
