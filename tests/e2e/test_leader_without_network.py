"""A leader ticks without network: kept with their times, amber till sent; a page of ours."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import PHONE, Open, sign_in
from tests.e2e.street import Street
from tests.e2e.test_event_to_hours import make_event
from tests.e2e.test_no_network import stored
from tests.e2e.test_reload_without_network import LAID_BY, until

pytestmark = pytest.mark.e2e

SHELL = "没有网络，现在打不开这一页"


def free_people(street: Street) -> list[tuple[str, str]]:
    """Name and login of two who are signed up for nothing around now."""
    found = street.ask(
        "SELECT v.name, a.login FROM accounts a JOIN volunteers v ON v.id = a.volunteer_id"
        " WHERE v.state = 'active' AND v.born_on < '2000-01-01'"
        " AND a.id NOT IN (SELECT account_id FROM grants) AND v.id NOT IN (SELECT s.volunteer_id"
        " FROM sign_ups s JOIN shifts f ON f.id = s.shift_id"
        " WHERE f.ends_at > datetime('now', '-3 days')) ORDER BY v.id LIMIT 2"
    )
    assert len(found) == 2
    return found


def ready(
    office: Open, phone: Open, street: Street, title: str
) -> tuple[str, int, list[tuple[str, str]]]:
    """An event that runs, with two people on its roster."""
    event, people = make_event(office("leader"), title, starts=-20, ends=100), free_people(street)
    for _name, login in people:
        page = phone(login)
        page.goto(event)
        page.get_by_role("button", name="报名").click()
        expect(page.get_by_text("已报名，到时请准时到场")).to_be_visible()
    return event, int(event.rsplit("/", 1)[1]), people


def at_the_gate(contexts, street: Street, url: str) -> tuple[BrowserContext, Page]:
    """The leader's phone with this page open and the shell laid by."""
    context = contexts(PHONE, java_script_enabled=True)
    page = context.new_page()
    sign_in(page, street, "leader")
    page.goto(url)
    until(page, "navigator.serviceWorker.controller !== null")
    until(page, LAID_BY)
    return context, page


def test_two_ticks_on_the_roster_are_kept_and_sent(
    office: Open, phone: Open, contexts, street: Street
) -> None:
    event, event_id, people = ready(office, phone, street, "断网的名单")
    context, page = at_the_gate(contexts, street, f"{event}/manage")
    context.set_offline(True)
    for n in range(2):
        page.locator("#roster tr form[action$='/ticks'] button").nth(n).click()
    expect(page.get_by_text("已记下 2 次签到签退")).to_be_visible()
    expect(page.locator("#roster tr .badge-warn", has_text="已记下")).to_have_count(2)
    expect(page.locator("#roster tr form[action$='/ticks'] button:disabled")).to_have_count(2)
    assert stored(street, event_id) == []
    page.evaluate(
        "() => { const t = JSON.parse(localStorage.getItem('waiting-taps'));"
        " for (const each of t) each.tapped -= 5 * 60000;"
        " localStorage.setItem('waiting-taps', JSON.stringify(t)); }"
    )
    kept = page.evaluate("localStorage.getItem('waiting-taps')")
    assert not [name for name, _login in people if name in kept]

    page.reload()
    expect(page.get_by_text("点过的签到签退已保存")).to_be_visible()
    expect(page.get_by_text("已记下 2 次签到签退")).to_be_visible()
    context.set_offline(False)
    roster = page.locator("#roster")
    expect(roster.get_by_role("button", name="签退", exact=True).first).to_be_visible(
        timeout=40_000
    )
    scans = stored(street, event_id)
    assert [kind for kind, *_times in scans] == ["in", "in"]
    for _kind, tapped, received in scans:
        lay = datetime.fromisoformat(received) - datetime.fromisoformat(tapped)
        assert timedelta(minutes=5) <= lay < timedelta(minutes=10)
    expect(page.locator("#roster .badge-warn", has_text="已记下")).to_have_count(0)
    assert page.evaluate("localStorage.getItem('waiting-taps')") == "[]"


def test_they_turn_on_the_page_that_stayed_open(
    office: Open, phone: Open, contexts, street: Street
) -> None:
    event, event_id, _people = ready(office, phone, street, "断网又连上的名单")
    context, page = at_the_gate(contexts, street, f"{event}/manage")
    context.set_offline(True)
    for n in range(2):
        page.locator("#roster tr form[action$='/ticks'] button").nth(n).click()
    expect(page.get_by_text("已记下 2 次签到签退")).to_be_visible()
    context.set_offline(False)
    expect(page.get_by_text("2 次签到签退已送到")).to_be_visible(timeout=40_000)
    lines = page.locator("#roster tr")
    expect(lines.get_by_role("button", name="签退", exact=True)).to_have_count(2)
    expect(page.get_by_text("没有网络，已记下")).to_have_count(0)
    assert [kind for kind, *_times in stored(street, event_id)] == ["in", "in"]


def test_a_tick_at_the_gate_and_a_search_without_network(
    office: Open, phone: Open, contexts, street: Street
) -> None:
    event, event_id, ((first, _), (second, _)) = ready(office, phone, street, "断网的现场")
    context, page = at_the_gate(contexts, street, f"{event}/gate?q={first}")
    context.set_offline(True)
    page.get_by_role("button", name="签到", exact=True).first.click()
    expect(page.get_by_text("没有网络，已记下")).to_be_visible()
    expect(page.locator("form[action*='/gate'] button:disabled")).to_have_count(1)
    page.get_by_role("main").get_by_role("searchbox").fill(second)
    page.get_by_role("main").get_by_role("button", name="搜索").click()
    expect(page.get_by_text("点过的签到签退已保存")).to_be_visible()
    assert stored(street, event_id) == []
    context.set_offline(False)
    expect(page.get_by_text(second).first).to_be_visible(timeout=40_000)
    assert [kind for kind, *_times in stored(street, event_id)] == ["in"]


def test_manage_without_network_is_our_page_and_comes_back(
    office: Open, phone: Open, contexts, street: Street
) -> None:
    event, _event_id, _people = ready(office, phone, street, "重开的名单")
    context, page = at_the_gate(contexts, street, f"{event}/manage")
    context.set_offline(True)
    page.reload()
    expect(page.get_by_text(SHELL)).to_be_visible()
    expect(page.get_by_text("请先记在纸上")).to_be_visible()
    expect(page.get_by_text("急着走，请告诉现场负责人")).to_be_hidden()
    context.set_offline(False)
    expect(page.locator("#roster")).to_be_visible(timeout=30_000)
