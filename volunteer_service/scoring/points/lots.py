"""Lots: points of one account that end on one day; the oldest are used first."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import insert, select, update

from volunteer_service import settings
from volunteer_service.db import db, insert_new
from volunteer_service.scoring.points import accounts
from volunteer_service.scoring.points.models import Lot, LotMove, PointsAccount, Transfer

#: What was taken: lot id and amount.
Taken = list[tuple[int, int]]


def take(
    member_id: int, amount: int, *, on: date, first: date | None = None, partly: bool = False
) -> Taken:
    """Take ``amount`` from the lots still valid ``on``, oldest first (the lot ``first`` before).

    The caller holds the lock of the account's row. ``partly`` takes what there is instead of
    refusing.
    """
    rows = db.session.execute(
        select(Lot.id, Lot.remaining, Lot.expires_on)
        .where(Lot.points_account_id == member_id, Lot.remaining > 0, Lot.expires_on >= on)
        .order_by(Lot.expires_on)
    ).all()
    taken: Taken = []
    left = amount
    for lot_id, remaining, _day in sorted(rows, key=lambda row: row.expires_on != first):
        part = min(left, remaining)
        if part:
            taken.append((lot_id, part))
            left -= part
    if left and not partly:
        raise accounts.short_of(left)
    put(((lot_id, -part) for lot_id, part in taken))
    return taken


def put(moves: Iterable[tuple[int, int]]) -> None:
    """Change what remains of these lots; the table's CHECK keeps each at 0 or more."""
    for lot_id, amount in moves:
        accounts.run(update(Lot).where(Lot.id == lot_id).values(remaining=Lot.remaining + amount))


def fill(member_id: int, day: date, amount: int) -> None:
    """Put ``amount`` into the member's lot that ends on this day; make the lot if there is none."""
    statement = insert_new(Lot).values(
        points_account_id=member_id, expires_on=day, remaining=amount
    )
    accounts.run(
        statement.on_conflict_do_update(
            index_elements=["points_account_id", "expires_on"],
            set_={"remaining": Lot.remaining + statement.excluded.remaining},
        )
    )


def total(taken: Taken) -> int:
    """Return how much was taken in all."""
    return sum(part for _lot, part in taken)


def note(transfer_id: int, moves: Iterable[tuple[int, int]]) -> None:
    """Record from which lots a transfer took (negative), or to which it gave back."""
    rows = [{"transfer_id": transfer_id, "lot_id": lot, "amount": part} for lot, part in moves]
    if rows:
        accounts.run(insert(LotMove), rows)


def out(taken: Taken) -> Taken:
    """Return the same lots with the sign of a debit."""
    return [(lot_id, -part) for lot_id, part in taken]


def settle(member_id: int, *, at: datetime, account_id: int | None = None) -> None:
    """Expire this member's due lots, then repay the debt from what is left; exact and repeatable.

    The caller holds the account's row.
    """
    on = settings.local_day(at)
    due = db.session.execute(
        select(Lot.id, Lot.remaining).where(
            Lot.points_account_id == member_id, Lot.remaining > 0, Lot.expires_on < on
        )
    ).all()
    for lot_id, remaining in due:
        _expire(member_id, lot_id, remaining, at=at, account_id=account_id)
    debt = db.session.scalar(select(PointsAccount.debt).where(PointsAccount.id == member_id))
    if debt:
        _repay(member_id, debt, on=on, at=at, account_id=account_id)


def _expire(
    member_id: int, lot_id: int, amount: int, *, at: datetime, account_id: int | None
) -> None:
    put([(lot_id, -amount)])
    accounts.move(member_id, posted=-amount)
    transfer_id = post(
        debit_id=member_id,
        credit_id=accounts.system()["expired"],
        amount=amount,
        kind="expire",
        source_type="lot",
        source_id=lot_id,
        at=at,
        account_id=account_id,
    )
    note(transfer_id, [(lot_id, -amount)])


def _repay(member_id: int, debt: int, *, on: date, at: datetime, account_id: int | None) -> None:
    taken = take(member_id, debt, on=on, partly=True)
    amount = total(taken)
    if not amount:
        return
    accounts.move(member_id, posted=-amount, debt=-amount)
    transfer_id = post(
        debit_id=member_id,
        credit_id=accounts.system()["debts"],
        amount=amount,
        kind="repay",
        source_type="account",
        source_id=member_id,
        at=at,
        account_id=account_id,
    )
    note(transfer_id, out(taken))


def post(
    *,
    debit_id: int,
    credit_id: int,
    amount: int,
    kind: str,
    source_type: str,
    source_id: int,
    at: datetime,
    account_id: int | None,
    reason: str | None = None,
    expires_on: date | None = None,
    reverses_id: int | None = None,
) -> int:
    """Write one transfer and return its id; the caller changes the stored balances."""
    values = locals()
    statement = insert(Transfer).values(**values).returning(Transfer.id)
    return int(accounts.run(statement).scalar_one())
