"""The catalogue, ordering and points as pages: a volunteer's, and those of who keeps them."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

from sqlalchemy import select

from tests import make
from tests.web.counter import browser, one_order, ordered, town
from volunteer_service import clock, policies, settings
from volunteer_service.db import db, transaction
from volunteer_service.people.models import Account
from volunteer_service.scoring.points import balances, doctor, earnings
from volunteer_service.scoring.rewards import orders
from volunteer_service.scoring.rewards.models import Gift

__all__ = ["browser", "town"]


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


def test_that_the_month_s_orders_are_used_up_is_said_once(app, browser, town):
    wang = browser("wang")
    assert "本月次数已用完" not in wang.get("/gifts")
    with app.app_context(), transaction():
        cup = db.session.get_one(Gift, town["cup"])
        by = make.acting(db.session.get_one(Account, town["accounts"]["wang"]["account"]))
        for _n in range(policies.active().orders_a_month):
            orders.order(cup.id, 1, town["wang"], stars=0, by=by, at=clock.now())
    page = wang.get("/gifts")
    assert page.count("本月次数已用完") == 1
    assert "兑换保温杯" not in page


def test_a_long_statement_comes_by_months_and_in_parts(app, browser, town):
    with app.app_context(), transaction():
        first = datetime(2026, 1, 31, 16, 30, tzinfo=UTC)
        for n in range(12):
            at = first + timedelta(days=3 * n)
            earnings.grant(town["wang"], 100, date(2099, 12, 31), "test", n, at=at)
    wang = browser("wang")
    page = wang.get("/my/points")
    assert page.count('<li><div class="entries-what">') == 8
    assert "<h3>2026年3月</h3>" in page
    assert "回到最新" not in page
    further = wang.get(unescape(re.search(r'href="([^"#]+cursor=[^"#]+)#statement"', page)[1]))
    # Half past midnight here is still the evening before in UTC.
    assert "<h3>2026年2月</h3>" in further
    assert "2026年1月" not in further
    assert page.count("余额") + further.count("余额") == 13
    assert "回到最新" in further
    assert "更多</a>" not in further


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
    assert "别人改过它" in late.text
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
    waits = coordinator.get("/points")
    assert "您不能批准：这件事是您自己提出或办理的。可以办理的人：钱伟。" in waits
    assert '"approve" value="true"' not in waits
    second = browser("second")
    overview = second.get("/points")
    assert "周静" in overview
    decide = re.search(r"/points/adjustments/\d+/decide", overview)[0]
    second.send(overview, decide)
    with app.app_context(), transaction(write=False):
        standing = balances.standing(town["wang"], settings.local_day(clock.now()))
    assert standing.available == 1_000 - 250 + 8_000


def test_nobody_is_offered_to_adjust_their_own_points(app, browser, town):
    with app.app_context(), transaction():
        account = db.session.get(Account, town["accounts"]["coordinator"]["account"])
        account.volunteer_id = make.volunteer("周静", area_id=town["town"]).id
        mine = account.volunteer_id
    coordinator = browser("coordinator")
    path = f"/people/{mine}/points"
    page = coordinator.get(path)
    assert "这是您自己的积分" in page
    assert f"{path}/adjust" not in page
    # A form of before comes back with its reason, what was typed kept.
    other = coordinator.get(f"/people/{town['wang']}/points")
    old = other.replace(f"/people/{town['wang']}/points", path)
    told = coordinator.send(old, f"{path}/adjust", 422, points="50", reason="补发").text
    assert "不能办理自己的事。可以办理的人：钱伟。" in told


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
        standing = balances.standing(town["wang"], settings.local_day(clock.now()))
        assert (standing.available, standing.held, standing.debt) == (0, 300, 300)
        assert doctor.doctor() == []
