"""The counter's pages: find, hand over, undo, a walk-in, the day's end."""

import pytest
from sqlalchemy import select

from tests.web.counter import browser, one_order, ordered, town
from volunteer_service import clock
from volunteer_service.db import db, transaction
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Account
from volunteer_service.scoring.points import seals
from volunteer_service.scoring.rewards import orders
from volunteer_service.scoring.rewards.models import DaySheet, Gift

__all__ = ["browser", "town"]


@pytest.mark.parametrize("how", ["code", "qr", "number", "name"])
def test_the_desk_finds_it_and_hands_it_over_with_one_tap(app, browser, town, how):
    order_id, _state, code = ordered(app, browser, town)
    desk = browser("desk")
    asked = {
        "code": {"q": code.lower()},
        "qr": {"q": f"http://localhost/desk?q={code.replace('=', '%3D')}"},
        "number": {"q": town["number"]},
        "name": {"q": f"王建国 {town['last4']}"},
    }[how]
    answer = desk.client.get("/desk", query_string=asked)
    assert answer.status_code == 200
    page = answer.text
    assert "王建国" not in page.replace(f'value="{asked["q"]}"', ""), (
        "names are masked at the counter"
    )
    if how in {"number", "name"}:
        page = desk.get(f"/desk/people/{town['wang']}")
    assert "保温杯 × 1" in page
    path = f"/desk/orders/{order_id}/hand-over"
    first = desk.send(page, path)
    again = desk.send(page, path)
    assert first.location == again.location
    assert one_order(app)[1] == "handed_over"
    assert "请接待下一位" in desk.get("/desk")


def test_another_tap_on_another_device_is_told_so(app, browser, town):
    order_id, _state, code = ordered(app, browser, town)
    path = f"/desk/orders/{order_id}/hand-over"
    desk = browser("desk")
    here, there = (desk.client.get("/desk", query_string={"q": code}).text for _ in range(2))
    desk.send(here, path)
    assert "已经发放过" in desk.send(there, path, 422).text


def test_a_wrong_code_is_a_miss_on_the_same_page(browser, town):
    desk = browser("desk")
    assert "没有找到" in desk.get("/desk?q=0000-0000-1", 404)
    assert "没有找到" in desk.get("/desk?q=nobody", 404)


def test_the_first_page_lists_who_waits(app, browser, town):
    desk = browser("desk")
    assert "没有等待领取的订单" in desk.get("/desk")
    order_id, _state, code = ordered(app, browser, town)
    page = desk.get("/desk")
    assert "王*国 · 保温杯 × 1" in page
    assert town["number"] in page
    assert "等了 0 分钟" in page
    assert code not in page
    assert f'href="/desk/people/{town["wang"]}#order-{order_id}"' in page
    desk.send(desk.get(f"/desk/people/{town['wang']}"), f"/desk/orders/{order_id}/hand-over")
    assert "没有等待领取的订单" in desk.get("/desk")


def test_only_the_desk_sees_the_desk(browser):
    for path in ("/desk", "/desk/day", "/gifts/catalogue", "/points"):
        browser("wang").get(path, 404)


def test_a_proxy_is_named_and_a_second_person_undoes_it(app, browser, town):
    order_id, _state, code = ordered(app, browser, town)
    desk = browser("desk")
    page = desk.client.get("/desk", query_string={"q": code}).text
    desk.send(page, f"/desk/orders/{order_id}/hand-over", proxy_name="赵芳")
    assert "代领：赵芳" in desk.get("/desk")
    assert "不能由您撤销：这件事是您自己提出或办理的" in desk.get("/desk")
    assert f"/desk/orders/{order_id}/return" not in desk.get("/desk/day")
    second = browser("second")
    second.send(second.get("/desk/day"), f"/desk/orders/{order_id}/return")
    assert one_order(app)[1] == "returned"


def test_my_own_order_has_no_button_and_says_who(app, browser, town):
    with app.app_context(), transaction():
        db.session.get(Account, town["accounts"]["wang"]["account"]).volunteer_id = None
        db.session.flush()
        db.session.get(Account, town["accounts"]["desk"]["account"]).volunteer_id = town["wang"]
        row, code = orders.order(
            town["cup"], 1, town["wang"], stars=0, by=Actor.system("cli"), at=clock.now()
        )
        order_id = row.id
    desk = browser("desk")
    hand_over = f"/desk/orders/{order_id}/hand-over"
    for page in (
        desk.client.get("/desk", query_string={"q": code}).text,
        desk.get(f"/desk/people/{town['wang']}"),
    ):
        assert "由另一位工作人员" in page
        assert hand_over not in page
        assert "/order" not in page.split("<main")[1]


def test_a_walk_in_without_a_phone(app, browser, town):
    desk = browser("desk")
    page = desk.get(f"/desk/people/{town['wang']}")
    answer = desk.send(page, f"/desk/people/{town['wang']}/order")
    assert "发放" in desk.get(answer.location)
    assert one_order(app)[1] == "ordered"


def test_the_day_is_closed_with_a_count_and_printed(app, browser, town):
    desk = browser("desk")
    page = desk.get("/desk/day")
    path = f"/desk/areas/{town['town']}/close"
    desk.send(page, path, 422)
    answer = desk.send(page, path, **{f"count-{town['cup']}": "9"})
    shown = desk.get(answer.location)
    with app.app_context(), transaction(write=False):
        assert seals.head() != seals.START
        assert seals.head() in shown
        assert db.session.scalars(select(Gift.stock)).one() == 9
        assert db.session.scalars(select(DaySheet)).one().lines[0]["counted"] == 9
