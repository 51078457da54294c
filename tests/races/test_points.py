"""Points: the last one is spent once, what expires or is taken back goes once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from tests import make
from tests.make import acting
from tests.make_points import FRIDAY, THIS_YEAR
from tests.races.shop import NEW_YEAR, order, shelf, shop, standing
from tests.racing import at_once, codes, overlapped, sound, verb
from volunteer_service import policies
from volunteer_service.db import db, transaction
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.scoring.points import adjustments, expiry, reversals
from volunteer_service.scoring.points.models import Adjustment, Transfer


def expire() -> Any:
    return expiry.expire_due(at=NEW_YEAR)


def kinds(app: Flask, kind: str) -> int:
    with app.app_context(), transaction(write=False):
        found = select(func.coalesce(func.sum(Transfer.amount), 0)).where(Transfer.kind == kind)
        return db.session.scalar(found) or 0


def test_points_expire_once_though_two_jobs_run(app: Flask) -> None:
    town = shop(app, expires_on=THIS_YEAR)
    at_once([verb(app, expire)] * 4)
    assert kinds(app, "expire") == 2_000
    assert standing(app, town.wang, NEW_YEAR.date()).available == 0
    sound(app)


def test_expiring_while_another_expires(app: Flask) -> None:
    shop(app, expires_on=THIS_YEAR)
    assert overlapped(app, expire, expire)[0] == 2
    assert kinds(app, "expire") == 2_000
    sound(app)


def test_an_order_of_points_that_are_just_expiring(app: Flask) -> None:
    town = shop(app, expires_on=THIS_YEAR)
    said = overlapped(app, expire, order(town, town.wang, NEW_YEAR))
    assert said == (2, "not_enough_points")
    assert kinds(app, "expire") == 2_000
    assert shelf(app) == (10, 0)
    sound(app)


def test_points_that_an_order_holds_do_not_expire_beneath_it(app: Flask) -> None:
    """Ordered at 23:59 of the last day, while the job of the new year begins."""
    town = shop(app, expires_on=THIS_YEAR)
    last_minute = NEW_YEAR - timedelta(hours=10, minutes=1)
    first, _expired = overlapped(app, order(town, town.wang, last_minute), expire)
    assert isinstance(first, int)
    left = standing(app, town.wang, NEW_YEAR.date())
    assert (left.available, left.held) == (0, 300)
    assert kinds(app, "expire") == 700 + 1_000
    sound(app)


def test_an_earning_is_taken_back_once(app: Flask) -> None:
    town = shop(app)
    with app.app_context(), transaction(write=False):
        first = db.session.scalars(select(Transfer.id).order_by(Transfer.id)).first() or 0

    def reverse() -> int:
        return reversals.reverse(first, "记错", by=town.coordinator, at=FRIDAY).taken

    said = overlapped(app, reverse, reverse)
    assert said == (1_000, "already_reversed")
    assert standing(app, town.wang).available == 0
    sound(app)


def test_taking_back_what_is_just_being_spent_leaves_a_debt(app: Flask) -> None:
    town = shop(app)
    with app.app_context(), transaction(write=False):
        first = db.session.scalars(select(Transfer.id).order_by(Transfer.id)).first() or 0

    def reverse() -> tuple[int, int]:
        done = reversals.reverse(first, "记错", by=town.coordinator, at=FRIDAY)
        return done.taken, done.debt

    ordered_, taken = overlapped(app, order(town, town.wang), reverse)
    assert isinstance(ordered_, int)
    assert taken == (700, 300)
    assert standing(app, town.wang).debt == 300
    sound(app)


def test_an_adjustment_is_decided_once(app: Flask) -> None:
    town = shop(app)
    second = shop_second(app)

    def ask() -> int:
        return adjustments.adjust(town.wang, 10_000, "补记", by=town.coordinator, at=FRIDAY).id

    asked = verb(app, ask)()

    def decide() -> str:
        return adjustments.decide_adjustment(asked, approve=True, by=second, at=FRIDAY).state

    said = at_once([verb(app, decide)] * 3)
    assert codes(said) == ["already_decided"] * 2 + ["done"]
    assert standing(app, town.wang).available == 11_000
    with app.app_context(), transaction(write=False):
        assert db.session.scalars(select(Adjustment.state)).all() == ["done"]
    sound(app)


def test_two_adjustments_at_once_do_not_pass_the_member_s_sum(app: Flask) -> None:
    town = shop(app)
    second = shop_second(app)

    def asks(by: Actor) -> Callable[[], str]:
        return lambda: adjustments.adjust(town.wang, 3_000, "补记", by=by, at=FRIDAY).state

    assert overlapped(app, asks(town.coordinator), asks(second)) == ("done", "waiting")
    assert standing(app, town.wang).available == 4_000
    sound(app)


def test_adjustments_at_once_do_not_pass_the_account_s_sum(app: Flask) -> None:
    town = shop(app)
    with app.app_context(), transaction():
        changes = {"adjust_account_centi": 5_000}
        policies.add_version(changes, reason="test", account_id=None, at=FRIDAY)

    def asks(who: int) -> Callable[[], str]:
        return lambda: adjustments.adjust(who, 3_000, "补记", by=town.coordinator, at=FRIDAY).state

    assert overlapped(app, asks(town.wang), asks(town.zhao)) == ("done", "waiting")
    said = at_once([verb(app, asks(town.zhao))] * 3)
    assert said == ["waiting"] * 3
    assert (standing(app, town.wang).available, standing(app, town.zhao).available) == (
        4_000,
        1_000,
    )
    sound(app)


def shop_second(app: Flask) -> Actor:
    with app.app_context(), transaction(write=False):
        second = db.session.scalars(select(make.Account).filter_by(login="qianwei")).one()
        return acting(second)
