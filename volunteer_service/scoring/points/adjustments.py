"""Corrections by hand: always with a reason, above a limit with a second person."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import false, or_, select, update

from volunteer_service import journal, policies
from volunteer_service.areas.models import Area
from volunteer_service.db import db, fetch, insert_new
from volunteer_service.people import conflicts, rights
from volunteer_service.people.actor import Actor
from volunteer_service.people.models import Volunteer
from volunteer_service.people.rights import Right
from volunteer_service.scoring.points import accounts, lots
from volunteer_service.scoring.points.accounts import Member
from volunteer_service.scoring.points.models import Adjustment, Lot
from volunteer_service.scoring.points.refusals import AlreadyDecided
from volunteer_service.scoring.rules import worth

#: Hundredths up to which one person may adjust alone.
ALONE_UP_TO = 5_000


def adjust(
    volunteer_id: int,
    amount: int,
    reason: str,
    *,
    by: Actor,
    at: datetime,
) -> Adjustment:
    """Add (or take, oldest lots first) ``amount`` hundredths; above 50 points it waits.

    Taking never goes below zero (:class:`NotEnoughPoints`).
    """
    _need(fetch(Volunteer, volunteer_id), by)
    row = Adjustment(
        volunteer_id=volunteer_id,
        amount=amount,
        reason=reason,
        state="waiting" if abs(amount) > ALONE_UP_TO else "done",
        asked_at=at,
        asked_by_id=by.account_id,
    )
    db.session.add(row)
    db.session.flush()
    if row.state == "done":
        _apply(row, by=by, at=at)
    _record("points.adjust", row, by=by, at=at)
    return row


def decide_adjustment(
    adjustment_id: int,
    *,
    approve: bool,
    by: Actor,
    at: datetime,
) -> Adjustment:
    """Approve or refuse a waiting adjustment; approving takes another person than asking."""
    row = fetch(Adjustment, adjustment_id)
    _need(row.volunteer, by)
    if approve:
        conflicts.need_second(by, row.asked_by_id, at=at)
    state = "done" if approve else "refused"
    decided = accounts.run(
        update(Adjustment)
        .where(Adjustment.id == row.id, Adjustment.state == "waiting")
        .values(state=state, decided_at=at, decided_by_id=by.account_id)
    ).rowcount
    if not decided:
        raise AlreadyDecided()
    db.session.refresh(row)
    if approve:
        _apply(row, by=by, at=at)
    _record("points.decide_adjustment", row, by=by, at=at)
    return row


def waiting_adjustments(*, by: Actor) -> Sequence[Adjustment]:
    """Adjustments of the actor's places that wait for a second person, the oldest first."""
    paths, _teams = rights.places(by, Right.POINTS_ADJUST)
    return db.session.scalars(
        select(Adjustment)
        .join(Adjustment.volunteer)
        .join(Area, Area.id == Volunteer.area_id)
        .where(
            Adjustment.state == "waiting",
            or_(false(), *(Area.path.startswith(path) for path in paths)),
        )
        .order_by(Adjustment.id)
        .limit(200)
    ).all()


def _need(volunteer: Volunteer, by: Actor) -> None:
    for path in accounts.area_paths([volunteer.id]):
        rights.need(by, Right.POINTS_ADJUST, area_path=path)


def _apply(row: Adjustment, *, by: Actor, at: datetime) -> None:
    accounts.open_accounts([row.volunteer_id])
    member = accounts.lock([row.volunteer_id])[row.volunteer_id]
    lots.settle(member.id, at=at, account_id=by.account_id)
    if row.amount > 0:
        _add(row, member, by=by, at=at)
    else:
        _take(row, member, by=by, at=at)


def _add(row: Adjustment, member: Member, *, by: Actor, at: datetime) -> None:
    day = worth.expires_on(accounts.local_day(at), policies.active())
    statement = insert_new(Lot).values(
        points_account_id=member.id, expires_on=day, remaining=row.amount
    )
    accounts.run(
        statement.on_conflict_do_update(
            index_elements=["points_account_id", "expires_on"],
            set_={"remaining": Lot.remaining + statement.excluded.remaining},
        )
    )
    accounts.move(member.id, posted=row.amount)
    lots.post(
        debit_id=accounts.system()["adjusted"],
        credit_id=member.id,
        amount=row.amount,
        kind="adjust",
        source_type="adjustment",
        source_id=row.id,
        at=at,
        account_id=by.account_id,
        reason=row.reason,
        expires_on=day,
    )
    lots.settle(member.id, at=at, account_id=by.account_id)


def _take(row: Adjustment, member: Member, *, by: Actor, at: datetime) -> None:
    accounts.move(member.id, posted=row.amount)
    taken = lots.take(member.id, -row.amount, on=accounts.local_day(at))
    transfer_id = lots.post(
        debit_id=member.id,
        credit_id=accounts.system()["adjusted"],
        amount=-row.amount,
        kind="adjust",
        source_type="adjustment",
        source_id=row.id,
        at=at,
        account_id=by.account_id,
        reason=row.reason,
    )
    lots.note(transfer_id, lots.out(taken))


def _record(verb: str, row: Adjustment, *, by: Actor, at: datetime) -> None:
    journal.record(
        verb,
        row,
        account_id=by.account_id,
        door=by.door,
        at=at,
        amount=row.amount,
        state=row.state,
        volunteer=row.volunteer_id,
    )
