"""Cancelled events are brought back; a walk-in chooses the post, without script."""

import os

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Open
from tests.e2e.street import Street
from tests.e2e.test_event_to_hours import ZHAO, local, make_event, scanned

pytestmark = pytest.mark.e2e


def look(page, name: str) -> None:
    """Keep a picture where somebody wants to look at it (``SHOTS``)."""
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_a_cancelled_event_is_brought_back(phone: Open, office: Open, street: Street) -> None:
    leader = office("leader")
    event = make_event(leader, "雨天护学", starts=120, ends=240)
    zhao = phone(ZHAO)
    zhao.goto(event)
    zhao.get_by_role("button", name="报名").click()
    expect(zhao.get_by_text("已报名，到时请准时到场")).to_be_visible()

    leader.goto(f"{event}/manage")
    leader.get_by_text("取消活动", exact=True).click()
    leader.get_by_label("原因").fill("下大雨")
    leader.get_by_role("button", name="确定取消").click()
    expect(leader.get_by_text("活动已取消。")).to_be_visible()
    leader.goto(f"{event}/manage")
    look(leader, "cancelled")
    leader.get_by_text("恢复活动", exact=True).click()
    leader.get_by_role("button", name="确定，恢复活动").click()
    expect(leader.get_by_text("活动已恢复，报过名的人都已告知。")).to_be_visible()
    signed_up = "SELECT state FROM sign_ups WHERE event_id = ?"
    assert street.one(signed_up, int(event.rsplit("/", 1)[1])) == "confirmed"


def test_who_walks_in_chooses_and_is_moved(phone: Open, office: Open, street: Street) -> None:
    leader = office("leader")
    event = make_event(leader, "傍晚巡逻", starts=-20, ends=100)
    leader.get_by_text("添加班次", exact=True).click()
    leader.get_by_label("岗位", exact=True).fill("引导岗")
    leader.get_by_label("开始").fill(local(-20))
    leader.get_by_label("结束").fill(local(90))
    leader.get_by_role("button", name="添加", exact=True).click()
    expect(leader.get_by_text("已添加班次")).to_be_visible()
    code = scanned(leader)

    zhao = phone(ZHAO)
    zhao.goto(code)
    look(zhao, "asked")
    zhao.get_by_role("button", name="签到：引导岗").click()
    expect(zhao.get_by_text("已签到")).to_be_visible()

    leader.goto(f"{event}/manage")
    look(leader, "roster")
    leader.get_by_role("button", name="改到 护学岗").click()
    expect(leader.get_by_text("已改班次，签到时间不变。")).to_be_visible()
    post = (
        "SELECT p.name FROM attendances a JOIN shifts s ON s.id = a.shift_id"
        " JOIN posts p ON p.id = s.post_id WHERE a.event_id = ?"
    )
    assert street.one(post, int(event.rsplit("/", 1)[1])) == "护学岗"
    leader.goto("/".join(event.split("/")[:3]) + "/records/waiting")
    look(leader, "waiting")
