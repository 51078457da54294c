"""Adjustments of points by hand: always with a reason, above the limits by two people."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import contains_eager

from volunteer_service import journal, policies, settings
from volunteer_service.areas.models import Area
from volunteer_service.bounds import MOST_CENTI, whole
from volunteer_service.db import db, fetch
from volunteer_service.errors import Phrase
from volunteer_service.people.authorization import conflicts, deciders
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.conflicts import Who
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import (
    home_of,
    living_under,
    need_to_act_on,
)
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Account, Volunteer
from volunteer_service.scoring.points import accounts, adjustment_limits, lots
from volunteer_service.scoring.points.accounts import Member
from volunteer_service.scoring.points.models import Adjustment
from volunteer_service.scoring.points.refusals import AlreadyDecided
from volunteer_service.scoring.rules import record_value
from volunteer_service.visible_text import said


@dataclass(frozen=True)
class Waiting:
    """An adjustment that waits, who asked, and why this reader does not decide it."""

    row: Adjustment
    asked_by: str | None
    why_not: Phrase | None
    who: Phrase | None
    is_own: bool


@said("reason")
def adjust(
    volunteer_id: int,
    amount: int,
    reason: str,
    *,
    by: Actor,
    at: datetime,
) -> Adjustment:
    """Add (or take, oldest lots first) ``amount`` hundredths; above the policy's limits it waits.

    Taking never goes below zero (:class:`NotEnoughPoints`). Nobody asks for themself
    (:class:`OwnCase`) or for anybody they are tied to (:class:`SecondPersonNeeded`).
    """
    _need(fetch(Volunteer, volunteer_id), by)
    conflicts.need_other(by, [volunteer_id], at=at, who=_others(volunteer_id, by.account_id, at))
    whole(abs(amount), 1, MOST_CENTI, "amount")
    row = Adjustment(
        volunteer_id=volunteer_id,
        amount=amount,
        reason=reason,
        state="done"
        if adjustment_limits.may(volunteer_id, abs(amount), by=by, at=at)
        else "waiting",
        asked_at=at,
        asked_by_id=by.account_id,
    )
    db.session.add(row)
    db.session.flush()
    if row.state == "done":
        _apply(row, by=by, at=at)
        messages.tell(volunteer_id, "points_adjusted", at=at, points=amount)
    _record("points.adjust", row, by=by, at=at)
    return row


def decide_adjustment(
    adjustment_id: int,
    *,
    approve: bool,
    by: Actor,
    at: datetime,
) -> Adjustment:
    """Approve a waiting adjustment as a second person, or refuse it; never for one's own points.

    The asker may refuse it, which withdraws it.
    """
    row = fetch(Adjustment, adjustment_id)
    _need(row.volunteer, by)
    others = _others(row.volunteer_id, row.asked_by_id, at)
    conflicts.need_other(by, [row.volunteer_id], at=at, who=others)
    if approve:
        conflicts.need_second(by, row.asked_by_id, at=at, who=others)
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
    told = "points_adjusted" if approve else "adjustment_refused"
    messages.tell(row.volunteer_id, told, at=at, points=row.amount)
    _tell_first(row, by=by, at=at)
    _record("points.decide_adjustment", row, by=by, at=at)
    return row


def waiting_adjustments(*, by: Actor, at: datetime) -> Sequence[Waiting]:
    """Return adjustments in the actor's places that wait for a second person, oldest first."""
    rows = db.session.execute(
        select(Adjustment, Account.name, Area.path)
        .join(Adjustment.volunteer)
        .outerjoin(Area, Area.id == Volunteer.area_id)
        .outerjoin(Account, Account.id == Adjustment.asked_by_id)
        .options(contains_eager(Adjustment.volunteer))
        .where(Adjustment.state == "waiting", living_under(by, Right.POINTS_ADJUST))
        .order_by(Adjustment.id)
        .limit(200)
    ).all()
    firsts = conflicts.why_not_each(by, {row.asked_by_id for row, *_more in rows}, at=at)
    tied = conflicts.reasons(by, {row.volunteer_id for row, *_more in rows}, at=at)
    reasons = {
        row.id: tied.get(row.volunteer_id) or firsts[row.asked_by_id] for row, *_more in rows
    }
    cases = {
        row.id: deciders.Case(row.volunteer_id, home, row.asked_by_id)
        for row, _name, home in rows
        if reasons[row.id] is not None
    }
    found = deciders.of_each(Right.POINTS_ADJUST, cases.values(), at=at) if cases else {}
    others = {id_: found[case] for id_, case in cases.items()}
    return [_shown(row, name, reasons[row.id], others.get(row.id), by) for row, name, _h in rows]


def _shown(
    row: Adjustment, asked_by: str | None, reason: Phrase | None, who: Who | None, by: Actor
) -> Waiting:
    is_own = by.volunteer_id == row.volunteer_id
    if is_own:
        reason = Phrase("这是您自己的积分")
    return Waiting(row, asked_by, reason, who.worded() if who else None, is_own)


def _others(volunteer_id: int, first: int | None, at: datetime) -> Callable[[], Who]:
    """Return who may decide on this member's points, other than the asker and the member."""

    def found() -> Who:
        home = home_of(volunteer_id)
        return conflicts.who_may(Right.POINTS_ADJUST, home, first, at=at, but=[volunteer_id])

    return found


def _need(volunteer: Volunteer, by: Actor) -> None:
    need_to_act_on(by, Right.POINTS_ADJUST, volunteer)


def _apply(row: Adjustment, *, by: Actor, at: datetime) -> None:
    accounts.open_accounts([row.volunteer_id])
    member = accounts.lock([row.volunteer_id])[row.volunteer_id]
    lots.settle(member.id, at=at, account_id=by.account_id)
    if row.amount > 0:
        _add(row, member, by=by, at=at)
    else:
        _take(row, member, by=by, at=at)


def _add(row: Adjustment, member: Member, *, by: Actor, at: datetime) -> None:
    day = record_value.expires_on(settings.local_day(at), policies.active())
    lots.fill(member.id, day, row.amount)
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
    taken = lots.take(member.id, -row.amount, on=settings.local_day(at))
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


def _tell_first(row: Adjustment, *, by: Actor, at: datetime) -> None:
    facts = {"member": row.volunteer_id, "points": row.amount, "outcome": row.state}
    messages.tell_first(row.asked_by_id, "adjustment_answered", second=by, at=at, **facts)


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
