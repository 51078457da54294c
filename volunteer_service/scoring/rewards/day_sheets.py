"""Lists of closed desk days, and the orders that ended on one."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import false, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from volunteer_service.areas.models import Area
from volunteer_service.db import db
from volunteer_service.paging import Page, Sorts, on_days, page
from volunteer_service.people.authorization import rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.scoring.rewards.models import DaySheet, Gift, Redemption

SORTS = Sorts(DaySheet.id, "-day", day=DaySheet.day)


def listed(
    *,
    by: Actor,
    from_on: date | None = None,
    to_on: date | None = None,
    sort: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[DaySheet]:
    """Return closed days where ``by`` works with the gifts or audits, newest first; both days
    included.
    """
    paths = [
        path for right in (Right.GIFT_EDIT, Right.AUDIT) for path in rights.places(by, right)[0]
    ]
    under = (Area.path.startswith(path, autoescape=True) for path in paths)
    query = (
        select(DaySheet)
        .join(DaySheet.area)
        .options(contains_eager(DaySheet.area))
        .where(or_(false(), *under))
    )
    if from_on is not None:
        query = query.where(DaySheet.day >= from_on)
    if to_on is not None:
        query = query.where(DaySheet.day <= to_on)
    return page(query, SORTS, sort=sort, cursor=cursor, limit=limit)


def orders_on(row: DaySheet) -> Sequence[Redemption]:
    """Return the orders of the area that were handed over or returned on the sheet's local day."""
    query = (
        select(Redemption)
        .join(Redemption.gift)
        .options(contains_eager(Redemption.gift), joinedload(Redemption.volunteer))
        .where(
            Gift.area_id == row.area_id,
            Redemption.state.in_(("handed_over", "returned")),
            *on_days(Redemption.ended_at, row.day, row.day),
        )
        .order_by(Redemption.ended_at, Redemption.id)
    )
    return db.session.scalars(query).all()
