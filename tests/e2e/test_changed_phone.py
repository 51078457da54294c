"""A phone is changed: by the person on a small screen, and by the office face to face."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Open, fill_in_sign_in
from tests.e2e.street import Street
from tests.e2e.test_event_to_hours import ZHAO
from tests.e2e.test_put_right import look
from volunteer_service.demo import PASSWORD

pytestmark = pytest.mark.e2e

OWN, SEEN = "17000009801", "17000009802"


def within_the_screen(page: Page) -> None:
    wide, screen = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert wide <= screen


def test_a_phone_is_changed_by_oneself_and_then_by_the_office(
    phone: Open, office: Open, street: Street
) -> None:
    zhao, elsewhere = phone(ZHAO), phone(ZHAO)
    zhao.goto(f"{street.url}/me")
    zhao.get_by_role("link", name="换手机号").click()
    look(zhao, "own-phone")
    zhao.get_by_label("新手机号").fill(OWN)
    zhao.get_by_label("现在的密码").fill("not this one")
    zhao.get_by_role("button", name="更改", exact=True).click()
    expect(zhao.get_by_label("新手机号")).to_have_value(OWN)
    look(zhao, "own-phone-refused")
    zhao.get_by_label("现在的密码").fill(PASSWORD)
    zhao.get_by_role("button", name="更改", exact=True).click()
    expect(zhao.get_by_text("手机号已更改，其他设备已退出登录")).to_be_visible()
    look(zhao, "own-phone-changed")

    elsewhere.goto(f"{street.url}/me")
    expect(elsewhere).to_have_url(f"{street.url}/sign-in?next=/me")
    for number in (ZHAO, OWN):
        elsewhere.goto(f"{street.url}/sign-in")
        fill_in_sign_in(elsewhere, number)
        expect(elsewhere.get_by_text("账号或密码不对")).to_be_visible()

    clerk = office("coordinator")
    (id_,) = street.ask("SELECT id FROM volunteers WHERE name = '赵芳'")[0]
    clerk.goto(f"{street.url}/people/{id_}")
    look(clerk, "person")
    clerk.get_by_role("link", name="更改资料").click()
    row = clerk.get_by_role("row", name="手机号 170****9801")
    row.get_by_role("link", name="更改").click()
    clerk.get_by_label("新手机号").fill(SEEN)
    clerk.get_by_label("本人在场，手机在本人手里，已当面核对").check()
    clerk.get_by_label("为什么更改").fill("本人带新手机到社区")
    look(clerk, "office-phone")
    clerk.get_by_role("button", name="更改", exact=True).click()
    expect(clerk.get_by_text("已更改，已告诉本人。")).to_be_visible()
    look(clerk, "office-changed")
    within_the_screen(clerk)

    elsewhere.goto(f"{street.url}/sign-in")
    fill_in_sign_in(elsewhere, SEEN)
    elsewhere.goto(f"{street.url}/me/changes")
    expect(elsewhere.get_by_text("本人带新手机到社区")).to_be_visible()
    look(elsewhere, "own-history")
    within_the_screen(elsewhere)


def test_a_name_is_asked_and_approved_on_a_small_screen(phone: Open, street: Street) -> None:
    clerk, second = phone("coordinator"), phone("admin")
    (id_,) = street.ask("SELECT id FROM volunteers WHERE name = '王建国'")[0]
    clerk.goto(f"{street.url}/people/{id_}/changes?field=name")
    clerk.get_by_label("新姓名").fill("王建军")
    clerk.get_by_label("为什么更改").fill("看过身份证，登记时写错")
    look(clerk, "name-asked")
    within_the_screen(clerk)
    clerk.get_by_role("button", name="提出更改").click()
    expect(clerk.get_by_text("已提出，等另一位批准。")).to_be_visible()

    second.goto(f"{street.url}/people/changes")
    look(second, "waiting")
    within_the_screen(second)
    second.get_by_role("row", name="王建军").get_by_role("link", name="查看").click()
    second.get_by_label("同意，更改").check()
    look(second, "decision")
    within_the_screen(second)
    second.get_by_role("button", name="提交决定").click()
    expect(second.get_by_text("已更改，已告诉本人。")).to_be_visible()
    assert street.one("SELECT name FROM volunteers WHERE id = ?", id_) == "王建军"
