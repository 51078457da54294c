"""Where a gift is the actor's own case.

Nobody moves the price and the stock of a gift that waits for them. And nobody has a gift at terms
of their own making: until somebody else has saved the gift, who set its price or star does not
order it.
"""

from datetime import datetime, timedelta

from sqlalchemy import select

from volunteer_service import policies, settings
from volunteer_service.db import db
from volunteer_service.journal import Entry
from volunteer_service.people.authorization import conflicts, personal_ties
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.scoring.rewards.models import Gift, Redemption
from volunteer_service.scoring.rewards.refusals import OwnGift, OwnTerms


def need_no_order_of_mine(gift: Gift, *, by: Actor) -> None:
    """Pass for who has no open order for this gift (:class:`OwnGift`)."""
    mine = select(Redemption.volunteer_id).where(
        Redemption.gift_id == gift.id,
        Redemption.volunteer_id == by.volunteer_id,
        Redemption.state == "ordered",
    )
    conflicts.need_other(by, db.session.scalars(mine.limit(1)), refusal=OwnGift)


def need_terms_of_others(gift: Gift, volunteer_id: int, *, at: datetime) -> None:
    """Pass where the customer, or who shares a phone or home with them, did not set the terms.

    Looked for are the price, the star and the offer itself, as far back as one account depends on
    another; somebody else who saved the gift since has confirmed them (:class:`OwnTerms`).
    """
    days = policies.active().independence_days
    for entry in _saved(gift, at - timedelta(days=days)):
        if entry.account_id is None:
            return
        author = personal_ties.party(entry.account_id).volunteer_id
        if personal_ties.of_people(author, volunteer_id, at=at, days=days) is None:
            return
        if entry.facts.get("terms", True):
            raise OwnTerms(until=settings.local_day(entry.at + timedelta(days=days)).isoformat())


def author_of_terms(gift: Gift, *, at: datetime) -> int | None:
    """The account that set the price, star or offer and waits for somebody else to save it."""
    days = policies.active().independence_days
    last = next(iter(_saved(gift, at - timedelta(days=days))), None)
    return last.account_id if last is not None and last.facts.get("terms", True) else None


def _saved(gift: Gift, since: datetime) -> list[Entry]:
    query = select(Entry).where(
        Entry.subject_type == gift.__tablename__,
        Entry.subject_id == gift.id,
        Entry.verb.in_(("gifts.add", "gifts.edit")),
        Entry.at > since,
    )
    return list(db.session.scalars(query.order_by(Entry.id.desc())))
