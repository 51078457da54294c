"""A leader scans without network: kept over a reload and a closed tab, sent once, in order."""

from datetime import datetime
from hashlib import sha256

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import PHONE, Open, sign_in
from tests.e2e.street import Street
from tests.e2e.test_event_to_hours import make_event
from tests.e2e.test_reload_without_network import until
from tests.e2e.test_scanner import look, printed
from volunteer_service.identifiers.masks import mask_name

pytestmark = pytest.mark.e2e

LAID_BY = "caches.match('/e/scanner/offline').then((found) => found !== undefined)"
#: All that the browser keeps of the gate, as text.
KEPT = """new Promise((resolve) => {
  const opening = indexedDB.open('keyval-store');
  opening.onsuccess = () => {
    const all = opening.result.transaction('keyval').objectStore('keyval').getAll();
    all.onsuccess = () => { opening.result.close(); resolve(JSON.stringify(all.result)); };
  };
})"""


def free_numbers(street: Street, count: int) -> list[str]:
    """Numbers of so many grown-ups who are expected nowhere around now."""
    found = street.ask(
        "SELECT v.number FROM volunteers v WHERE v.state = 'active' AND v.born_on < '2006-01-01'"
        " AND v.merged_into_id IS NULL AND v.id NOT IN (SELECT volunteer_id FROM accounts"
        " WHERE login = 'leader' AND volunteer_id IS NOT NULL) AND v.id NOT IN"
        " (SELECT s.volunteer_id FROM sign_ups s JOIN shifts f ON f.id = s.shift_id"
        " WHERE s.state = 'confirmed' AND f.ends_at > datetime('now', '-1 hours')"
        " AND f.starts_at < datetime('now', '+3 hours')) ORDER BY v.id LIMIT ?",
        count,
    )
    assert len(found) == count
    return [number for (number,) in found]


def at_the_gate(contexts, street: Street, event: str) -> tuple[BrowserContext, Page]:
    context = contexts(PHONE, java_script_enabled=True)
    page = context.new_page()
    sign_in(page, street, "leader")
    page.goto(f"{event}/scanner")
    until(page, "navigator.serviceWorker.controller !== null")
    until(page, LAID_BY)
    return context, page


def scan(page: Page, texts: list[str]) -> None:
    """What a hand scanner types, each with its Enter."""
    answer = page.locator("[data-answer] .scanned")
    for at, text in enumerate(texts):
        page.get_by_label("编号，或用扫码枪扫卡").fill(text)
        page.keyboard.press("Enter")
        expect(answer).to_contain_text("已记下")
        expect(answer).to_have_attribute("data-state", "waiting")
        # The next one is another scan: the answer of this one is gone by then.
        page.evaluate("document.querySelector('[data-answer] .scanned').textContent = ''")
        if at == 0:
            look(page, "scanner-kept-360")


def close_now(page: Page, street: Street, event: str) -> None:
    """The shift ends with the last scan; then its leader closes it."""
    last = "(SELECT max(checked_in_at) FROM attendances WHERE event_id = ?)"
    event_id = int(event.rsplit("/", 1)[1])
    street.change(f"UPDATE shifts SET ends_at = {last} WHERE event_id = ?", event_id, event_id)
    street.change(f"UPDATE events SET ends_at = {last} WHERE id = ?", event_id, event_id)
    page.goto(f"{event}/manage")
    page.get_by_text("结束登记", exact=True).click()
    page.get_by_role("button", name="确定结束").click()
    expect(page.get_by_text("已结束登记：29 条记录待确认")).to_be_visible()


def test_thirty_scans_over_a_reload_and_a_closed_tab(
    office: Open, contexts, street: Street
) -> None:
    event = make_event(office("leader"), "断网扫卡", starts=-20, ends=100, capacity=40)
    event_id = int(event.rsplit("/", 1)[1])
    numbers = free_numbers(street, 29)
    context, page = at_the_gate(contexts, street, event)
    context.set_offline(True)
    scan(page, numbers[:10])
    page.reload()
    expect(page.get_by_text("没有网络。照常扫卡")).to_be_visible()
    expect(page.get_by_text("10 次扫卡还没送到")).to_be_visible()
    scan(page, numbers[10:20])
    look(page, "scanner-shell-360")
    page.close()
    page = context.new_page()
    page.goto(f"{event}/scanner")
    expect(page.get_by_text("20 次扫卡还没送到")).to_be_visible()
    # The first one shows the card once more: that is no exit after a minute.
    scan(page, [*numbers[20:], numbers[0]])
    expect(page.get_by_text("30 次扫卡还没送到")).to_be_visible()
    assert street.one("SELECT count(*) FROM scans WHERE event_id = ?", event_id) == 0
    context.set_offline(False)
    conflict = page.locator("[data-answered] li")
    expect(conflict).to_have_count(1, timeout=90_000)
    expect(page.get_by_text("次扫卡还没送到")).to_be_hidden(timeout=90_000)
    look(page, "scanner-sent-360")
    rows = street.ask(
        "SELECT volunteer_id, checked_in_at FROM attendances WHERE event_id = ?", event_id
    )
    assert len(rows) == len({volunteer for volunteer, _at in rows}) == 29
    came = [datetime.fromisoformat(at) for _volunteer, at in rows]
    # Each has the time of its own scan, in their order, not that of the sending.
    assert sorted(came) == came
    assert len(set(came)) == 29
    assert street.one("SELECT count(*) FROM service_records WHERE event_id = ?", event_id) == 0
    conflict.get_by_role("button", name="知道了").click()
    expect(conflict).to_have_count(0)
    # The card shown once more is a duplicate; records come with the closing alone.
    twice = "SELECT count(*) FROM scans WHERE event_id = ? AND outcome = 'duplicate'"
    assert street.one(twice, event_id) == 1
    close_now(office("leader"), street, event)
    assert street.one("SELECT count(*) FROM service_records WHERE event_id = ?", event_id) == 29


def test_kept_scans_wait_for_the_account_that_scanned(
    office: Open, contexts, street: Street
) -> None:
    event = make_event(office("leader"), "换人登录", starts=-20, ends=100)
    context, page = at_the_gate(contexts, street, event)
    context.set_offline(True)
    scan(page, free_numbers(street, 1))
    page.goto("about:blank")
    context.set_offline(False)
    context.clear_cookies()
    page.goto(f"{street.url}/sign-in")
    sign_in(page, street, "coordinator")
    page.goto(f"{event}/scanner")
    expect(page.get_by_text("请登录扫卡的账号")).to_be_visible(timeout=30_000)
    event_id = int(event.rsplit("/", 1)[1])
    assert street.one("SELECT count(*) FROM scans WHERE event_id = ?", event_id) == 0


def test_a_card_without_network_says_whose_it_is_and_the_phone_alone_does_not(
    office: Open, contexts, street: Street
) -> None:
    event = make_event(office("leader"), "断网看姓名", starts=-20, ends=100, capacity=40)
    event_id = int(event.rsplit("/", 1)[1])
    cards = printed(office, street)
    street.change(
        "INSERT INTO sign_ups (event_id, shift_id, volunteer_id, state, source, created_at)"
        " SELECT f.event_id, f.id, c.volunteer_id, 'confirmed', 'page', f.starts_at"
        " FROM shifts f, volunteer_cards c WHERE f.event_id = ? AND c.ended_at IS NULL",
        event_id,
    )
    hashed = sha256(cards[0].rsplit("/", 1)[1].encode()).hexdigest()
    name = street.one(
        "SELECT v.name FROM volunteers v JOIN volunteer_cards c ON c.volunteer_id = v.id"
        " WHERE c.secret_hash = ?",
        hashed,
    )
    context, page = at_the_gate(contexts, street, event)
    until(page, f"({KEPT}).then((kept) => kept.includes('{hashed}'))")
    kept = page.evaluate(KEPT)
    for (theirs,) in street.ask("SELECT name FROM volunteers"):
        assert mask_name(theirs) not in kept
    context.set_offline(True)
    for _look in ("page", "shell"):
        page.get_by_label("编号，或用扫码枪扫卡").fill(cards[0])
        page.keyboard.press("Enter")
        expect(page.locator("[data-answer] .scanned-name")).to_have_text(mask_name(name))
        expect(page.locator("[data-answer] .scanned")).to_have_attribute("data-state", "waiting")
        look(page, f"scanner-named-{_look}-360")
        page.reload()
        expect(page.get_by_text("没有网络。照常扫卡")).to_be_visible()
