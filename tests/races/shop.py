"""A shop with one gift for races: two with points, a desk of two, what stands afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy import select

from tests import make, make_points
from tests.make import acting
from tests.make_points import FRIDAY, NEXT_YEAR, TODAY, earned
from tests.racing import verb
from volunteer_service import policies
from volunteer_service.db import db, transaction
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.scoring.points import balances
from volunteer_service.scoring.rewards import orders
from volunteer_service.scoring.rewards.models import Gift

#: The first day on which points of this year are worth nothing.
NEW_YEAR = FRIDAY.replace(year=2027, month=1, day=1, hour=2)


@dataclass(frozen=True)
class Shop:
    """A gift of 3 points, people with points, and who serves them."""

    area_id: int
    gift_id: int
    wang: int
    zhao: int
    desk: Actor
    second: Actor
    coordinator: Actor


def shop(
    app: Flask,
    *,
    centi: int = 1_000,
    stock: int = 10,
    expires_on: date = NEXT_YEAR,
    orders_a_month: int = 1_000,
) -> Shop:
    """A town with this shop, in a transaction of its own."""
    with app.app_context():
        with transaction():
            cast = make.cast()
            changes = {"orders_a_month": orders_a_month}
            policies.add_version(changes, reason="test", account_id=None, at=FRIDAY)
            gift = make_points.gift(cast, stock=stock)
            for person in (cast.wang, cast.zhao):
                earned(person, centi, expires_on=expires_on)
            found = Shop(
                cast.town.id,
                gift.id,
                cast.wang.id,
                cast.zhao.id,
                acting(cast.desk),
                acting(make.account("desk2", "周兰", role="desk", area=cast.town)),
                acting(cast.coordinator),
            )
        db.session.remove()
    return found


def order(shop: Shop, who: int, at: Any = FRIDAY) -> Callable[[], Any]:
    """One gift for this person, as a race wants it: the act, which gives the order's id."""

    def act() -> int:
        return orders.order(shop.gift_id, 1, who, stars=0, by=shop.desk, at=at)[0].id

    return act


def ordered(app: Flask, shop: Shop) -> int:
    """The id of an order of 王建国."""
    found: int = verb(app, order(shop, shop.wang))()
    return found


def shelf(app: Flask) -> tuple[int, int]:
    """Pieces on the shelf, and those of them that wait for somebody."""
    with app.app_context(), transaction(write=False):
        stock, reserved = db.session.execute(select(Gift.stock, Gift.reserved)).one()
    return stock, reserved


def standing(app: Flask, who: int, on: date = TODAY) -> balances.Standing:
    """What this person has on this day."""
    with app.app_context(), transaction(write=False):
        return balances.standing(who, on)
