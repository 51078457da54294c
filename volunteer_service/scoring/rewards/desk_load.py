"""When people fetch their gifts, by hour and day, and which gifts run out first."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from volunteer_service import settings
from volunteer_service.areas import lookup as areas
from volunteer_service.db import db
from volunteer_service.errors import NotAllowed
from volunteer_service.people.authorization import rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.scoring.rewards.models import Gift, Redemption

#: The days over which hours, days, and the pace of each gift are counted.
DAYS = 56
PACE_DAYS = 28
#: The most gifts that are named.
MOST = 20


@dataclass(frozen=True)
class Running:
    """A gift: pieces that are free, pieces given out lately, days that the free ones last."""

    gift: Gift
    left: int
    given: int

    @property
    def lasts(self) -> int | None:
        """Return whole days at the pace of :data:`PACE_DAYS`; None if nothing was given out."""
        return self.left * PACE_DAYS // self.given if self.given else None


@dataclass(frozen=True)
class Load:
    """Orders handed over by hour of the day and by day, and the gifts that run out first."""

    paths: tuple[str, ...]
    since: date
    until: date
    by_hour: Mapping[int, int]
    by_day: Mapping[date, int]
    gifts: Sequence[Running]


def load(*, by: Actor, at: datetime) -> Load:
    """Return what the desks of ``by`` gave out within :data:`DAYS` days up to today.

    Raises:
        NotAllowed: ``by`` neither works at a desk nor keeps or audits its gifts.
    """
    wanted = (Right.DESK, Right.GIFT_EDIT, Right.AUDIT)
    paths = tuple({path for right in wanted for path in rights.places(by, right)[0]})
    if not paths:
        raise NotAllowed()
    today = settings.local_day(at)
    since = today - timedelta(days=DAYS - 1)
    ended = _ended(paths, since)
    return Load(
        paths,
        since,
        today,
        Counter(each.hour for each in ended),
        Counter(each.date() for each in ended),
        _gifts(paths, today),
    )


def _ended(paths: Sequence[str], since: date) -> list[datetime]:
    query = (
        select(Redemption.ended_at)
        .join(Redemption.gift)
        .where(
            areas.within(Gift.area_id, paths),
            Redemption.state == "handed_over",
            Redemption.ended_at >= settings.day_begins(since),
        )
    )
    zone = settings.current().zone
    return [each.astimezone(zone) for each in db.session.scalars(query) if each is not None]


def _gifts(paths: Sequence[str], today: date) -> list[Running]:
    since = settings.day_begins(today - timedelta(days=PACE_DAYS - 1))
    given = (
        select(func.coalesce(func.sum(Redemption.quantity), 0))
        .where(
            Redemption.gift_id == Gift.id,
            Redemption.state == "handed_over",
            Redemption.ended_at >= since,
        )
        .correlate(Gift)
        .scalar_subquery()
    )
    query = select(Gift, given).where(areas.within(Gift.area_id, paths), Gift.state == "offered")
    found = [
        Running(gift, gift.stock - gift.reserved, int(n)) for gift, n in db.session.execute(query)
    ]
    found.sort(key=_urgency)
    return found[:MOST]


def _urgency(each: Running) -> tuple[bool, float, str]:
    lasts = 0 if not each.left else each.lasts
    return lasts is None, lasts or 0, each.gift.name
