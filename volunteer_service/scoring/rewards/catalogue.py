"""The catalogue of gifts for one person: what they may order now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, literal, or_, select
from sqlalchemy.orm import joinedload

from volunteer_service import policies, settings
from volunteer_service.areas.models import Area
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db, fetch
from volunteer_service.errors import NotFound
from volunteer_service.paging import Page, Sorts, on_days, page
from volunteer_service.people.authorization import rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import home_of
from volunteer_service.scoring.points import balances
from volunteer_service.scoring.rewards.gift_pictures import picture_of
from volunteer_service.scoring.rewards.models import COUNTED, Gift, Redemption
from volunteer_service.scoring.rules import record_value

GIFT_SORTS = Sorts(Gift.id, "state", state=Gift.state, name=Gift.name, price_centi=Gift.price_centi)
ORDER_SORTS = Sorts(Redemption.id, "-id", ordered_at=Redemption.ordered_at)


@dataclass(frozen=True)
class Offer:
    """A gift, and whether one person may order it."""

    gift: Gift
    picture: str
    #: Pieces that are not promised to anybody.
    left: int
    #: Hundredths still missing for one piece.
    missing_centi: int
    #: True if the person's star is not high enough.
    star_needed: bool

    @property
    def can_order(self) -> bool:
        """Tell whether nothing about the gift prevents the order (the limit of the month is
        separate).
        """
        return self.left > 0 and not self.missing_centi and not self.star_needed


def purse(volunteer_id: int, *, at: datetime) -> balances.Standing:
    """Return the member's points, with what records still to be confirmed would bring."""
    waiting = db.session.execute(
        select(ServiceRecord.minutes, ServiceRecord.coefficient_centi, ServiceRecord.grade).where(
            ServiceRecord.volunteer_id == volunteer_id, ServiceRecord.state == "waiting"
        )
    )
    policy = policies.active()
    total = sum(
        record_value.points_for(minutes, rate, grade, policy) for minutes, rate, grade in waiting
    )
    return replace(balances.standing(volunteer_id, settings.local_day(at)), waiting=total)


def affordable(volunteer_id: int, *, stars: int, at: datetime) -> list[Offer]:
    """Return the gifts of the volunteer's area, cheapest first, each with what prevents an
    order.
    """
    available = balances.standing(volunteer_id, settings.local_day(at)).available
    cheapest = _offered(volunteer_id).order_by(*GIFT_SORTS.keys("price_centi"))
    return [_offer(gift, available, stars) for gift in db.session.scalars(cheapest)]


def offer_of(gift: Gift, volunteer_id: int, *, stars: int, at: datetime) -> Offer:
    """Return one gift with what this person can do about it."""
    available = balances.standing(volunteer_id, settings.local_day(at)).available
    return _offer(gift, available, stars)


def orders_left(volunteer_id: int, *, at: datetime) -> int:
    """Return how many more orders this volunteer may make this local month."""
    used = db.session.scalar(
        select(func.count())
        .select_from(Redemption)
        .where(
            Redemption.volunteer_id == volunteer_id,
            Redemption.month == f"{settings.local_day(at):%Y-%m}",
            Redemption.state.in_(COUNTED),
        )
    )
    return max(0, policies.active().orders_a_month - (used or 0))


def orders_of(volunteer_id: int, *, limit: int = 20) -> Sequence[Redemption]:
    """Return a volunteer's own orders, newest first."""
    return orders(volunteer_id, limit=limit).items


def orders(
    volunteer_id: int,
    *,
    state: str | None = None,
    from_on: date | None = None,
    to_on: date | None = None,
    sort: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Redemption]:
    """Return the same in pages, of one state, by the local day on which they were made."""
    query = select(Redemption).options(joinedload(Redemption.gift))
    query = query.where(
        Redemption.volunteer_id == volunteer_id,
        *on_days(Redemption.ordered_at, from_on, to_on),
    )
    if state:
        query = query.where(Redemption.state == state)
    return page(query, ORDER_SORTS, sort=sort, cursor=cursor, limit=limit)


def catalogue(by: Actor) -> Sequence[Gift]:
    """Return the gifts of the places where the actor keeps gifts, withdrawn ones last."""
    return db.session.scalars(_kept(by).order_by(*GIFT_SORTS.keys("state"))).all()


def gifts(
    by: Actor,
    *,
    state: str | None = None,
    area_id: int | None = None,
    sort: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Gift]:
    """Return the gifts that the actor keeps, or else those that they may order, cheapest first."""
    query = _kept(by)
    if by.volunteer_id is not None and db.session.scalar(query.limit(1)) is None:
        query, sort = _offered(by.volunteer_id), sort or "price_centi"
    if state:
        query = query.where(Gift.state == state)
    if area_id is not None:
        query = query.where(Area.path.startswith(fetch(Area, area_id).path, autoescape=True))
    return page(query, GIFT_SORTS, sort=sort, cursor=cursor, limit=limit)


def gift_for(gift_id: int, *, by: Actor) -> Gift:
    """Return one gift, for an actor who keeps it or may order it."""
    gift = fetch(Gift, gift_id)
    if rights.may(by, Right.GIFT_EDIT, area_path=gift.area.path):
        return gift
    home = home_of(by.volunteer_id) if by.volunteer_id is not None else None
    if not home or not home.startswith(gift.area.path):
        raise NotFound()
    return gift


def kept_by(by: Actor) -> ColumnElement[bool]:
    """Return the WHERE of gifts of the places where the actor keeps gifts; joined to the area."""
    paths, _teams = rights.places(by, Right.GIFT_EDIT)
    return or_(*(Area.path.startswith(path) for path in paths)) if paths else Gift.id < 0


def _kept(by: Actor) -> Select[Gift]:
    return select(Gift).join(Gift.area).where(kept_by(by))


def _offered(volunteer_id: int) -> Select[Gift]:
    home = home_of(volunteer_id)
    query = select(Gift).join(Gift.area).where(Gift.state == "offered")
    # A person without a home belongs to no desk, so nothing is offered.
    return query.where(literal(home or "").startswith(Area.path))


def _offer(gift: Gift, available: int, stars: int) -> Offer:
    return Offer(
        gift=gift,
        picture=picture_of(gift.name, gift.picture),
        left=gift.stock - gift.reserved,
        missing_centi=max(0, gift.price_centi - available),
        star_needed=stars < gift.minimum_stars,
    )
