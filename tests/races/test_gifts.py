"""Gifts: the last one is had by one person, an order ends once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from tests import make
from tests.make_points import FOR_EVER, FRIDAY
from tests.races.shop import Shop, order, ordered, shelf, shop, standing
from tests.racing import at_once, overlapped, sound, verb
from tests.signing import hidden, sign_in, token_for
from volunteer_service import clock
from volunteer_service.db import db, transaction
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.scoring.rewards import desk_days, orders
from volunteer_service.scoring.rewards.models import DaySheet, Redemption


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
