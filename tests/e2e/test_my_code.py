"""A volunteer's own code: it goes on without network, and the leader's scanner takes it."""

import io

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Open
from tests.e2e.street import Street
from tests.e2e.test_event_to_hours import make_event
from tests.e2e.test_reload_without_network import opened
from tests.e2e.test_scanner import look
from tests.paper.papers import scanned

pytestmark = pytest.mark.e2e


def shown(page: Page) -> str:
    """What another camera reads off this phone."""
    picture = page.locator("[data-picture]")
    expect(picture.locator("svg")).to_be_visible()
    [text] = scanned(Image.open(io.BytesIO(picture.screenshot())))
    return str(text)


def changed(page: Page, before: str) -> str:
    """The next code: half a minute later at most."""
    for _try in range(80):
        if (text := shown(page)) != before:
            return text
        page.wait_for_timeout(500)
    return before


def test_a_code_goes_on_without_network_and_is_scanned(
    office: Open, contexts, street: Street
) -> None:
    leader = office("leader")
    event = make_event(leader, "出示手机上的码", starts=-20, ends=100)
    event_id = int(event.rsplit("/", 1)[1])
    context, page = opened(contexts, street, f"{street.url}/c/code")
    first = shown(page)
    look(page, "my-code")
    context.set_offline(True)
    page.reload()
    expect(page.get_by_text("赵芳")).to_be_visible()
    expect(page.get_by_text("没有网络，现在打不开这一页")).to_be_hidden()
    later = changed(page, first)
    look(page, "my-code-without-network")
    assert later != first
    assert later[:-20] == first[:-20]
    leader.goto(f"{event}/scanner")
    leader.get_by_label("编号，或用扫码枪扫卡").fill(later)
    leader.get_by_role("button", name="登记", exact=True).click()
    expect(leader.get_by_text("已签到")).to_be_visible()
    scans = street.ask("SELECT kind, source FROM scans WHERE event_id = ?", event_id)
    assert [tuple(row) for row in scans] == [("in", "personal")]


def test_signing_out_takes_the_key_along(contexts, street: Street) -> None:
    _context, page = opened(contexts, street, f"{street.url}/c/code")
    assert page.evaluate("localStorage.getItem('my-code') !== null")
    page.goto(f"{street.url}/me")
    page.get_by_role("button", name="退出登录", exact=True).click()
    expect(page.get_by_role("link", name="登录").first).to_be_visible()
    assert page.evaluate("localStorage.getItem('my-code')") is None
