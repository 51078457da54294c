"""Expiry of points: members are reminded 30 and 7 days before; then points leave, lot by lot."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from volunteer_service import settings
from volunteer_service.db import db
from volunteer_service.people.messages import messages
from volunteer_service.scoring.points import accounts, lots
from volunteer_service.scoring.points.models import Lot, PointsAccount

#: How many members one transaction handles; the job calls again until nothing is left.
BATCH = 500
#: Local days before the last valid day on which members are reminded.
REMIND_DAYS = (30, 7)


def expire_due(*, at: datetime) -> int:
    """Expire points last valid before this local day; return the number of members affected.

    One call handles at most :data:`BATCH` members: call again (in a new transaction) until it
    returns 0.
    """
    on = settings.local_day(at)
    due = db.session.scalars(
        select(PointsAccount.volunteer_id)
        .join(Lot, Lot.points_account_id == PointsAccount.id)
        .where(Lot.remaining > 0, Lot.expires_on < on, PointsAccount.volunteer_id.is_not(None))
        .distinct()
        .order_by(PointsAccount.volunteer_id)
        .limit(BATCH)
    ).all()
    members = accounts.lock(id_ for id_ in due if id_ is not None)
    for member in members.values():
        lots.settle(member.id, at=at)
    return len(members)


def remind(*, at: datetime) -> int:
    """Tell each member once for each lot and each of :data:`REMIND_DAYS`; return how many."""
    return sum(messages.tell_once("points_expiring", _due(days, at), at=at) for days in REMIND_DAYS)


def _due(days: int, at: datetime) -> Iterator[messages.Once]:
    """Yield what expires within so many days; a missed reminder is sent later."""
    today = settings.local_day(at)
    nearer = max((each for each in REMIND_DAYS if each < days), default=0)
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
