"""Until when a free place is kept for the person of the waiting list who is asked."""

from datetime import datetime, timedelta

from sqlalchemy import select

from volunteer_service import policies
from volunteer_service.db import db
from volunteer_service.events.models import Shift, SignUp
from volunteer_service.people.messages.message_models import MessageSettings
from volunteer_service.people.messages.quiet_hours import quiet_until


def ends(row: SignUp, shift: Shift, at: datetime) -> datetime | None:
    """Return until when a place that is free now is kept for the holder of this sign-up.

    The place is kept for the policy's hours (24), at most until so many hours (48) before the
    shift. None, which gives the place at once, is returned after that time, and if the person's
    quiet hours last until the end, because they would read the offer too late.
    """
    policy = policies.active()
    last = shift.starts_at - timedelta(hours=policy.offer_at_once_hours)
    end = min(at + timedelta(hours=policy.offer_hours), last)
    if end <= at:
        return None
    chosen = select(MessageSettings).where(MessageSettings.volunteer_id == row.volunteer_id)
    quiet = quiet_until(db.session.scalars(chosen).one_or_none(), at)
    return None if quiet is not None and quiet >= end else end
