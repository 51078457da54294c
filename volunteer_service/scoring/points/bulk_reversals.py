"""Reverses many earnings at once, as an import is undone."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import aliased

from volunteer_service.db import db, in_lists
from volunteer_service.people.authorization import conflicts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import need_on_people, others_at_home
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.points import accounts
from volunteer_service.scoring.points.earnings import PAID_BY
from volunteer_service.scoring.points.models import Lot, LotMove, PointsAccount, Transfer
from volunteer_service.scoring.points.reversals import take_back
from volunteer_service.visible_text import said


@said("reason")
def reverse_many(
    source_type: str, source_ids: Iterable[int], *, reason: str, by: Actor, at: datetime
) -> int:
    """Take back what these sources earned (an import is undone); return how many were taken back.

    Nobody takes back their own (:class:`OwnCase`) or those of anybody they are tied to. A few
    statements serve all points still in their lots; the others go one by one.
    """
    lists = in_lists(source_ids)
    originals = [row for ids in lists for row in _standing(source_type, ids)]
    owners = {row.owner_id for row in originals}
    need_on_people(by, Right.POINTS_ADJUST, owners)
    who = others_at_home(Right.POINTS_ADJUST, owners, at=at)
    conflicts.need_other(by, owners, at=at, who=who)
    accounts.lock(owners | {row.volunteer_id for row in originals})
    whole, short = _sorted_by_lot(originals)
    _take_whole(whole, reason, by=by, at=at)
    _tell(whole, at)
    for row in short:
        take_back(row.id, reason, by=by, at=at)
        messages.tell(row.owner_id, "points_reversed", at=at, points=-row.amount)
    return len(originals)


@dataclass(frozen=True)
class Loss:
    """The cost of a reversal to one person, in hundredths: the points, and the debt that
    it leaves.
    """

    volunteer_id: int
    points: int
    debt: int


def foretold(sources: Mapping[str, Iterable[int]], *, on: date) -> list[Loss]:
    """Return what :func:`reverse_many` would take on this local day, by person; change nothing.

    ``sources`` are ids by the type of their source.

    As there, points still in their lot are taken first, then points of other lots, and a shortfall
    becomes a debt unless it is past its date.
    """
    lists = ((kind, ids) for kind, many in sources.items() for ids in in_lists(many))
    originals = [row for kind, ids in lists for row in _standing(kind, ids)]
    whole, short = _sorted_by_lot(originals)
    left = Counter(_available({row.owner_id for row in originals}, on))
    points: Counter[int] = Counter()
    for row in originals:
        points[row.owner_id] += row.amount
    for row, _lot in whole:
        left[row.owner_id] -= row.amount
    debts: Counter[int] = Counter()
    for row in short:
        taken = min(row.amount, max(left[row.owner_id], 0))
        left[row.owner_id] -= taken
        is_past = row.expires_on is not None and row.expires_on < on
        debts[row.owner_id] += 0 if is_past else row.amount - taken
    losses = [Loss(owner, amount, debts[owner]) for owner, amount in points.items()]
    return sorted(losses, key=lambda loss: (-loss.debt, -loss.points, loss.volunteer_id))


def _available(owners: set[int], on: date) -> dict[int, int]:
    found: dict[int, int] = {}
    for ids in in_lists(sorted(owners)):
        query = (
            select(PointsAccount.volunteer_id, func.sum(Lot.remaining))
            .join(Lot, Lot.points_account_id == PointsAccount.id)
            .where(PointsAccount.volunteer_id.in_(ids), Lot.expires_on >= on)
            .group_by(PointsAccount.volunteer_id)
        )
        found |= {int(row[0] or 0): int(row[1]) for row in db.session.execute(query)}
    return found


def _standing(source_type: str, source_ids: Sequence[int]) -> Sequence[Any]:
    """Return what these sources earned or brought in that is not reversed."""
    reversal = aliased(Transfer)
    return db.session.execute(
        select(
            Transfer.id,
            Transfer.debit_id,
            Transfer.credit_id,
            Transfer.amount,
            Transfer.expires_on,
            PointsAccount.volunteer_id,
            func.coalesce(Volunteer.merged_into_id, Volunteer.id).label("owner_id"),
        )
        .join(PointsAccount, PointsAccount.id == Transfer.credit_id)
        .join(Volunteer, Volunteer.id == PointsAccount.volunteer_id)
        .outerjoin(reversal, reversal.reverses_id == Transfer.id)
        .where(
            Transfer.source_type == source_type,
            Transfer.source_id.in_(source_ids),
            Transfer.kind.in_(PAID_BY),
            reversal.id.is_(None),
        )
        .order_by(Transfer.id)
    ).all()


def _sorted_by_lot(originals: list[Any]) -> tuple[list[tuple[Any, int]], list[Any]]:
    """Split earnings (with their lot) into those whose lot still has all of them, and the
    others.
    """
    wanted: Counter[tuple[int, date]] = Counter()
    for row in originals:
        wanted[row.credit_id, row.expires_on] += row.amount
    there: dict[tuple[int, date], tuple[int, int]] = {}
    for ids in in_lists(sorted({member_id for member_id, _day in wanted})):
        query = select(Lot.points_account_id, Lot.expires_on, Lot.id, Lot.remaining)
        for member_id, day, lot_id, remaining in db.session.execute(
            query.where(Lot.points_account_id.in_(ids))
        ):
            there[member_id, day] = (lot_id, remaining)
    whole: list[tuple[Any, int]] = []
    short: list[Any] = []
    for row in originals:
        key = (row.credit_id, row.expires_on)
        lot_id, remaining = there[key]
        if remaining >= wanted[key]:
            whole.append((row, lot_id))
        else:
            short.append(row)
    return whole, short


def _take_whole(whole: list[tuple[Any, int]], reason: str, *, by: Actor, at: datetime) -> None:
    if not whole:
        return
    rows = [
        {
            "debit_id": row.credit_id,
            "credit_id": row.debit_id,
            "amount": row.amount,
            "kind": "reverse",
            "source_type": "transfer",
            "source_id": row.id,
            "reverses_id": row.id,
            "reason": reason[:120],
            "at": at,
            "account_id": by.account_id,
        }
        for row, _lot in whole
    ]
    made = accounts.run(insert(Transfer).returning(Transfer.id, Transfer.reverses_id), rows)
    ids = {row.reverses_id: row.id for row in made}
    moves = [
        {"transfer_id": ids[row.id], "lot_id": lot_id, "amount": -row.amount}
        for row, lot_id in whole
    ]
    accounts.run(insert(LotMove), moves)
    _lower(whole)


def _tell(whole: list[tuple[Any, int]], at: datetime) -> None:
    """Tell each member once, with the sum; the others are told one by one."""
    sums: Counter[int] = Counter()
    for row, _lot in whole:
        sums[row.owner_id] += row.amount
    told = ((id_, {"points": -amount}) for id_, amount in sums.items())
    messages.tell_each("points_reversed", told, at=at)


def _lower(whole: list[tuple[Any, int]]) -> None:
    of_lot: Counter[int] = Counter()
    of_member: Counter[int] = Counter()
    steps: Counter[int] = Counter()
    for row, lot_id in whole:
        of_lot[lot_id] += row.amount
        of_member[row.credit_id] += row.amount
        steps[row.credit_id] += 1
    accounts.run(
        update(Lot)
        .where(Lot.id == bindparam("lot"))
        .values(remaining=Lot.remaining - bindparam("less")),
        [{"lot": lot_id, "less": amount} for lot_id, amount in of_lot.items()],
    )
    accounts.run(
        update(PointsAccount)
        .where(PointsAccount.id == bindparam("member"))
        .values(
            posted=PointsAccount.posted - bindparam("less"),
            version=PointsAccount.version + bindparam("steps"),
        ),
        [
            {"member": member_id, "less": amount, "steps": steps[member_id]}
            for member_id, amount in of_member.items()
        ],
    )
