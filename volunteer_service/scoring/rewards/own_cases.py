"""Where a gift is the actor's own case.

Nobody moves the price and the stock of a gift that waits for them or for whom they are tied to.
And nobody has a gift at terms of their own making: until somebody else has saved the gift, who set
its price or star does not order it. Of an import's gifts who handed the file in counts as well as
who applied it.
"""

from datetime import datetime, timedelta

from sqlalchemy import select

from volunteer_service import policies, settings
from volunteer_service.db import db
from volunteer_service.journal import Entry
from volunteer_service.people.authorization import conflicts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.scoring.rewards.models import Gift, Redemption
from volunteer_service.scoring.rewards.refusals import OwnGift, OwnTerms


def need_no_order_of_mine(
    gift: Gift, *, by: Actor, at: datetime, handed_in_by: Actor | None = None
) -> None:
    """Pass where no open order for this gift is the actor's, or of somebody tied to them, nor of
    who handed the file in (:class:`OwnGift`).
    """
    waiting = select(Redemption.volunteer_id).where(
        Redemption.gift_id == gift.id, Redemption.state == "ordered"
    )
    people = sorted(set(db.session.scalars(waiting)))
    for each in (by, handed_in_by):
        if each is not None and conflicts.first_conflict(each, people, at=at) is not None:
            raise OwnGift()


def need_terms_of_others(gift: Gift, volunteer_id: int, *, at: datetime) -> None:
    """Pass where neither the customer nor who is tied to them set the terms.

    Looked for are the price, the star and the offer itself, as far back as one account depends on
    another; somebody else who saved the gift since has confirmed them (:class:`OwnTerms`).
    """
    days = policies.guarding(at).independence_days
    for entry in _saved(gift, at - timedelta(days=days)):
        if not any(conflicts.is_tied(id_, volunteer_id, at=at) for id_ in _authors(entry)):
            return
        if entry.facts.get("terms", True):
            raise OwnTerms(until=settings.local_day(entry.at + timedelta(days=days)).isoformat())


def author_of_terms(gift: Gift, *, at: datetime) -> int | None:
    """Return the account that set the price, star or offer and waits for somebody else to
    save it.
    """
    days = policies.guarding(at).independence_days
    last = next(iter(_saved(gift, at - timedelta(days=days))), None)
    return last.account_id if last is not None and last.facts.get("terms", True) else None


def _authors(entry: Entry) -> set[int]:
    """Return who saved the gift and, of an import, who handed the file in; the operator
    is nobody.
    """
    return {id_ for id_ in (entry.account_id, entry.facts.get("handed_in_by")) if id_ is not None}


def _saved(gift: Gift, since: datetime) -> list[Entry]:
    query = select(Entry).where(
        Entry.subject_type == gift.__tablename__,
        Entry.subject_id == gift.id,
        Entry.verb.in_(("gifts.add", "gifts.edit")),
        Entry.at > since,
    )
    return list(db.session.scalars(query.order_by(Entry.id.desc())))
