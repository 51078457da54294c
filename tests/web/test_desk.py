"""From the catalogue to the counter, as pages: order, code, find, hand over, undo, day's end."""

import re

import pytest
from sqlalchemy import select

from tests import make
from tests.make_points import earned, gift
from volunteer_service import clock
from volunteer_service.db import db, transaction
from volunteer_service.scoring.points import service as points
from volunteer_service.scoring.rewards import service as rewards
from volunteer_service.scoring.rewards.models import DaySheet, Gift, Redemption


@pytest.fixture
def town(app):
    """Ids of the cast's accounts and of a cup; 王建国 has 10 points."""
    with app.app_context():
        with transaction():
            cast = make.cast()
            cup = gift(cast)
            earned(cast.wang)
            found = {
                "cup": cup.id,
                "town": cast.town.id,
                "wang": cast.wang.id,
                "number": cast.wang.number,
                "last4": cast.wang.phone[-4:],
                "accounts": {
                    name: (row.id, row.volunteer_id, row.name)
                    for name, row in {
                        "wang": cast.wang_account,
                        "zhao": cast.zhao_account,
                        "desk": cast.desk,
                        "coordinator": cast.coordinator,
                        "second": cast.second,
                    }.items()
                },
            }
        db.session.remove()
    return found


@pytest.fixture
def browser(app, town):
    """A browser with a session of one of the cast."""

    def open_as(who):
        client = app.test_client()
        account, volunteer, name = town["accounts"][who]
        with client.session_transaction() as session:
            session.update(
                account=account,
                volunteer=volunteer,
                name=name,
                epoch=0,
                seen=int(clock.now().timestamp()),
            )
        return Browser(client)

    return open_as


class Browser:
    """Sends a page's form back with its hidden fields."""

    def __init__(self, client):
        self.client = client

    def get(self, path, status=200):
        answer = self.client.get(path)
        assert answer.status_code == status, answer.text
        return answer.text

    def send(self, page, action, status=303, **fields):
        form = re.search(
            rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', page, re.DOTALL
        )
        assert form, f"no form for {action}"
        hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form[1]))
        answer = self.client.post(action, data=hidden | fields)
        assert answer.status_code == status, answer.text
        return answer


def one_order(app):
    with app.app_context(), transaction(write=False):
        row = db.session.scalars(select(Redemption)).one()
        return row.id, row.state, rewards.code_of(row.id)


def ordered(app, browser, town):
    wang = browser("wang")
    path = f"/gifts/{town['cup']}/order"
    wang.send(wang.get(path), path, quantity="1")
    return one_order(app)


def test_a_volunteer_orders_and_sees_the_code(app, browser, town):
    wang = browser("wang")
    assert "保温杯" in wang.get("/gifts")
    order_id, state, code = ordered(app, browser, town)
    page = wang.get(f"/orders/{order_id}")
    assert state == "ordered"
    assert f"{code[:4]}-{code[4:8]}-{code[8]}" in page
    assert "<svg" in wang.get(f"/orders/{order_id}/code.svg")
    assert "7.00" in wang.get("/my/points")
    browser("zhao").get(f"/orders/{order_id}", 404)
    browser("zhao").get(f"/orders/{order_id}/code.svg", 404)


def test_a_double_tap_orders_once(app, browser, town):
    wang = browser("wang")
    path = f"/gifts/{town['cup']}/order"
    page = wang.get(path)
    first = wang.send(page, path, quantity="1")
    again = wang.send(page, path, quantity="1")
    assert first.location == again.location
    one_order(app)


def test_a_refused_order_shows_the_form_again_with_the_reason(browser, town):
    wang = browser("wang")
    path = f"/gifts/{town['cup']}/order"
    page = wang.get(path)
    assert "每次最多兑换 2 件" in wang.send(page, path, 422, quantity="3").text


def test_the_volunteer_takes_the_order_back(app, browser, town):
    order_id, _state, _code = ordered(app, browser, town)
    wang = browser("wang")
    path = f"/orders/{order_id}"
    wang.send(wang.get(path), f"{path}/cancel")
    assert one_order(app)[1] == "cancelled"
    assert "10.00" in wang.get("/my/points")


@pytest.mark.parametrize("how", ["code", "qr", "number", "name"])
def test_the_desk_finds_it_and_hands_it_over_with_one_tap(app, browser, town, how):
    order_id, _state, code = ordered(app, browser, town)
    desk = browser("desk")
    asked = {
        "code": {"q": code.lower()},
        "qr": {"q": f"http://localhost/desk?q={code.replace('=', '%3D')}"},
        "number": {"q": town["number"]},
        "name": {"q": "王建国", "last4": town["last4"]},
    }[how]
    answer = desk.client.get("/desk", query_string=asked)
    assert answer.status_code == 200
    page = answer.text
    assert "王建国" not in page.replace('value="王建国"', ""), "names are masked at the counter"
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
    assert "已经发放过" in desk.send(there, path, 409).text


def test_a_wrong_code_is_a_miss_on_the_same_page(browser, town):
    desk = browser("desk")
    assert "没有找到" in desk.get("/desk?q=0000-0000-1", 404)
    assert "没有找到" in desk.get("/desk?q=nobody", 404)


def test_only_the_desk_sees_the_desk(browser):
    for path in ("/desk", "/desk/day", "/gifts/catalogue", "/points"):
        browser("wang").get(path, 404)


def test_a_proxy_is_named_and_a_second_person_undoes_it(app, browser, town):
    order_id, _state, code = ordered(app, browser, town)
    desk = browser("desk")
    page = desk.client.get("/desk", query_string={"q": code}).text
    desk.send(page, f"/desk/orders/{order_id}/hand-over", proxy_name="赵芳")
    assert "代领：赵芳" in desk.get("/desk")
    second = browser("second")
    second.send(second.get("/desk/day"), f"/desk/orders/{order_id}/return")
    assert one_order(app)[1] == "returned"


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
    assert "0" * 64 in desk.get(answer.location)
    with app.app_context(), transaction(write=False):
        assert db.session.scalars(select(Gift.stock)).one() == 9
        assert db.session.scalars(select(DaySheet)).one().lines[0]["counted"] == 9


def test_gifts_are_added_priced_and_received(app, browser, town):
    desk = browser("desk")
    page = desk.get("/gifts/new")
    bad = desk.send(page, "/gifts/new", 422, area_id=str(town["town"]), name="雨伞", points="-1")
    assert "雨伞" in bad.text
    shape = {"area_id": str(town["town"]), "name": "雨伞", "points": "8.5", "minimum_stars": "1"}
    target = desk.send(page, "/gifts/new", **shape).location
    page = desk.get(target)
    stock = target.replace("/edit", "/stock")
    desk.send(page, stock, kind="receive", quantity="20")
    page = desk.get(target)
    assert "报损和盘点要写明原因" in desk.send(page, stock, 422, kind="count", quantity="3").text
    page = desk.get(target)
    desk.send(page, target, name="雨伞", points="9", minimum_stars="0", state="withdrawn")
    fresh = re.sub(r'(name="idempotency_key" value=")', r"\1late-", page)
    late = desk.send(fresh, target, 422, name="雨伞", points="7", state="offered")
    assert "刚被别人修改" in late.text
    with app.app_context(), transaction(write=False):
        row = db.session.scalars(select(Gift).where(Gift.name == "雨伞")).one()
        assert (row.price_centi, row.stock, row.state) == (900, 20, "withdrawn")


def test_a_coordinator_adjusts_and_a_second_person_approves(app, browser, town):
    coordinator = browser("coordinator")
    path = f"/people/{town['wang']}/points"
    page = coordinator.get(path)
    assert coordinator.send(page, f"{path}/adjust", 422, points="x", reason="核对").text
    page = coordinator.get(path)
    coordinator.send(page, f"{path}/adjust", points="-2.5", reason="核对")
    coordinator.send(coordinator.get(path), f"{path}/adjust", points="80", reason="补发")
    second = browser("second")
    overview = second.get("/points")
    decide = re.search(r"/points/adjustments/\d+/decide", overview)[0]
    second.send(overview, decide)
    with app.app_context(), transaction(write=False):
        standing = points.standing(town["wang"], points.local_day(clock.now()))
    assert standing.available == 1_000 - 250 + 8_000


def test_a_coordinator_sees_what_a_reversal_does_and_does_it(app, browser, town):
    ordered(app, browser, town)
    coordinator = browser("coordinator")
    page = coordinator.get(f"/people/{town['wang']}/points")
    path = re.search(r"/points/transfers/\d+/reverse", page)[0]
    page = coordinator.get(path)
    assert "待抵扣" in page
    assert "3.00" in page
    coordinator.send(page, path, reason="记录有误")
    with app.app_context(), transaction(write=False):
        standing = points.standing(town["wang"], points.local_day(clock.now()))
        assert (standing.available, standing.held, standing.debt) == (0, 300, 300)
        assert points.doctor() == []
