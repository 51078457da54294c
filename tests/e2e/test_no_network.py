"""A tap without network: kept with its time over a reload, sent once when the network is back."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, Open, sign_in
from tests.e2e.street import Street
from tests.e2e.test_event_to_hours import local, make_event, put_back, scanned

pytestmark = pytest.mark.e2e

ZHAO, HE = "17000000003", "17000000012"
WAITS = "没有网络，已记下"


def stored(street: Street, event_id: int) -> list[tuple[str, str, str]]:
    return street.ask(
        "SELECT kind, scanned_at, received_at FROM scans WHERE event_id = ? ORDER BY id", event_id
    )


def age_of_kept(page: Page, minutes: int) -> None:
    """Let the kept tap be older: the phone's clock is the real one."""
    page.evaluate(
        "m => { const t = JSON.parse(localStorage.getItem('waiting-taps'));"
        " t[0].tapped -= m * 60000; localStorage.setItem('waiting-taps', JSON.stringify(t)); }",
        minutes,
    )


def test_a_check_out_without_network(office: Open, contexts, street: Street) -> None:
    leader = office("leader")
    event = make_event(leader, "没有网络的护学", starts=-90, ends=30)
    event_id = int(event.rsplit("/", 1)[1])
    leader.goto(f"{event}/manage")
    code = scanned(leader)

    context = contexts(PHONE, java_script_enabled=True)
    page = context.new_page()
    sign_in(page, street, ZHAO)
    page.goto(code)
    page.get_by_role("button", name="签到", exact=True).click()
    expect(page.get_by_text("已签到")).to_be_visible()
    put_back(street, event_id, minutes=80)
    page.goto(code)

    context.set_offline(True)
    page.locator("main summary, main button").filter(has_text="签退").first.click()
    if page.get_by_text(WAITS).count() == 0 and page.locator("details[open] button").count():
        page.locator("details[open] button").click()
    expect(page.get_by_text(WAITS)).to_be_visible()
    assert [kind for kind, *_times in stored(street, event_id)] == ["in"]
    age_of_kept(page, 10)

    # The tab is closed; the network comes back with another page of the service. An open page would
    # send by itself, and which of the two is first would be chance.
    page.close()
    context.set_offline(False)
    page = context.new_page()
    page.goto(f"{street.url}/")
    expect(page.get_by_text("的签到或签退已送到")).to_be_visible()
    page.reload()
    expect(page.get_by_text(WAITS)).to_be_hidden()
    (_in, (kind, tapped, received)) = stored(street, event_id)
    lay = datetime.fromisoformat(received) - datetime.fromisoformat(tapped)
    assert kind == "out"
    assert timedelta(minutes=10) <= lay < timedelta(minutes=15)
    left = street.one("SELECT checked_out_at FROM attendances WHERE event_id = ?", event_id)
    assert left == tapped
    assert page.evaluate("localStorage.getItem('waiting-taps')") == "[]"


def test_a_leaders_tick_and_whose_tap_it_is(office: Open, contexts, street: Street) -> None:
    leader = office("leader")
    event = make_event(leader, "没有网络的名单", starts=-90, ends=30)
    event_id = int(event.rsplit("/", 1)[1])
    context = contexts(PHONE, java_script_enabled=True)
    page = context.new_page()
    sign_in(page, street, HE)
    page.goto(event)
    page.get_by_role("button", name="报名").click()
    expect(page.get_by_text("已报名，到时请准时到场")).to_be_visible()
    context.clear_cookies()
    sign_in(page, street, "leader")
    page.goto(f"{event}/manage")

    context.set_offline(True)
    page.locator("form[action$='/ticks'] button").filter(has_text="签到").first.click()
    expect(page.get_by_text(WAITS)).to_be_visible()
    context.clear_cookies()
    context.set_offline(False)
    page.goto(f"{street.url}/")
    expect(page.get_by_text("登录后自动发送")).to_be_visible()
    sign_in(page, street, HE)
    expect(page.get_by_text("是另一个账号的")).to_be_visible()
    assert stored(street, event_id) == [], "nothing is sent in somebody else's name"
    context.clear_cookies()
    sign_in(page, street, "leader")
    expect(page.get_by_text("的签到或签退已送到")).to_be_visible()
    assert [kind for kind, *_times in stored(street, event_id)] == ["in"]


def test_a_form_without_network_keeps_its_words(contexts, street: Street) -> None:
    context = contexts(PHONE, java_script_enabled=True)
    page = context.new_page()
    sign_in(page, street, "leader")
    page.goto(f"{street.url}/events/new")
    filled = {"活动名称": "断网时写的活动", "服务内容": "护送学生过马路", "开始": local(600)}
    for label, value in (filled | {"结束": local(700)}).items():
        page.get_by_label(label).fill(value)
    page.get_by_label("地点", exact=True).fill("庆丰小学东门")

    context.set_offline(True)
    for _tap in range(2):
        page.get_by_role("button", name="保存").click()
        expect(page.get_by_text("没有网络，还没有提交")).to_be_focused()
    for label, value in filled.items():
        expect(page.get_by_label(label)).to_have_value(value)

    context.set_offline(False)
    expect(page.get_by_text("没有网络，还没有提交")).to_have_count(0)
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("添加班次后点“发布”")).to_be_visible()
    assert street.ask("SELECT state FROM events WHERE title = ?", filled["活动名称"]) == [
        ("draft",)
    ]
