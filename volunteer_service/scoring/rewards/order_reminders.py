"""A reminder of an order that lapses in two days."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from volunteer_service import settings
from volunteer_service.db import db
from volunteer_service.people.messages import messages
from volunteer_service.scoring.rewards.models import Redemption

BEFORE = timedelta(days=2)


def remind(*, at: datetime) -> int:
    """Tell people with an order that lapses within :data:`BEFORE`, once for each order."""
    return messages.tell_once("order_lapsing", _due(at), at=at)


def _due(at: datetime) -> Iterator[messages.Once]:
    query = select(Redemption).where(
        Redemption.state == "ordered",
        Redemption.lapses_at > at,
        Redemption.lapses_at <= at + BEFORE,
    )
    for row in db.session.scalars(query.order_by(Redemption.id)):
        until = settings.local_day(row.last_moment).isoformat()
        yield row.volunteer_id, f"order_lapsing:{row.id}", {"order": row.id, "until": until}
