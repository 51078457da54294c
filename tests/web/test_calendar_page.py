"""The calendar of events: its days, its filters, and whose events it shows."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from tests import make
from tests.signing import sign_in
from volunteer_service import settings
from volunteer_service.db import db, transaction
from volunteer_service.events.models import Event

#: Friday noon of some week.
NOON = make.MORNING.replace(hour=4, minute=0)


@pytest.fixture
def town(app: Flask) -> dict[str, int]:
    """An event over two days, one of another team a month later, and a draft."""
    with app.app_context(), transaction():
        cast = make.cast()
        fair = make.event(team=cast.team, leader=cast.li_mei, starts_at=NOON)
        fair.title, fair.ends_at = "两天的集市", NOON + timedelta(days=1)
        make.sign_up(fair, cast.wang)
        later = make.event(
            team=cast.other_team, leader=cast.li_mei, starts_at=NOON + timedelta(days=35)
        )
        later.title = "下个月的活动"
        draft = make.event(team=cast.team, leader=cast.li_mei, starts_at=NOON)
        draft.title, draft.state, draft.published_at = "还没发布", "draft", None
        return {"team": cast.team.id, "other": cast.other_team.id, "fair": fair.id}


def days(page: str) -> dict[str, list[str]]:
    """Titles by day, of days that have any."""
    found = {}
    for each in page.split('<li class="calendar-day')[1:]:
        (on,) = re.findall(r'<time datetime="([\d-]+)"', each)
        titles = re.findall(r'<span class="num">[\d:]+</span> ([^<]+?)\s*(?:<|$)', each)
        if titles:
            found[on] = titles
    return found


def on(day: int = 0) -> str:
    return f"{(NOON + timedelta(days=day)).date()}"


def test_an_event_of_two_days_stands_on_both_and_a_draft_is_its_leader_s(client, town) -> None:
    path = f"/events/calendar?day={on()}"
    both = {on(): ["两天的集市"], on(1): ["两天的集市"]}
    assert days(client.get(path).text) == both
    assert days(client.get(f"{path}&view=week").text) == both
    sign_in(client, "limei")
    assert days(client.get(path).text)[on()] == ["两天的集市", "还没发布"]


def test_pages_turn_by_month_and_by_week(client, town) -> None:
    page = client.get(f"/events/calendar?day={on()}").text
    (after,) = re.findall(r'href="([^"]+)"[^>]*>下一月', page)
    assert "下个月的活动" in client.get(after.replace("&amp;", "&")).text
    week = client.get(f"/events/calendar?view=week&day={on()}").text
    assert len(re.findall('<li class="calendar-day', week)) == 7
    (before,) = re.findall(r'href="([^"]+)"[^>]*>上一周', week)
    assert "这些日子没有活动。" in client.get(before.replace("&amp;", "&")).text


def test_filters_by_team_and_by_one_s_own_places(client, town) -> None:
    path = f"/events/calendar?day={on()}"
    assert days(client.get(f"{path}&team_id={town['other']}").text) == {}
    assert days(client.get(f"{path}&mine=1").text)[on()] == ["两天的集市"]
    sign_in(client, "zhao")
    assert days(client.get(f"{path}&mine=1").text) == {}
    sign_in(client, "wang")
    assert days(client.get(f"{path}&mine=1").text)[on()] == ["两天的集市"]


@pytest.mark.parametrize(
    "query", ["day=9999-12-31", "day=1900-01-01", "day=x&view=y", "team_id=0", "mine=perhaps"]
)
def test_nonsense_in_the_address_is_no_filter(client, town, query) -> None:
    assert client.get(f"/events/calendar?{query}").status_code == 200


def test_an_event_until_midnight_is_not_one_of_the_next_day(app, client, town) -> None:
    with app.app_context(), transaction():
        fair = db.session.get_one(Event, town["fair"])
        fair.ends_at = settings.day_ends(settings.local_day(fair.starts_at))
    assert days(client.get(f"/events/calendar?day={on()}").text) == {on(): ["两天的集市"]}
