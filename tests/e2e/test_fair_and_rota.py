"""On a phone of 360 px: a fair of two days with three shifts a day, from the plan to confirmed
hours by one leader; and a rota on which two people swap.
"""

import os
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Open
from tests.e2e.street import Street
from tests.e2e.test_event_to_hours import ZONE, local, put_back

pytestmark = pytest.mark.e2e

ZHAO, WANG = "17000000003", "17000000002"
DAY = 24 * 60
#: Minutes from now: the first shift of the day is over, the second runs, the third comes.
SHIFTS = ((-200, -90), (-90, 10), (10, 110))
#: Tables with instants, and which of their columns lie on the fair's days.
MOVED = {
    "events": ("starts_at", "ends_at"),
    "shifts": ("starts_at", "ends_at"),
    "attendances": ("checked_in_at", "checked_out_at"),
    "service_records": ("starts_at", "ends_at"),
}


@pytest.fixture
def pictured(request: pytest.FixtureRequest) -> Iterator[object]:
    """Take a picture of a page where ``PICTURES`` names a folder."""
    folder, number = os.environ.get("PICTURES"), count()

    def take(page: Page) -> None:
        if folder:
            page.screenshot(path=f"{folder}/{request.node.name}-{next(number)}.png", full_page=True)

    return take


def until_hour(hour: int, *, days: int) -> int:
    """Minutes from now to an hour of a later day, by the street's clock."""
    now = datetime.now(ZONE)
    then = (now + timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0)
    return -((now - then) // timedelta(minutes=1))


def plan(page: Page, title: str, *, starts: int, ends: int) -> None:
    """A draft with what an event is."""
    page.get_by_role("link", name="活动").first.click()
    page.get_by_role("link", name="新建活动").click()
    page.get_by_label("活动名称").fill(title)
    page.get_by_label("地点", exact=True).fill("人民广场")
    page.get_by_label("服务内容").fill("引导、咨询")
    page.get_by_label("开始").fill(local(starts))
    page.get_by_label("结束").fill(local(ends))
    page.get_by_role("button", name="保存").click()


def add_shift(page: Page, post: str, *, starts: int, ends: int) -> None:
    """One more shift, by the form at the foot of the leader's page."""
    if not page.get_by_label("岗位", exact=True).is_visible():
        page.get_by_text("添加班次", exact=True).click()
    page.get_by_label("岗位", exact=True).fill(post)
    page.get_by_label("开始").fill(local(starts))
    page.get_by_label("结束").fill(local(ends))
    page.get_by_role("button", name="添加", exact=True).click()
    expect(page.get_by_text("已添加班次")).to_be_visible()


def publish(page: Page) -> str:
    """Show it to everybody; return its address."""
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_text("已发布，大家可以报名了")).to_be_visible()
    return page.url.removesuffix("/manage")


def next_day(street: Street, event_id: int) -> None:
    """Let a day go by: the server's clock is the real one, so all of the fair moves back."""
    for table, columns in MOVED.items():
        of_event = "id" if table == "events" else "event_id"
        for column in columns:
            street.change(
                f"UPDATE {table} SET {column} = strftime('%Y-%m-%d %H:%M:%f000', {column},"
                f" '-1 day') WHERE {of_event} = ? AND {column} IS NOT NULL",
                event_id,
            )
    street.change(
        "UPDATE service_records SET served_on = date(served_on, '-1 day') WHERE event_id = ?",
        event_id,
    )


def served(leader: Page, street: Street, event_id: int) -> None:
    """The leader ticks who comes and goes, and ends the shifts that are over."""
    leader.get_by_role("button", name="签到", exact=True).first.click()
    put_back(street, event_id, minutes=88)
    leader.get_by_role("button", name="签退", exact=True).first.click()
    leader.get_by_text("结束登记", exact=True).first.click()
    leader.get_by_role("button", name="确定结束").click()
    expect(leader.get_by_text("1 条记录待确认，0 人未到。").first).to_be_visible()


def test_a_fair_of_two_days_by_one_leader(phone: Open, street: Street, pictured) -> None:
    leader, zhao = phone("leader"), phone(ZHAO)
    # Some minutes go by until the last shift is written: it still ends within the event.
    plan(leader, "两天便民集市", starts=SHIFTS[0][0], ends=DAY + SHIFTS[-1][1] + 5)
    for day in (0, DAY):
        for starts, ends in SHIFTS:
            add_shift(leader, "引导岗", starts=day + starts, ends=day + ends)
    event = publish(leader)
    event_id = int(event.rsplit("/", 1)[1])
    pictured(leader)

    # What runs now, and the same shift of the second day: the others stay to be chosen.
    for nth in (0, 2):
        zhao.goto(event)
        zhao.get_by_role("button", name="报名", exact=True).nth(nth).click()
        expect(zhao.get_by_text("已报名，到时请准时到场")).to_be_visible()
    pictured(zhao)

    leader.goto(f"{event}/manage")
    served(leader, street, event_id)
    pictured(leader)
    next_day(street, event_id)
    leader.goto(f"{event}/manage")
    served(leader, street, event_id)
    leader.get_by_role("button", name="确认勾选的记录").click()
    expect(leader.get_by_text("已确认 2 条记录")).to_be_visible()
    # The same hours on two days: each shift says which.
    dated = re.compile(r"引导岗 \d\d-\d\d \d\d:")
    expect(leader.get_by_role("link", name=dated)).to_have_count(6)
    pictured(leader)

    found = street.ask(
        "SELECT served_on, minutes, state FROM service_records WHERE event_id = ? ORDER BY id",
        event_id,
    )
    # 88 minutes and some seconds, rounded down to tenths of an hour.
    assert [(minutes, state) for _day, minutes, state in found] == [(84, "confirmed")] * 2
    assert len({day for day, _minutes, _state in found}) == 2
    assert street.one("SELECT state FROM events WHERE id = ?", event_id) == "published"
    assert not street.ask(
        "SELECT id FROM sign_ups WHERE event_id = ? AND state = 'no_show'", event_id
    )


def test_two_people_swap_on_the_rota(phone: Open, street: Street, pictured) -> None:
    leader, zhao, wang = phone("leader"), phone(ZHAO), phone(WANG)
    # Both shifts lie in one week of the rota, whatever the day and the hour of the run, and
    # outside the hours of the demo's own events and of the fair's two days.
    early = until_hour(5, days=3)
    late = until_hour(21, days=3)
    # Some minutes go by until the last shift is written: it still ends within the event.
    plan(leader, "路口值守", starts=early, ends=late + 125)
    add_shift(leader, "早班", starts=early, ends=early + 120)
    add_shift(leader, "晚班", starts=late, ends=late + 120)
    event = publish(leader)
    event_id = int(event.rsplit("/", 1)[1])
    for page, nth in ((zhao, 0), (wang, 1)):
        page.goto(event)
        page.get_by_role("button", name="报名", exact=True).nth(nth).click()
        expect(page.get_by_text("已报名，到时请准时到场")).to_be_visible()

    zhao.goto(event)
    zhao.get_by_role("link", name="换班或找人替").click()
    zhao.get_by_role("radio").first.check()
    pictured(zhao)
    zhao.get_by_role("button", name="去问对方").click()
    expect(zhao.get_by_text("还没有人答应，班次还是您的。")).to_be_visible()

    wang.goto(event)
    pictured(wang)
    wang.get_by_role("button", name="同意换班").click()
    expect(wang.get_by_text("办好了，到时请准时到场。")).to_be_visible()
    leader.goto(f"{event}/rota")
    expect(leader.get_by_role("main").get_by_text("赵芳").first).to_be_visible()
    pictured(leader)
    held = street.ask(
        "SELECT v.name, p.name FROM sign_ups s JOIN volunteers v ON v.id = s.volunteer_id"
        " JOIN shifts h ON h.id = s.shift_id JOIN posts p ON p.id = h.post_id"
        " WHERE s.event_id = ? AND s.state = 'confirmed' ORDER BY p.id",
        event_id,
    )
    assert held == [("王建国", "早班"), ("赵芳", "晚班")]
