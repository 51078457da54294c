"""Points and gifts: the last one is had by one person, the last point is spent once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from tests import make, make_points
from tests.make import acting
from tests.make_points import FRIDAY, NEXT_YEAR, THIS_YEAR, TODAY, earned
from tests.racing import at_once, codes, overlapped, sound, verb
from tests.signing import hidden, sign_in, token_for
from volunteer_service import clock, policies
from volunteer_service.db import db, transaction
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.scoring.points import adjustments, balances, expiry, reversals
from volunteer_service.scoring.points.models import Adjustment, Transfer
from volunteer_service.scoring.rewards import desk_days, orders
from volunteer_service.scoring.rewards.models import DaySheet, Gift, Redemption

#: For acts through HTTP, whose clock is the real one.
FOR_EVER = date(2099, 12, 31)
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
    def act() -> int:
        return orders.order(shop.gift_id, 1, who, stars=0, by=shop.desk, at=at)[0].id

    return act


def ordered(app: Flask, shop: Shop) -> int:
    found: int = verb(app, order(shop, shop.wang))()
    return found


def shelf(app: Flask) -> tuple[int, int]:
    with app.app_context(), transaction(write=False):
        stock, reserved = db.session.execute(select(Gift.stock, Gift.reserved)).one()
    return stock, reserved


def standing(app: Flask, who: int, on: date = TODAY) -> balances.Standing:
    with app.app_context(), transaction(write=False):
        return balances.standing(who, on)


def test_the_last_gift_while_another_takes_it(app: Flask) -> None:
    town = shop(app, stock=1)
    first, second = overlapped(app, order(town, town.wang), order(town, town.zhao))
    assert (type(first), second) == (int, "out_of_stock")
    assert shelf(app) == (1, 1)
    assert standing(app, town.zhao).available == 1_000
    sound(app)


def test_the_last_gift_through_both_doors(app: Flask) -> None:
    """Two people at their phones and the desk that orders for a third."""
    town = shop(app, stock=1, expires_on=FOR_EVER)
    with app.app_context():
        with transaction():
            zhao = db.session.scalars(select(make.Account).filter_by(login="zhao")).one()
            headers = token_for(zhao) | {"Idempotency-Key": "one"}
        db.session.remove()
    page = app.test_client()
    sign_in(page, "wang")
    form = {"quantity": "1"} | hidden(page, f"/gifts/{town.gift_id}/order")

    def phone() -> str:
        answer = page.post(f"/gifts/{town.gift_id}/order", data=form)
        return "had" if answer.status_code == 303 else "out_of_stock"

    def api() -> str:
        body = {"gift_id": town.gift_id, "quantity": 1}
        answer = app.test_client().post("/api/v1/redemptions", json=body, headers=headers)
        return "had" if answer.status_code == 201 else answer.get_json()["code"]

    def desk() -> str:
        orders.order(town.gift_id, 1, town.wang, stars=0, by=town.desk, at=FRIDAY)
        return "had"

    said = at_once([phone, api, verb(app, desk)])
    assert sorted(said) == ["had", "out_of_stock", "out_of_stock"]
    assert shelf(app) == (1, 1)
    sound(app)


def test_the_last_points_while_another_order_takes_them(app: Flask) -> None:
    town = shop(app, centi=300)
    first, second = overlapped(app, order(town, town.wang), order(town, town.wang))
    assert (type(first), second) == (int, "not_enough_points")
    left = standing(app, town.wang)
    assert (left.available, left.held) == (0, 300)
    assert shelf(app) == (10, 1)
    sound(app)


def test_the_order_of_the_month_while_another_is_made(app: Flask) -> None:
    town = shop(app, orders_a_month=1)
    first, second = overlapped(app, order(town, town.wang), order(town, town.wang))
    assert (type(first), second) == (int, "ordered_this_month")
    assert standing(app, town.wang).available == 700


def test_the_same_call_twice_at_once_is_one_order(app: Flask) -> None:
    town = shop(app, expires_on=FOR_EVER)
    with app.app_context():
        with transaction():
            zhao = db.session.scalars(select(make.Account).filter_by(login="zhao")).one()
            headers = token_for(zhao) | {"Idempotency-Key": "the same"}
        db.session.remove()
    body = {"gift_id": town.gift_id, "quantity": 1}

    def call() -> tuple[int, Any]:
        answer = app.test_client().post("/api/v1/redemptions", json=body, headers=headers)
        return answer.status_code, answer.get_json()["id"]

    said = at_once([call] * 4)
    assert len(set(said)) == 1
    assert said[0][0] == 201
    assert shelf(app) == (10, 1)
    sound(app)


def hand_over(shop: Shop, order_id: int, by: Actor | None = None) -> Callable[[], Any]:
    return lambda: orders.hand_over(order_id, by=by or shop.desk, at=FRIDAY).state


def cancel(shop: Shop, order_id: int) -> Callable[[], Any]:
    return lambda: orders.cancel(order_id, by=shop.desk, at=FRIDAY).state


def lapse(order_id: int) -> Callable[[], Any]:
    at = FRIDAY + timedelta(days=60)
    return lambda: orders.lapse_due(at=at)


def ended(app: Flask) -> list[str]:
    with app.app_context(), transaction(write=False):
        return list(db.session.scalars(select(Redemption.state)))


def test_two_at_the_counter_hand_over_once(app: Flask) -> None:
    town = shop(app)
    number = ordered(app, town)
    said = at_once([verb(app, hand_over(town, number, by)) for by in (town.desk, town.second)] * 2)
    assert sorted(said) == ["already_handed_over"] * 3 + ["handed_over"]
    assert shelf(app) == (9, 0)
    assert standing(app, town.wang).spent == 300
    sound(app)


def test_two_taps_at_the_counter_s_page_and_the_api_hand_over_once(app: Flask) -> None:
    town = shop(app, expires_on=FOR_EVER)
    number = verb(app, order(town, town.wang, clock.now()))()
    with app.app_context():
        with transaction():
            desk = db.session.scalars(select(make.Account).filter_by(login="sunli")).one()
            headers = token_for(desk, "desk") | {"Idempotency-Key": "hand"}
        db.session.remove()
    page = app.test_client()
    sign_in(page, "desk2")
    token = hidden(page, "/desk")
    url = f"/api/v1/redemptions/{number}/hand-over"

    def tap() -> bool:
        return page.post(f"/desk/orders/{number}/hand-over", data=token).status_code == 303

    def api() -> bool:
        return app.test_client().post(url, json={}, headers=headers).status_code == 200

    at_once([tap, tap, api, api])
    assert ended(app) == ["handed_over"]
    assert shelf(app) == (9, 0)
    assert standing(app, town.wang).spent == 300
    sound(app)


def test_handing_over_while_it_is_cancelled(app: Flask) -> None:
    town = shop(app)
    number = ordered(app, town)
    said = overlapped(app, cancel(town, number), hand_over(town, number))
    assert said == ("cancelled", "order_not_open")
    assert (shelf(app), standing(app, town.wang).available) == ((10, 0), 1_000)
    sound(app)


def test_cancelling_while_it_is_handed_over(app: Flask) -> None:
    town = shop(app)
    number = ordered(app, town)
    said = overlapped(app, hand_over(town, number), cancel(town, number))
    assert said == ("handed_over", "order_not_open")
    assert (shelf(app), standing(app, town.wang).available) == ((9, 0), 700)
    sound(app)


def test_lapsing_while_it_is_handed_over(app: Flask) -> None:
    town = shop(app)
    number = ordered(app, town)
    assert overlapped(app, hand_over(town, number), lapse(number)) == ("handed_over", 0)
    assert (shelf(app), standing(app, town.wang).available) == ((9, 0), 700)
    sound(app)


def test_an_order_lapses_once(app: Flask) -> None:
    town = shop(app)
    number = ordered(app, town)
    assert overlapped(app, lapse(number), lapse(number)) == (1, 0)
    assert (shelf(app), standing(app, town.wang).available) == ((10, 0), 1_000)
    sound(app)


def test_a_hand_over_is_undone_once(app: Flask) -> None:
    town = shop(app)
    number = ordered(app, town)
    verb(app, hand_over(town, number))()

    def undo() -> str:
        return orders.return_same_day(number, "拿错", by=town.second, at=FRIDAY).state

    assert overlapped(app, undo, undo) == ("returned", "not_returnable")
    assert (shelf(app), standing(app, town.wang).available) == ((10, 0), 1_000)
    sound(app)


def test_a_day_is_closed_once_and_takes_nothing_more(app: Flask) -> None:
    town = shop(app)
    number = ordered(app, town)

    def close() -> str:
        desk_days.close_day(town.area_id, {town.gift_id: 10}, by=town.desk, at=FRIDAY)
        return "closed"

    said = overlapped(app, close, hand_over(town, number))
    assert said == ("closed", "day_closed")
    assert at_once([verb(app, close)] * 2) == ["day_closed"] * 2
    with app.app_context(), transaction(write=False):
        assert db.session.scalar(select(func.count(DaySheet.id))) == 1
    assert shelf(app) == (10, 1)
    sound(app)


# Points


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
