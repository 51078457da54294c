"""Own cases with gifts: a gift that waits for the actor, and a gift at terms that the actor set.

Nobody changes the price or stock of a gift that waits for them or for anybody they are tied to.
Nobody gets a gift at terms they set themself: until somebody else has saved the gift, a person who
set its price or star cannot order it. For an import's gifts this holds for both the one who handed
the file in and the one who applied it.
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
    """Pass if no open order for this gift belongs to the actor, to somebody tied to them, or to the
    person who handed the file in (:class:`OwnGift`).
    """
    waiting = select(Redemption.volunteer_id).where(
        Redemption.gift_id == gift.id, Redemption.state == "ordered"
    )
    people = sorted(set(db.session.scalars(waiting)))
    for each in (by, handed_in_by):
        if each is not None and conflicts.first_conflict(each, people, at=at) is not None:
            raise OwnGift()


def need_terms_of_others(gift: Gift, volunteer_id: int, *, at: datetime) -> None:
    """Pass if neither the customer nor anybody tied to them set the terms.

    The terms are the price, the star and the offer itself, as far back as one account depends on
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
    """Return who saved the gift and, of an import, handed the file in; the operator is nobody."""
    return {id_ for id_ in (entry.account_id, entry.facts.get("handed_in_by")) if id_ is not None}


def _saved(gift: Gift, since: datetime) -> list[Entry]:
    query = select(Entry).where(
        Entry.subject_type == gift.__tablename__,
        Entry.subject_id == gift.id,
        Entry.verb.in_(("gifts.add", "gifts.edit")),
        Entry.at > since,
    )
    return list(db.session.scalars(query.order_by(Entry.id.desc())))
