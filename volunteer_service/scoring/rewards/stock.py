"""Stock: guarded changes of a gift's stock, each with its move."""

from datetime import datetime

from sqlalchemy import insert, select, update

from volunteer_service import settings
from volunteer_service.db import db, fit
from volunteer_service.scoring.points.accounts import run
from volunteer_service.scoring.rewards.models import DaySheet, Gift, StockMove
from volunteer_service.scoring.rewards.refusals import DayClosed, GiftNotOffered, OutOfStock


def reserve(gift_id: int, quantity: int) -> None:
    """Promise pieces to an order, or raise :class:`OutOfStock`; stock - reserved never goes below
    0.
    """
    reserved = run(
        update(Gift)
        .where(
            Gift.id == gift_id,
            Gift.state == "offered",
            Gift.stock - Gift.reserved >= quantity,
        )
        .values(reserved=Gift.reserved + quantity)
    ).rowcount
    if not reserved:
        raise _why_not(gift_id)


def unreserve(gift_id: int, quantity: int) -> None:
    """Release promised pieces."""
    run(update(Gift).where(Gift.id == gift_id).values(reserved=Gift.reserved - quantity))


def shift(
    gift_id: int,
    quantity: int,
    kind: str,
    *,
    at: datetime,
    account_id: int | None,
    reserved: int = 0,
    redemption_id: int | None = None,
    reason: str | None = None,
) -> None:
    """Add ``quantity`` (signed) pieces to the stock and ``reserved`` to the promises.

    It raises :class:`OutOfStock` if promised pieces would be missing, and :class:`DayClosed` on a
    closed day.
    """
    fit(StockMove, quantity=quantity, reason=reason)
    changed = run(
        update(Gift)
        .where(Gift.id == gift_id, Gift.stock - Gift.reserved + (quantity - reserved) >= 0)
        .values(stock=Gift.stock + quantity, reserved=Gift.reserved + reserved)
    ).rowcount
    if not changed:
        raise _why_not(gift_id)
    _need_open_day(gift_id, at)
    run(
        insert(StockMove).values(
            gift_id=gift_id,
            kind=kind,
            quantity=quantity,
            redemption_id=redemption_id,
            reason=reason,
            at=at,
            account_id=account_id,
        )
    )


def _need_open_day(gift_id: int, at: datetime) -> None:
    closed = db.session.scalar(
        select(DaySheet.id)
        .join(Gift, Gift.area_id == DaySheet.area_id)
        .where(Gift.id == gift_id, DaySheet.day == settings.local_day(at))
    )
    if closed is not None:
        raise DayClosed()


def _why_not(gift_id: int) -> GiftNotOffered | OutOfStock:
    row = db.session.execute(
        select(Gift.state, Gift.stock - Gift.reserved).where(Gift.id == gift_id)
    ).one()
    return GiftNotOffered() if row[0] != "offered" else OutOfStock(left=row[1])
