"""The reward desk: gifts arrive, orders are handed over on Fridays, some wait with their codes."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import select

from volunteer_service.db import db
from volunteer_service.demo import names
from volunteer_service.demo.stage import Act, Days, Town
from volunteer_service.scoring.points import seals
from volunteer_service.scoring.ratings import results
from volunteer_service.scoring.rewards import catalogue, desk_days, gifts, orders
from volunteer_service.scoring.rewards.models import Gift, Redemption

FRIDAY = 4
#: Weeks between two Fridays on which the demo's desk had visitors.
WEEKS = 4
VISITORS = 3
#: Orders older than this do not count towards the month's quota of people with a waiting order.
QUOTA_DAYS = 35


def acts(town: Town) -> Iterator[Act]:
    """Yield the delivery, then the Fridays, one order that nobody fetched, and the orders of these
    days.
    """
    days = town.days
    delivered = days.on(days.finished.starts_on, 9)
    yield Act(delivered, partial(_deliver, town, delivered))
    fridays = _fridays(days)
    for n, friday in enumerate(fridays):
        at = days.on(friday, 14)
        yield Act(at, partial(_serve, town, n, at))
    closed = days.on(fridays[-1], 17)
    yield Act(closed, partial(_close_day, town, closed))
    forgotten = days.ago(QUOTA_DAYS, 20)
    yield Act(forgotten, partial(_order, town, names.FORGETFUL, forgotten))
    yield Act(days.ago(18, 1), partial(_lapse, days.ago(18, 1)))
    for n, person in enumerate(names.WAITING):
        at = days.ago(2, 19, 5 * n)
        yield Act(at, partial(_order, town, person, at))


def _fridays(days: Days) -> list[date]:
    first = days.finished.starts_on + timedelta(days=60)
    first += timedelta(days=(FRIDAY - first.weekday()) % 7)
    last = days.today - timedelta(days=QUOTA_DAYS)
    return [first + timedelta(weeks=n) for n in range(0, (last - first).days // 7 + 1, WEEKS)]


def _deliver(town: Town, at: datetime) -> None:
    by = town.staff["desk"]
    for plan in names.GIFTS:
        gift = gifts.add_gift(
            town.root.id,
            plan.name,
            price_centi=plan.price_centi,
            minimum_stars=plan.minimum_stars,
            by=by,
            at=at,
        )
        gifts.receive(gift.id, plan.pieces, reason="首批进货", by=by, at=at)


def _serve(town: Town, n: int, at: datetime) -> None:
    """Let some people order on the way and fetch at the counter; one sends the neighbour."""
    keen = [person for person, who in enumerate(names.PEOPLE) if who.keen >= 24]
    for visitor in range(VISITORS):
        person = keen[(n * VISITORS + visitor) % len(keen)]
        row = _order(town, person, at + timedelta(minutes=4 * visitor))
        if row is not None:
            orders.hand_over(
                row.id,
                proxy_name="邻居老周" if visitor == 2 and n % 2 else None,
                by=town.staff["desk"],
                at=at + timedelta(minutes=4 * visitor + 2),
            )


def _order(town: Town, person: int, at: datetime) -> Redemption | None:
    """Order one of the gifts that the person can have; nothing while there is none."""
    volunteer = town.people[person]
    stars = results.latest_stars(volunteer.id)
    offers = [o for o in catalogue.affordable(volunteer.id, stars=stars, at=at) if o.can_order]
    if not offers:
        return None
    actor = town.actors[person]
    # People without a phone order at the counter.
    by = actor if actor.account_id is not None else town.staff["desk"]
    gift = offers[-1 - person % min(4, len(offers))].gift
    row, _code = orders.order(gift.id, 1, volunteer.id, stars=stars, by=by, at=at)
    return row


def _lapse(at: datetime) -> None:
    orders.lapse_due(at=at)


def _close_day(town: Town, at: datetime) -> None:
    """Close the last Friday with everything counted and one towel missing."""
    seals.seal(at=at)
    shelf = db.session.scalars(select(Gift).where(Gift.area_id == town.root.id)).all()
    counts = {gift.id: gift.stock - (gift.name == "毛巾") for gift in shelf}
    desk_days.close_day(town.root.id, counts, by=town.staff["desk"], at=at)
