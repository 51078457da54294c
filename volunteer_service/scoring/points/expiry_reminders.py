"""Reminders of points that expire, 30 and 7 days before."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from volunteer_service import settings
from volunteer_service.db import db
from volunteer_service.people.messages import messages
from volunteer_service.scoring.points.models import Lot, PointsAccount

#: Local days before the last valid day.
DAYS = (30, 7)


def remind(*, at: datetime) -> int:
    """Tell each member once for each lot and each of :data:`DAYS`; return how many."""
    return sum(messages.tell_once("points_expiring", _due(days, at), at=at) for days in DAYS)


def _due(days: int, at: datetime) -> Iterator[messages.Once]:
    """Yield what expires within so many days; a missed reminder is sent later."""
    today = settings.local_day(at)
    nearer = max((each for each in DAYS if each < days), default=0)
    query = (
        select(Lot, PointsAccount.volunteer_id)
        .join(PointsAccount, PointsAccount.id == Lot.points_account_id)
        .where(
            Lot.remaining > 0,
            Lot.expires_on > today + timedelta(days=nearer),
            Lot.expires_on <= today + timedelta(days=days),
            PointsAccount.volunteer_id.is_not(None),
        )
    )
    for lot, volunteer_id in db.session.execute(query.order_by(Lot.id)):
        facts = {"points": lot.remaining, "day": lot.expires_on.isoformat()}
        yield volunteer_id or 0, f"points_expiring:{lot.id}:{days}", facts
