"""One person was registered twice: both side by side, merged by two persons, found, undone."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Open
from tests.e2e.street import Street
from tests.e2e.test_put_right import look

pytestmark = pytest.mark.e2e


def test_two_entries_become_one_and_two_again(phone: Open, office: Open, street: Street) -> None:
    desk = office("coordinator")
    desk.goto(f"{street.url}/people/new")
    desk.get_by_label("姓名", exact=True).fill("赵方")
    desk.get_by_label("居住地").select_option(index=1)
    desk.get_by_label("本人（未满").check()
    desk.get_by_role("button", name="登记", exact=True).click()
    expect(desk.get_by_text("已登记，志愿者编号")).to_be_visible()
    other = int(desk.url.split("?")[0].rsplit("/", 1)[1])
    number = street.one("SELECT number FROM volunteers WHERE id = ?", other)
    kept = street.one("SELECT id FROM volunteers WHERE name = '赵芳' ORDER BY id LIMIT 1")

    desk.goto(f"{street.url}/people/{kept}")
    desk.get_by_role("link", name="与另一份登记合并").click()
    desk.get_by_label("姓名、拼音、编号或手机号").fill("赵方")
    desk.get_by_role("main").get_by_role("button", name="搜索").click()
    look(desk, "merge-choose-1280")
    desk.get_by_role("link", name="赵方").click()
    expect(desk.get_by_text("姓名不同")).to_be_visible()
    look(desk, "merge-compare-1280")
    desk.get_by_label("为什么合并").fill("手写的名字认错了，已当面核对")
    desk.get_by_role("button", name="提出合并，等第二个人确认").click()
    expect(desk.get_by_text("已提出，等第二个人确认。")).to_be_visible()
    merging = desk.url

    second = phone("admin")
    second.goto(merging)
    look(second, "merge-second-360")
    second.get_by_text("同意合并", exact=True).click()
    second.get_by_role("button", name="是同一个人，合并").click()
    expect(second.get_by_text("已合并，已告诉本人。")).to_be_visible()
    look(second, "merge-done-360")
    second.goto(f"{street.url}/people?q={number}")
    expect(second.get_by_role("link", name="赵芳")).to_be_visible()
    second.goto(f"{street.url}/people/{other}")
    expect(second.get_by_text("这份登记已并入另一份")).to_be_visible()
    look(second, "merge-old-360")
    wide = "document.documentElement.scrollWidth"
    for page in (merging, f"{street.url}/people/{kept}/merge"):
        second.goto(page)
        assert second.evaluate(wide) <= 360, page

    desk.goto(merging)
    desk.get_by_label("为什么撤销").fill("查明是姐妹二人")
    desk.get_by_role("button", name="请另一个人审批").click()
    expect(desk.get_by_text("查明是姐妹二人").first).to_be_visible()
    look(desk, "merge-undo-asked-1280")
    second.goto(merging)
    second.get_by_text("同意撤销", exact=True).click()
    second.get_by_role("button", name="确定撤销").click()
    expect(second.get_by_text("合并已撤销，两份登记恢复原样。")).to_be_visible()
    look(second, "merge-undone-360")
    state = "SELECT state FROM volunteers WHERE id = ?"
    assert street.one(state, other) == "active"
