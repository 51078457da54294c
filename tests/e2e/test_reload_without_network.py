"""A reload without network: the shell with what is kept, and the page again when it is back."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import PHONE, Open, sign_in
from tests.e2e.street import Street
from tests.e2e.test_event_to_hours import make_event, scanned

pytestmark = pytest.mark.e2e

ZHAO = "17000000003"
LAID_BY = "caches.match('/c/offline').then((found) => found !== undefined)"


def until(page: Page, script: str) -> None:
    """Wait for a promise to come true: ``wait_for_function`` takes any promise for true."""
    for _try in range(200):
        if page.evaluate(script):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"never came: {script}")


def opened(contexts, street: Street, code: str) -> tuple[BrowserContext, Page]:
    """赵芳's phone at the poster, with the shell laid by."""
    context = contexts(PHONE, java_script_enabled=True)
    page = context.new_page()
    sign_in(page, street, ZHAO)
    page.goto(code)
    until(page, "navigator.serviceWorker.controller !== null")
    until(page, LAID_BY)
    return context, page


def poster(office: Open, title: str) -> tuple[int, str]:
    leader = office("leader")
    event = make_event(leader, title, starts=-20, ends=100)
    leader.goto(f"{event}/manage")
    return int(event.rsplit("/", 1)[1]), scanned(leader)


def kinds(street: Street, event_id: int) -> list[str]:
    return [k for (k,) in street.ask("SELECT kind FROM scans WHERE event_id = ?", event_id)]


def test_a_kept_tap_is_shown_over_a_reload_and_sent_from_the_shell(
    office: Open, contexts, street: Street
) -> None:
    event_id, code = poster(office, "重开没有网络的护学")
    context, page = opened(contexts, street, code)
    context.set_offline(True)
    page.get_by_role("button", name="签到", exact=True).click()
    expect(page.get_by_text("没有网络，已记下")).to_be_visible()
    page.reload()
    expect(page.get_by_text("没有网络，您的签到或签退已保存")).to_be_visible()
    expect(page.get_by_text("没有网络，已记下")).to_be_visible()
    expect(page.get_by_text("赵芳")).to_have_count(0)
    assert kinds(street, event_id) == []
    context.set_offline(False)
    expect(page.get_by_text("已签到")).to_be_visible(timeout=30_000)
    assert kinds(street, event_id) == ["in"]
    assert page.evaluate("localStorage.getItem('waiting-taps')") == "[]"


def test_without_a_tap_it_says_so_and_the_page_comes_back_by_itself(
    office: Open, contexts, street: Street
) -> None:
    event_id, code = poster(office, "只是重开的护学")
    context, page = opened(contexts, street, code)
    context.set_offline(True)
    page.reload()
    expect(page.get_by_text("没有网络，现在打不开这一页")).to_be_visible()
    expect(page.get_by_text("您的签到或签退已保存")).to_be_hidden()
    context.set_offline(False)
    expect(page.get_by_role("button", name="签到", exact=True)).to_be_visible(timeout=30_000)
    assert kinds(street, event_id) == []


def test_signing_out_takes_worker_and_shell_away_and_keeps_the_tap(
    office: Open, contexts, street: Street
) -> None:
    event_id, code = poster(office, "换人的护学")
    context, page = opened(contexts, street, code)
    context.set_offline(True)
    page.get_by_role("button", name="签到", exact=True).click()
    expect(page.get_by_text("没有网络，已记下")).to_be_visible()
    context.clear_cookies()
    context.set_offline(False)
    page.goto(f"{street.url}/sign-in")
    until(page, "caches.has('check-in').then((has) => !has)")
    until(page, "navigator.serviceWorker.getRegistrations().then((all) => all.length === 0)")
    assert len(page.evaluate("JSON.parse(localStorage.getItem('waiting-taps'))")) == 1
    assert kinds(street, event_id) == []


def test_nothing_of_a_person_lies_in_the_cache(office: Open, contexts, street: Street) -> None:
    _event_id, code = poster(office, "看看存了什么的护学")
    _context, page = opened(contexts, street, code)
    kept = page.evaluate(
        "caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name))))"
        ".then((all) => Promise.all(all.map((cache) => cache.keys())))"
        ".then((lists) => [].concat(...lists).map((each) => new URL(each.url).pathname))"
    )
    assert "/c/offline" in kept
    assert all(path == "/c/offline" or path.startswith("/static/") for path in kept)
    shell = page.evaluate("caches.match('/c/offline').then((found) => found.text())")
    assert "赵芳" not in shell
    assert "csrf" not in shell


def test_what_an_update_left_behind_goes_with_the_next_visit(
    office: Open, contexts, street: Street
) -> None:
    _event_id, code = poster(office, "更新之后的护学")
    _context, page = opened(contexts, street, code)
    page.evaluate(
        "caches.open('check-in').then((cache) => Promise.all(["
        "cache.put('/static/js/taps.js?v=old', new Response('throw 1')),"
        "cache.put('/c/offline', new Response('old'))]))"
    )
    page.goto(code)
    until(page, "caches.match('/static/js/taps.js?v=old').then((found) => found === undefined)")
    shell = page.evaluate("caches.match('/c/offline').then((found) => found.text())")
    assert "没有网络" in shell
