"""Limits on what one person adjusts and reverses alone: at once, and in sum over the policy's days.

The sums are those of a member, and those of an asking account with every account that depends on it
or on which it depends; taking counts like giving, a reversal like an adjustment, and amounts that a
second person approved do not count.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select

from volunteer_service import policies
from volunteer_service.db import db
from volunteer_service.journal import Entry
from volunteer_service.people.authorization import account_origins
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Account
from volunteer_service.scoring.points import accounts
from volunteer_service.scoring.points.models import Adjustment, PointsAccount, Transfer

#: The journal's word for an earning that somebody took back by hand.
REVERSED = "points.reverse"


def may(volunteer_id: int, amount: int, *, by: Actor, at: datetime) -> bool:
    """Tell whether the actor may adjust this member's points by ``amount`` without a second person.

    It locks the member's account and the asking ones until the commit, so that two requests at once
    do not exceed the sum.
    """
    policy = policies.guarding(at)
    if amount > policy.adjust_alone_centi:
        return False
    return _within_sums(volunteer_id, amount, by=by, at=at)


def may_reverse(volunteer_id: int, amount: int, *, by: Actor, at: datetime) -> bool:
    """Tell whether taking ``amount`` of this member's earnings back stays within the same sums.

    A single earning may exceed the limit of one adjustment, because its amount is given.
    """
    return by.account_id is None or _within_sums(volunteer_id, amount, by=by, at=at)


def _within_sums(volunteer_id: int, amount: int, *, by: Actor, at: datetime) -> bool:
    policy = policies.guarding(at)
    asking = _asking(by, at - timedelta(days=policy.independence_days))
    _one_by_one(volunteer_id, asking)
    since = at - timedelta(days=policy.adjust_days)
    of_member = _alone_since(since, Adjustment.volunteer_id == volunteer_id)
    of_member += _reversed_since(since, PointsAccount.volunteer_id == volunteer_id)
    of_account = _alone_since(since, _is_of(asking))
    of_account += _reversed_since(since, Entry.account_id.in_(asking))
    return (
        amount + of_member <= policy.adjust_member_centi
        and amount + of_account <= policy.adjust_account_centi
    )


def _asking(by: Actor, since: datetime) -> set[int]:
    return set() if by.account_id is None else account_origins.group(by.account_id, since)


def _is_of(asking: set[int]) -> ColumnElement[bool]:
    """Return the WHERE of what these accounts asked for; without an account, of what the operator
    did.
    """
    asked_by = Adjustment.asked_by_id
    return asked_by.in_(asking) if asking else asked_by.is_(None)


def _one_by_one(volunteer_id: int, asking: set[int]) -> None:
    accounts.open_accounts([volunteer_id])
    accounts.lock([volunteer_id])
    # Not its key, so that rows that refer to the account can still be written.
    held = select(Account.id).where(Account.id.in_(asking)).order_by(Account.id)
    db.session.execute(held.with_for_update(key_share=True))


def _alone_since(since: datetime, which: ColumnElement[bool]) -> int:
    """Return hundredths, both ways added up, that were adjusted without a second person."""
    total = select(func.coalesce(func.sum(func.abs(Adjustment.amount)), 0)).where(
        which,
        Adjustment.state == "done",
        Adjustment.decided_at.is_(None),
        Adjustment.asked_at > since,
    )
    return int(db.session.scalar(total) or 0)


def _reversed_since(since: datetime, which: ColumnElement[bool]) -> int:
    """Return hundredths that were taken back by hand, without those that a correction took back."""
    total = (
        select(func.coalesce(func.sum(Transfer.amount), 0))
        .join(
            Entry,
            and_(Entry.subject_type == Transfer.__tablename__, Entry.subject_id == Transfer.id),
        )
        .join(PointsAccount, PointsAccount.id == Transfer.credit_id)
        .where(which, Entry.verb == REVERSED, Entry.at > since, Entry.account_id.is_not(None))
    )
    return int(db.session.scalar(total) or 0)
