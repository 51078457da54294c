"""Holds: points reserved for an order, captured or released exactly once."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from volunteer_service import settings
from volunteer_service.bounds import MOST_CENTI, whole
from volunteer_service.db import db
from volunteer_service.scoring.points import accounts, lots
from volunteer_service.scoring.points.models import Hold, HoldLot
from volunteer_service.scoring.points.refusals import HoldEnded


def hold(volunteer_id: int, amount: int, source_type: str, source_id: int, *, at: datetime) -> int:
    """Reserve ``amount`` hundredths, oldest lots first, or raise :class:`NotEnoughPoints`."""
    whole(amount, 1, MOST_CENTI, "amount")
    member = accounts.lock([volunteer_id]).get(volunteer_id)
    if member is None:
        raise accounts.short_of(amount)
    lots.settle(member.id, at=at)
    accounts.move(member.id, held=amount)
    taken = lots.take(member.id, amount, on=settings.local_day(at))
    hold_id = accounts.run(
        insert(Hold)
        .values(
            points_account_id=member.id,
            amount=amount,
            source_type=source_type,
            source_id=source_id,
            created_at=at,
        )
        .returning(Hold.id)
    ).scalar_one()
    rows = [{"hold_id": hold_id, "lot_id": lot_id, "amount": part} for lot_id, part in taken]
    accounts.run(insert(HoldLot), rows)
    return int(hold_id)


def capture(
    source_type: str,
    source_id: int,
    *,
    at: datetime,
    account_id: int | None,
    reason: str | None = None,
) -> None:
    """Spend what was reserved for this source, once; raise :class:`HoldEnded` afterwards."""
    found = _end("captured", source_type, source_id, at)
    accounts.move(found.points_account_id, posted=-found.amount, held=-found.amount)
    transfer_id = lots.post(
        debit_id=found.points_account_id,
        credit_id=accounts.system()["redeemed"],
        amount=found.amount,
        kind="redeem",
        source_type=source_type,
        source_id=source_id,
        at=at,
        account_id=account_id,
        reason=reason,
    )
    lots.note(transfer_id, lots.out(_lots_of(found.id)))


def release(
    source_type: str, source_id: int, *, at: datetime, account_id: int | None = None
) -> None:
    """Give what was reserved back to its own lots, once; points past their date then expire."""
    found = _end("released", source_type, source_id, at)
    accounts.move(found.points_account_id, held=-found.amount)
    lots.put(_lots_of(found.id))
    lots.settle(found.points_account_id, at=at, account_id=account_id)


def _end(state: str, source_type: str, source_id: int, at: datetime) -> Any:
    found = accounts.run(
        update(Hold)
        .where(Hold.source_type == source_type, Hold.source_id == source_id, Hold.state == "open")
        .values(state=state, ended_at=at)
        .returning(Hold.id, Hold.points_account_id, Hold.amount)
    ).one_or_none()
    if found is None:
        raise HoldEnded()
    return found


def _lots_of(hold_id: int) -> lots.Taken:
    query = select(HoldLot.lot_id, HoldLot.amount).where(HoldLot.hold_id == hold_id)
    return [(lot_id, amount) for lot_id, amount in db.session.execute(query)]
