"""The leader's scanner: cards before the camera one after the other, and a hand scanner's text."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.card_film import film
from tests.e2e.conftest import PHONE, Open, sign_in
from tests.e2e.street import CHROMIUM, Street
from tests.e2e.test_event_to_hours import make_event
from tests.paper.papers import pdf_pages, scanned

pytestmark = pytest.mark.e2e

TEAM = 1


def printed(office: Open, street: Street) -> list[str]:
    """What the cards of the team's members say, read off the printed sheets."""
    page = office("coordinator")
    page.goto(f"{street.url}/teams/{TEAM}/cards")
    for box in page.get_by_role("checkbox").all():
        box.check()
    with page.expect_download() as got:
        page.get_by_role("button", name="生成 PDF").click()
    sheets = pdf_pages(Path(got.value.path()).read_bytes(), 200)
    return [url for sheet in sheets for url in scanned(sheet)]


def free_the_team(street: Street) -> None:
    """Let the event that runs now have been yesterday: its people are expected elsewhere."""
    earlier = "strftime('%Y-%m-%d %H:%M:%S', {0}, '-1 day') || '.000000'"
    ours = "event_id IN (SELECT id FROM events WHERE state = 'published' AND team_id = ?)"
    for table, names in (
        ("shifts", ("starts_at", "ends_at")),
        ("attendances", ("checked_in_at", "checked_out_at")),
    ):
        moved = ", ".join(f"{name} = {earlier.format(name)}" for name in names)
        street.change(f"UPDATE {table} SET {moved} WHERE {ours}", TEAM)


def came(street: Street, event_id: int) -> int:
    found: int = street.one(
        "SELECT count(DISTINCT volunteer_id) FROM attendances WHERE event_id = ?", event_id
    )
    return found


def filming(browser: Browser, urls: list[str], path: Path) -> Browser:
    """A browser whose camera sees these cards."""
    more = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film(urls, path)}",
    ]
    return browser.browser_type.launch(**CHROMIUM | {"args": CHROMIUM["args"] + more})


def look(page: Page, name: str) -> None:
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_cards_before_the_camera(
    office: Open, street: Street, browser: Browser, tmp_path: Path
) -> None:
    leader = office("leader")
    free_the_team(street)
    event = make_event(leader, "扫卡的护学", starts=-10, ends=90)
    event_id = int(event.rsplit("/", 1)[1])
    urls = printed(office, street)
    own = street.one("SELECT volunteer_id FROM accounts WHERE login = 'leader'")
    theirs = len(urls) - (own is not None)
    assert theirs >= 6

    with filming(browser, urls, tmp_path / "cards.mjpeg") as eye:
        context = eye.new_context(viewport=PHONE, locale="zh-CN", permissions=["camera"])
        page = context.new_page()
        sign_in(page, street, "leader")
        page.goto(f"{event}/scanner")
        expect(page.locator("[data-camera]")).to_be_visible()
        expect(page.locator("[data-count]")).to_have_text(str(theirs), timeout=40_000)
        look(page, "scanner-360")
    assert came(street, event_id) == theirs
    sources = street.ask("SELECT DISTINCT source FROM scans WHERE event_id = ?", event_id)
    assert sources == [("card",)]


def test_a_hand_scanner_types_and_presses_enter(office: Open, street: Street, contexts) -> None:
    leader = office("leader")
    free_the_team(street)
    event = make_event(leader, "扫码枪的护学", starts=-10, ends=90)
    event_id = int(event.rsplit("/", 1)[1])
    first, *_others = printed(office, street)
    context = contexts(PHONE, java_script_enabled=True)
    page = context.new_page()
    sign_in(page, street, "leader")
    page.goto(f"{event}/scanner")
    # Nobody touches the screen: the field has the focus, and gets it back.
    page.keyboard.type(first)
    page.keyboard.press("Enter")
    answer = page.locator("[data-answer] .scanned")
    expect(answer).to_have_attribute("data-state", "in")
    page.keyboard.type(first)
    page.keyboard.press("Enter")
    expect(answer).to_have_attribute("data-state", "again")
    page.keyboard.type("HTTPS://NOT.OURS/K/" + "0" * 26)
    page.keyboard.press("Enter")
    expect(answer).to_have_attribute("data-state", "refused")
    look(page, "scanner-refused-360")
    context.set_offline(True)
    page.keyboard.type(first)
    page.keyboard.press("Enter")
    expect(answer).to_contain_text("没有网络，已记下")
    context.set_offline(False)
    assert came(street, event_id) == 1
