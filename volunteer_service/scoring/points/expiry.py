"""Expiry: points past their date leave, lot by lot."""

from datetime import datetime

from sqlalchemy import select

from volunteer_service import settings
from volunteer_service.db import db
from volunteer_service.scoring.points import accounts, lots
from volunteer_service.scoring.points.models import Lot, PointsAccount

#: How many members one transaction handles; the job calls again until nothing is left.
BATCH = 500


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
