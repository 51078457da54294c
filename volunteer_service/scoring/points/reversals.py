"""Reversals: no transfer is changed; a linked one reverses it, with a reason."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from volunteer_service import journal, policies, settings
from volunteer_service.bounds import LONGEST_TEXT, text
from volunteer_service.db import db, fetch
from volunteer_service.errors import NotFound
from volunteer_service.people.authorization import conflicts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import need_on_people, others_at_home
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.points import accounts, adjustment_limits, lots, passings
from volunteer_service.scoring.points.earnings import PAID_BY
from volunteer_service.scoring.points.models import Lot, LotMove, PointsAccount, Transfer
from volunteer_service.scoring.points.refusals import (
    AlreadyReversed,
    NotReversible,
    ReversalNeedsSecond,
)
from volunteer_service.visible_text import said


@dataclass(frozen=True)
class Effect:
    """The effect of a claw-back: taken from points still there, and left as a debt (hundredths)."""

    taken: int
    debt: int


@said("reason")
def reverse(transfer_id: int, reason: str, *, by: Actor, at: datetime) -> Effect:
    """Take back an earning or a positive adjustment; what is already spent becomes a debt.

    It needs a right and another person (:class:`OwnCase`). Missing points past their date make no
    debt, because they were worth nothing any more. Raises :class:`AlreadyReversed`,
    :class:`NotReversible`, and :class:`ReversalNeedsSecond` above the sums of what one person
    adjusts alone.
    """
    original = _reversible(transfer_id)
    _need(original.owner_id, by)
    who = others_at_home(Right.POINTS_ADJUST, [original.owner_id], at=at)
    conflicts.need_other(by, [original.owner_id], at=at, who=who)
    if not adjustment_limits.may_reverse(original.owner_id, original.amount, by=by, at=at):
        raise ReversalNeedsSecond(days=policies.guarding(at).adjust_days)
    effect = take_back(transfer_id, reason, by=by, at=at)
    messages.tell(original.owner_id, "points_reversed", at=at, points=-original.amount)
    journal.record(
        adjustment_limits.REVERSED,
        fetch(Transfer, transfer_id),
        account_id=by.account_id,
        door=by.door,
        at=at,
        amount=original.amount,
        volunteer=original.owner_id,
    )
    return effect


@said("reason")
def take_back(transfer_id: int, reason: str, *, by: Actor, at: datetime) -> Effect:
    """Do as :func:`reverse`, for a correction elsewhere that takes its points back.

    The caller has checked who may do it.
    """
    text(reason, LONGEST_TEXT, "reason")
    original = _reversible(transfer_id)
    member = passings.lock_with_heir(original.volunteer_id)
    if _reversal_of(original.id) is not None:
        raise AlreadyReversed()
    lots.settle(member.id, at=at, account_id=by.account_id)
    passings.recall(member, original.amount, original.expires_on, at=at, account_id=by.account_id)
    effect = _claw_back(original, reason, by=by, at=at)
    passings.forward(member.id, at=at, account_id=by.account_id)
    return effect


def effect_of(transfer_id: int, *, by: Actor, at: datetime) -> Effect:
    """Return what :func:`reverse` would do now, before it is done."""
    original = _reversible(transfer_id)
    _need(original.owner_id, by)
    on = settings.local_day(at)
    remaining = select(Lot.remaining).where(
        Lot.points_account_id == passings.account_that_has(original.volunteer_id),
        Lot.expires_on >= on,
    )
    available = sum(db.session.scalars(remaining))
    taken = min(original.amount, available)
    return Effect(taken, 0 if _past(original, on) else original.amount - taken)


def give_back(
    source_type: str, source_id: int, reason: str, *, at: datetime, account_id: int | None
) -> None:
    """Undo a redemption's payment: the points return to the lots they came from.

    The caller has checked the right. Raises :class:`AlreadyReversed`.
    """
    original = db.session.execute(
        select(Transfer.id, Transfer.debit_id, Transfer.credit_id, Transfer.amount).where(
            Transfer.source_type == source_type,
            Transfer.source_id == source_id,
            Transfer.kind == "redeem",
        )
    ).one_or_none()
    if original is None:
        raise NotFound()
    accounts.move(original.debit_id, posted=original.amount)
    if _reversal_of(original.id) is not None:
        raise AlreadyReversed()
    moves = db.session.execute(
        select(LotMove.lot_id, -LotMove.amount).where(LotMove.transfer_id == original.id)
    ).all()
    back = [(lot_id, amount) for lot_id, amount in moves]
    lots.put(back)
    transfer_id = _post_reversal(original, reason, at=at, account_id=account_id)
    lots.note(transfer_id, back)
    lots.settle(original.debit_id, at=at, account_id=account_id)
    passings.forward(original.debit_id, at=at, account_id=account_id)


def _need(volunteer_id: int, by: Actor) -> None:
    need_on_people(by, Right.POINTS_ADJUST, [volunteer_id])


def _reversible(transfer_id: int) -> Any:
    fetch(Transfer, transfer_id)
    found = db.session.execute(
        select(
            Transfer.id,
            Transfer.kind,
            Transfer.debit_id,
            Transfer.credit_id,
            Transfer.amount,
            Transfer.expires_on,
            Transfer.source_type,
            PointsAccount.volunteer_id,
            # The points now belong to the entry into which that one was merged.
            func.coalesce(Volunteer.merged_into_id, Volunteer.id).label("owner_id"),
        )
        .outerjoin(PointsAccount, PointsAccount.id == Transfer.credit_id)
        .outerjoin(Volunteer, Volunteer.id == PointsAccount.volunteer_id)
        .where(Transfer.id == transfer_id)
    ).one()
    is_passing = found.source_type == passings.IN
    if found.volunteer_id is None or found.kind not in {*PAID_BY, "adjust"} or is_passing:
        raise NotReversible()
    return found


def _claw_back(original: Any, reason: str, *, by: Actor, at: datetime) -> Effect:
    on = settings.local_day(at)
    member_id = original.credit_id
    taken = lots.take(member_id, original.amount, on=on, first=original.expires_on, partly=True)
    amount = lots.total(taken)
    missing = original.amount - amount
    owed = 0 if _past(original, on) else missing
    # One statement for both sides, because in between the balance would be below zero.
    accounts.move(member_id, posted=-amount, debt=owed, steps=2 if missing else 1)
    transfer_id = _post_reversal(original, reason, at=at, account_id=by.account_id)
    lots.note(transfer_id, lots.out(taken))
    if missing:
        lots.post(
            debit_id=accounts.system()["debts" if owed else "expired"],
            credit_id=member_id,
            amount=missing,
            kind="debt" if owed else "waive",
            source_type="transfer",
            source_id=transfer_id,
            at=at,
            account_id=by.account_id,
            reason=reason,
        )
    return Effect(amount, owed)


def _past(original: Any, on: date) -> bool:
    return original.expires_on is not None and original.expires_on < on


def _post_reversal(original: Any, reason: str, *, at: datetime, account_id: int | None) -> int:
    return lots.post(
        debit_id=original.credit_id,
        credit_id=original.debit_id,
        amount=original.amount,
        kind="reverse",
        source_type="transfer",
        source_id=original.id,
        at=at,
        account_id=account_id,
        reason=reason[:120],
        reverses_id=original.id,
    )


def _reversal_of(transfer_id: int) -> int | None:
    return db.session.scalar(select(Transfer.id).where(Transfer.reverses_id == transfer_id))
