"""Passes points of a merged entry to the kept one, and back: by transfers, lot by lot.

Each passing is two transfers over ``adjusted``; the points keep their last valid day. An earning
stays with the account that got it; to take it back, its points are recalled to that account.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from volunteer_service import settings
from volunteer_service.db import db, insert_new
from volunteer_service.people.changes.change_models import Merging
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.points import accounts, lots
from volunteer_service.scoring.points.accounts import Member
from volunteer_service.scoring.points.models import (
    Hold,
    HoldLot,
    Lot,
    LotMove,
    Passing,
    PointsAccount,
    Transfer,
)
from volunteer_service.scoring.points.refusals import PassedPointsGone

#: Sources of the two transfers of a passing.
OUT, IN = "pass_out", "pass_in"
#: The line of the statement.
MERGED = "登记合并"


@dataclass(frozen=True)
class _Way:
    """The two accounts of a passing, its merging, instant and actor."""

    merging_id: int
    giver: int
    taker: int
    reason: str
    at: datetime
    account_id: int | None


def pass_on(merging: Merging, reason: str, *, at: datetime, account_id: int | None) -> None:
    """Pass all points, holds and debts of the merged entry to the kept one's account."""
    accounts.open_accounts([merging.kept_id, merging.merged_id])
    members = accounts.lock([merging.kept_id, merging.merged_id])
    giver, taker = members[merging.merged_id], members[merging.kept_id]
    for member in (giver, taker):
        lots.settle(member.id, at=at, account_id=account_id)
    way = _Way(merging.id, giver.id, taker.id, reason, at, account_id)
    for hold_id in _open_holds(giver.id):
        _pass_hold(way, hold_id)
    _pass_what_is_there(way)


def pass_back(merging: Merging, reason: str, *, at: datetime, account_id: int | None) -> None:
    """Undo :func:`pass_on` exactly, or raise :class:`PassedPointsGone` if points moved since."""
    members = accounts.lock([merging.kept_id, merging.merged_id])
    giver, taker = members[merging.kept_id], members[merging.merged_id]
    passed = _of(merging)
    way = _Way(merging.id, giver.id, taker.id, reason, at, account_id)
    if any(row.at != merging.done_at or row.taker_id != giver.id for row in passed):
        raise PassedPointsGone()
    if _recalled_beyond(merging):
        raise PassedPointsGone()
    if passed:
        _lend_again(way, merging)
    _pass_back_holds(way, {row.hold_id for row in passed if row.hold_id is not None})
    for row in passed:
        if row.hold_id is None:
            _pass_back(way, row)
    for member in (giver, taker):
        lots.settle(member.id, at=at, account_id=account_id)


def lock_with_heir(volunteer_id: int) -> Member:
    """Lock a member's account, and that of the entry into which theirs was merged."""
    heir = _heir(volunteer_id)
    return accounts.lock([volunteer_id, heir or volunteer_id])[volunteer_id]


def recall(
    member: Member, amount: int, day: date | None, *, at: datetime, account_id: int | None
) -> None:
    """Fetch what there is of ``amount`` back to a merged entry's account, the lot ``day`` first.

    The caller holds the locks of both accounts. Nothing happens if the entry is not merged.
    """
    way = _recalling(member, at, account_id)
    if way is None:
        return
    lots.settle(way.giver, at=at, account_id=account_id)
    rows = _live(way.giver, settings.local_day(at))
    left = amount
    for row in sorted(rows, key=lambda row: row.expires_on != day):
        part = min(left, row.remaining)
        if part:
            _pass_lot(way, row, part)
            left -= part


def forward(member_id: int, *, at: datetime, account_id: int | None) -> None:
    """Pass points or debt that came to a merged entry's account on to the kept one."""
    owner = db.session.scalar(
        select(PointsAccount.volunteer_id).where(PointsAccount.id == member_id)
    )
    heir = None if owner is None else _heir(owner)
    if owner is None or heir is None:
        return
    accounts.open_accounts([heir])
    members = accounts.lock([owner, heir])
    way = _Way(_standing(owner).id, member_id, members[heir].id, MERGED, at, account_id)
    _pass_what_is_there(way)


def account_that_has(volunteer_id: int) -> int | None:
    """Return the account with the points that this entry earned: its own, or its heir's."""
    whose = _heir(volunteer_id) or volunteer_id
    query = select(PointsAccount.id).where(PointsAccount.volunteer_id == whose)
    return db.session.scalar(query)


def _pass_what_is_there(way: _Way) -> None:
    for row in _live(way.giver, settings.local_day(way.at)):
        _pass_lot(way, row, row.remaining)
    debt = db.session.scalar(select(PointsAccount.debt).where(PointsAccount.id == way.giver))
    if debt:
        _pass_debt(way, debt)
    lots.settle(way.taker, at=way.at, account_id=way.account_id)


def _pass_lot(way: _Way, lot: Any, amount: int) -> None:
    passing = _noted(way, amount, lot.expires_on)
    lots.put([(lot.id, -amount)])
    lots.fill(way.taker, lot.expires_on, amount)
    accounts.move(way.giver, posted=-amount)
    accounts.move(way.taker, posted=amount)
    _post(way, passing, amount, lot.id, lot.expires_on)


def _pass_hold(way: _Way, hold_id: int) -> None:
    """Move the hold of an open order, with its points, to the other account."""
    parts = db.session.execute(
        select(Lot.id, Lot.expires_on, HoldLot.amount)
        .join(HoldLot, HoldLot.lot_id == Lot.id)
        .where(HoldLot.hold_id == hold_id)
        .order_by(Lot.id)
    ).all()
    total = sum(part.amount for part in parts)
    for part in parts:
        lots.fill(way.taker, part.expires_on, 0)
        passing = _noted(way, part.amount, part.expires_on, hold_id)
        _post(way, passing, part.amount, part.id, part.expires_on)
    # The hold raises the version too, because versions count what happened to each account.
    accounts.move(way.giver, posted=-total, held=-total, steps=len(parts) - 1)
    accounts.move(way.taker, posted=total, held=total, steps=len(parts) + 1)
    accounts.run(delete(HoldLot).where(HoldLot.hold_id == hold_id))
    for part in parts:
        lot = _lot(way.taker, part.expires_on)
        accounts.run(insert(HoldLot).values(hold_id=hold_id, lot_id=lot.id, amount=part.amount))
    accounts.run(update(Hold).where(Hold.id == hold_id).values(points_account_id=way.taker))


def _pass_debt(way: _Way, amount: int) -> None:
    """Let the receiver borrow what the giver owes and pay it for them; no lot changes."""
    passing = _noted(way, amount, None)
    debts, adjusted = accounts.system()["debts"], accounts.system()["adjusted"]
    accounts.move(way.taker, debt=amount, steps=2)
    accounts.move(way.giver, debt=-amount, steps=2)
    steps = (
        (debts, way.taker, "debt", "passing", passing),
        (way.taker, adjusted, "adjust", OUT, passing),
        (adjusted, way.giver, "adjust", IN, passing),
        (way.giver, debts, "repay", "account", way.giver),
    )
    for debit, credit, kind, source, source_id in steps:
        lots.post(
            debit_id=debit,
            credit_id=credit,
            amount=amount,
            kind=kind,
            source_type=source,
            source_id=source_id,
            at=way.at,
            account_id=way.account_id,
            reason=way.reason,
        )


def _lend_again(way: _Way, merging: Merging) -> None:
    """Turn repayments made when the points were joined into debt and points again."""
    for transfer_id, amount in _repaid(way.giver, merging):
        moves = db.session.execute(
            select(LotMove.lot_id, -LotMove.amount).where(LotMove.transfer_id == transfer_id)
        ).all()
        back = [(lot_id, part) for lot_id, part in moves]
        lots.put(back)
        accounts.move(way.giver, posted=amount, debt=amount)
        lent = lots.post(
            debit_id=accounts.system()["debts"],
            credit_id=way.giver,
            amount=amount,
            kind="debt",
            source_type="transfer",
            source_id=transfer_id,
            at=way.at,
            account_id=way.account_id,
            reason=way.reason,
        )
        lots.note(lent, back)


def _repaid(member_id: int, merging: Merging) -> Sequence[Any]:
    """Return debts that were repaid by points which this merging passed on."""
    passed = select(Passing.id).where(Passing.merging_id == merging.id)
    first = select(func.min(Transfer.id)).where(
        Transfer.source_type.in_((OUT, IN)), Transfer.source_id.in_(passed)
    )
    query = select(Transfer.id, Transfer.amount).where(
        Transfer.kind == "repay",
        Transfer.debit_id == member_id,
        Transfer.at == merging.done_at,
        Transfer.id > first.scalar_subquery(),
    )
    return db.session.execute(query).all()


def _post(way: _Way, passing: int, amount: int, lot_id: int, day: date) -> None:
    adjusted = accounts.system()["adjusted"]
    ends = ((OUT, way.giver, adjusted, None), (IN, adjusted, way.taker, day))
    for source, debit, credit, expires_on in ends:
        transfer_id = lots.post(
            debit_id=debit,
            credit_id=credit,
            amount=amount,
            kind="adjust",
            source_type=source,
            source_id=passing,
            at=way.at,
            account_id=way.account_id,
            reason=way.reason,
            expires_on=expires_on,
        )
        if source == OUT:
            lots.note(transfer_id, [(lot_id, -amount)])


def _noted(way: _Way, amount: int, day: date | None, hold_id: int | None = None) -> int:
    values = {
        "giver_id": way.giver,
        "taker_id": way.taker,
        "expires_on": day,
        "amount": amount,
        "hold_id": hold_id,
        "merging_id": way.merging_id,
        "at": way.at,
    }
    statement = insert_new(Passing).values(**values).returning(Passing.id)
    return int(accounts.run(statement).scalar_one())


def _of(merging: Merging) -> Sequence[Any]:
    """Return what this merging passed on since it was done, latest first."""
    query = select(Passing.__table__).where(Passing.merging_id == merging.id)
    return db.session.execute(query.order_by(Passing.id.desc())).all()


def _recalled_beyond(merging: Merging) -> bool:
    """Tell whether points were recalled since beyond the merged entry, to one that was merged into
    it.
    """
    query = (
        select(Passing.id)
        .join(Merging, Merging.id == Passing.merging_id)
        .where(
            Merging.kept_id == merging.merged_id,
            Passing.at != Merging.done_at,
            Passing.at >= merging.done_at,
        )
    )
    return db.session.scalar(query.limit(1)) is not None


def _open_holds(member_id: int) -> Sequence[int]:
    query = select(Hold.id).where(Hold.points_account_id == member_id, Hold.state == "open")
    return db.session.scalars(query.order_by(Hold.id)).all()


def _pass_back_holds(way: _Way, hold_ids: set[int]) -> None:
    for hold_id in sorted(hold_ids):
        if db.session.scalar(select(Hold.state).where(Hold.id == hold_id)) != "open":
            raise PassedPointsGone()
        _pass_hold(way, hold_id)


def _pass_back(way: _Way, row: Any) -> None:
    if row.expires_on is None:
        _pass_debt(way, row.amount)
    else:
        _pass_lot(way, _lot_with(way.giver, row.expires_on, row.amount), row.amount)


def _live(member_id: int, on: date) -> Sequence[Any]:
    query = select(Lot.id, Lot.expires_on, Lot.remaining).where(
        Lot.points_account_id == member_id, Lot.remaining > 0, Lot.expires_on >= on
    )
    return db.session.execute(query.order_by(Lot.expires_on)).all()


def _lot(member_id: int, day: date) -> Any:
    query = select(Lot.id, Lot.expires_on, Lot.remaining)
    mine = Lot.points_account_id == member_id, Lot.expires_on == day
    return db.session.execute(query.where(*mine)).one()


def _lot_with(member_id: int, day: date, amount: int) -> Any:
    lot = _lot(member_id, day)
    if lot.remaining < amount:
        raise PassedPointsGone()
    return lot


def _recalling(member: Member, at: datetime, account_id: int | None) -> _Way | None:
    heir = _heir(member.volunteer_id)
    giver = None if heir is None else account_that_has(member.volunteer_id)
    if giver is None:
        return None
    standing = _standing(member.volunteer_id)
    return _Way(standing.id, giver, member.id, MERGED, at, account_id)


def _heir(volunteer_id: int) -> int | None:
    return db.session.scalar(select(Volunteer.merged_into_id).where(Volunteer.id == volunteer_id))


def _standing(volunteer_id: int) -> Merging:
    query = select(Merging).where(Merging.merged_id == volunteer_id, Merging.state == "done")
    return db.session.scalars(query).one()
