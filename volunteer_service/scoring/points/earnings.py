"""Earnings: a source earns its points once, however often it is asked for."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from volunteer_service.bounds import MOST_CENTI, whole
from volunteer_service.db import db, fetch, insert_new
from volunteer_service.openings.models import OPENING
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.points import accounts, lots
from volunteer_service.scoring.points.accounts import Member
from volunteer_service.scoring.points.models import Lot, PointsAccount, Transfer

#: The system account that pays each kind of grant.
PAID_BY = {"earn": "issued", OPENING: "opening"}


@dataclass(frozen=True)
class Grant:
    """Points (hundredths) for one source, valid to the end of ``expires_on``."""

    volunteer_id: int
    amount: int
    expires_on: date
    source_type: str
    source_id: int
    #: Line of the statement, for example the event's name.
    reason: str | None = None
    #: ``earn`` or, taken over from an earlier system, ``opening``.
    kind: str = "earn"


def grant(
    volunteer_id: int,
    amount: int,
    expires_on: date,
    source_type: str,
    source_id: int,
    *,
    at: datetime,
    account_id: int | None = None,
    reason: str | None = None,
) -> int | None:
    """Give ``amount`` hundredths for a source, once; return the transfer's id, old or new (None for
    0).
    """
    fetch(Volunteer, volunteer_id)
    row = Grant(volunteer_id, amount, expires_on, source_type, source_id, reason)
    grant_many([row], at=at, account_id=account_id)
    return earned(source_type, source_id)


def grant_many(grants: Iterable[Grant], *, at: datetime, account_id: int | None = None) -> int:
    """Give points for many sources in a few statements; those given before stay as they are.

    It returns how many were new. Points of members in debt repay the debt first.
    """
    wanted = [row for row in grants if whole(row.amount, 0, MOST_CENTI, "amount")]
    if not wanted:
        return 0
    accounts.open_accounts(row.volunteer_id for row in wanted)
    members = accounts.lock(row.volunteer_id for row in wanted)
    sums, counts = _post(wanted, members, at, account_id)
    _fill_lots(sums)
    _raise_balances(sums, counts)
    for member in members.values():
        if member.debt:
            lots.settle(member.id, at=at, account_id=account_id)
    return counts.total()


def earned(source_type: str, source_id: int) -> int | None:
    """Return the transfer that this source earned, reversed since or not."""
    return db.session.scalar(
        select(Transfer.id).where(
            Transfer.source_type == source_type,
            Transfer.source_id == source_id,
            Transfer.kind == "earn",
        )
    )


def _post(
    wanted: list[Grant], members: dict[int, Member], at: datetime, account_id: int | None
) -> tuple[Counter[tuple[int, date]], Counter[int]]:
    """Write the transfers; return sums by lot and counts by member of the new ones."""
    system = accounts.system()
    rows: list[dict[str, Any]] = [
        {
            "debit_id": system[PAID_BY[row.kind]],
            "credit_id": members[row.volunteer_id].id,
            "amount": row.amount,
            "kind": row.kind,
            "source_type": row.source_type,
            "source_id": row.source_id,
            "expires_on": row.expires_on,
            "reason": row.reason[:120] if row.reason else None,
            "at": at,
            "account_id": account_id,
        }
        for row in wanted
    ]
    statement = (
        insert_new(Transfer)
        .on_conflict_do_nothing()
        .returning(Transfer.credit_id, Transfer.expires_on, Transfer.amount)
    )
    sums: Counter[tuple[int, date]] = Counter()
    counts: Counter[int] = Counter()
    for row in accounts.run(statement, rows):
        sums[row.credit_id, row.expires_on] += row.amount
        counts[row.credit_id] += 1
    return sums, counts


def _fill_lots(sums: Counter[tuple[int, date]]) -> None:
    rows = [
        {"points_account_id": member_id, "expires_on": day, "remaining": amount}
        for (member_id, day), amount in sorted(sums.items())
    ]
    if not rows:
        return
    statement = insert_new(Lot)
    statement = statement.on_conflict_do_update(
        index_elements=["points_account_id", "expires_on"],
        set_={"remaining": Lot.remaining + statement.excluded.remaining},
    )
    accounts.run(statement, rows)


def _raise_balances(sums: Counter[tuple[int, date]], counts: Counter[int]) -> None:
    totals: Counter[int] = Counter()
    for (member_id, _day), amount in sums.items():
        totals[member_id] += amount
    rows = [
        {"member": member_id, "more": amount, "steps": counts[member_id]}
        for member_id, amount in totals.items()
    ]
    if not rows:
        return
    accounts.run(
        update(PointsAccount)
        .where(PointsAccount.id == bindparam("member"))
        .values(
            posted=PointsAccount.posted + bindparam("more"),
            version=PointsAccount.version + bindparam("steps"),
        ),
        rows,
    )
