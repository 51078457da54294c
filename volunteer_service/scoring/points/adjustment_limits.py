"""How much one person adjusts alone: in one go, and in sum over the policy's days.

The sums are those of a member and those of an asking account; taking counts as giving does, and
what a second person approved does not count.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select

from volunteer_service import policies
from volunteer_service.db import db
from volunteer_service.people.authorization import personal_ties
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Account
from volunteer_service.scoring.points import accounts
from volunteer_service.scoring.points.models import Adjustment


def may(volunteer_id: int, amount: int, *, by: Actor, at: datetime) -> bool:
    """True where the actor may adjust this member's points by ``amount`` without a second person.

    Never those of somebody with the same phone or guardian. Holds the member's account
    and the asking one until the commit, so that two at once do not pass the sum.
    """
    policy = policies.active()
    days = policy.independence_days
    if personal_ties.of_people(by.volunteer_id, volunteer_id, at=at, days=days):
        return False
    if amount > policy.adjust_alone_centi:
        return False
    _one_by_one(volunteer_id, by)
    since = at - timedelta(days=policy.adjust_days)
    of_member = _alone_since(since, Adjustment.volunteer_id == volunteer_id)
    of_account = _alone_since(since, Adjustment.asked_by_id.is_not_distinct_from(by.account_id))
    return (
        amount + of_member <= policy.adjust_member_centi
        and amount + of_account <= policy.adjust_account_centi
    )


def _one_by_one(volunteer_id: int, by: Actor) -> None:
    accounts.open_accounts([volunteer_id])
    accounts.lock([volunteer_id])
    if by.account_id is not None:
        # Not its key: what refers to the account goes on.
        asking = select(Account.id).where(Account.id == by.account_id)
        db.session.execute(asking.with_for_update(key_share=True))


def _alone_since(since: datetime, which: ColumnElement[bool]) -> int:
    """Hundredths, both ways added up, that were adjusted without a second person."""
    total = select(func.coalesce(func.sum(func.abs(Adjustment.amount)), 0)).where(
        which,
        Adjustment.state == "done",
        Adjustment.decided_at.is_(None),
        Adjustment.asked_at > since,
    )
    return int(db.session.scalar(total) or 0)
