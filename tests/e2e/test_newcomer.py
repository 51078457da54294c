"""A leader's newcomer: found by nobody, entered at the gate, checked in, looked at, in a team."""

import os

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Open
from tests.e2e.street import Street
from tests.e2e.test_event_to_hours import make_event

pytestmark = pytest.mark.e2e

NAME = "孙桂花"


def look(page: Page, name: str) -> None:
    """Keep a picture where somebody wants to look at it (``SHOTS``); nothing is wider than it."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.mark.parametrize("width", ["phone", "desk"])
def test_entered_at_the_gate(phone: Open, office: Open, street: Street, width: str) -> None:
    name = NAME if width == "phone" else "钱桂花"
    event = make_event(office("leader"), f"护学{width}", starts=-20, ends=100)
    leader = (phone if width == "phone" else office)("leader")

    leader.goto(f"{event}/manage")
    leader.get_by_role("link", name="现场签到").click()
    leader.get_by_role("main").get_by_role("searchbox").fill(name)
    leader.get_by_role("main").get_by_role("button", name="搜索").click()
    expect(leader.get_by_text("没有找到")).to_be_visible()
    look(leader, f"{width}-nobody")
    leader.get_by_role("link", name="登记新人").click()
    expect(leader.get_by_label("姓名", exact=True)).to_have_value(name)
    look(leader, f"{width}-form")
    leader.get_by_label("本人（未满 18 周岁由监护人）已在登记表上签字同意").check()
    leader.get_by_role("button", name="登记", exact=True).click()
    expect(leader.get_by_text(f"已登记 {name}")).to_be_visible()
    look(leader, f"{width}-entered")
    leader.get_by_role("button", name="签到", exact=True).click()
    expect(leader.get_by_text(f"{name} 已签到。")).to_be_visible()
    came = (
        "SELECT count(*) FROM attendances a JOIN volunteers v ON v.id = a.volunteer_id"
        " WHERE v.name = ?"
    )
    assert street.one(came, name) == 1

    # A second one of this name is asked about; the same person goes out.
    leader.get_by_role("link", name="登记新人").click()
    leader.get_by_label("姓名", exact=True).fill(name)
    leader.get_by_label("本人（未满 18 周岁由监护人）已在登记表上签字同意").check()
    leader.get_by_role("button", name="登记", exact=True).click()
    expect(leader.get_by_text("已有同名的人").first).to_be_visible()
    look(leader, f"{width}-asked")
    leader.get_by_role("link", name="是同一个人，去签到").click()
    expect(leader.get_by_role("button", name="签退", exact=True)).to_be_visible()
    look(leader, f"{width}-found")
    assert street.one("SELECT count(*) FROM volunteers WHERE name = ?", name) == 1

    coordinator = (phone if width == "phone" else office)("coordinator")
    coordinator.goto(f"{street.url}/people")
    coordinator.get_by_role("link", name="去看").click()
    expect(coordinator.get_by_role("link", name=name)).to_be_visible()
    look(coordinator, f"{width}-checks")
    coordinator.get_by_role("button", name="看过了").first.click()
    expect(coordinator.get_by_text("已看过。")).to_be_visible()

    team = street.one("SELECT team_id FROM events WHERE title = ?", f"护学{width}")
    coordinator.goto(f"{street.url}/teams/{team}/add")
    coordinator.get_by_label("名字").fill(f"1. {name} 2. 没有此人")
    coordinator.get_by_role("button", name="加入队伍").click()
    expect(coordinator.get_by_text("1 行还不清楚是谁").first).to_be_visible()
    look(coordinator, f"{width}-list")
    coordinator.get_by_label("没有此人").select_option("out")
    coordinator.get_by_role("button", name="加入队伍").click()
    expect(coordinator.get_by_text("已加入 1 人")).to_be_visible()
    look(coordinator, f"{width}-team")
    place = street.one(
        "SELECT m.id FROM memberships m JOIN volunteers v ON v.id = m.volunteer_id"
        " WHERE v.name = ? AND m.team_id = ?",
        name,
        team,
    )
    coordinator.goto(f"{street.url}/memberships/{place}")
    look(coordinator, f"{width}-member")
