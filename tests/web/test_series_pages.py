"""Copying an event and holding it again, on its pages: first the days, then the events."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests import make
from tests.signing import hidden, sign_in
from volunteer_service import clock
from volunteer_service.db import db, transaction
from volunteer_service.events.models import Event


@pytest.fixture
def event(app: Flask) -> int:
    with app.app_context(), transaction():
        cast = make.cast()
        starts_at = clock.now().replace(hour=2, minute=0, second=0, microsecond=0)
        return make.event(
            team=cast.team, leader=cast.li_mei, starts_at=starts_at + timedelta(days=2)
        ).id


def events(app: Flask) -> list[tuple[str, str]]:
    with app.app_context(), transaction(write=False):
        rows = db.session.execute(select(Event.title, Event.state).order_by(Event.starts_at))
        return [tuple(row) for row in rows]


def until(days: int) -> str:
    return f"{clock.now() + timedelta(days=days):%Y-%m-%d}"


def test_a_leader_sees_the_days_then_makes_their_events(app, client, event) -> None:
    sign_in(client, "limei")
    path = f"/e/{event}/series"
    assert "多久一次" in client.get(path).text
    form = {"freq": "DAILY", "interval": "1", "days": "every", "until": until(5)}
    shown = client.post(path, data=hidden(client, path) | form)
    assert (shown.status_code, len(events(app))) == (200, 1)
    assert "确定，建好这些活动" in shown.text
    key = re.search(r'name="idempotency_key" value="([^"]+)"', shown.text)
    assert key
    sent = hidden(client, path) | form | {"seen": "1", "idempotency_key": key[1]}
    done = client.post(path, data=sent, follow_redirects=True)
    assert "已建好另外 3 次活动。" in done.text
    assert {state for _title, state in events(app)} == {"published"}
    assert client.post(path, data=sent).status_code == 303
    assert len(events(app)) == 4


def test_what_was_chosen_stays_where_the_rule_is_refused(app, client, event) -> None:
    sign_in(client, "limei")
    path = f"/e/{event}/series"
    form = {"freq": "WEEKLY", "MO": "1", "FR": "1", "interval": "2", "until": until(900)}
    shown = client.post(path, data=hidden(client, path) | form)
    assert shown.status_code == 422
    assert "请选活动之后一年以内的一天" in shown.text
    assert re.search(r'id="f-FR" name="FR" value="1" checked', shown.text)
    school = client.post(
        path, data=hidden(client, path) | form | {"days": "school", "until": until(9)}
    )
    assert "请社区管理员先在“学期”页登记" in school.text
    assert len(events(app)) == 1


def test_a_copy_is_a_draft_on_a_page_of_its_own(app, client, event) -> None:
    sign_in(client, "limei")
    path = f"/e/{event}/copy"
    page = client.get(path).text
    offered = re.search(r'name="starts_at" type="datetime-local" value="([^"]+)"', page)
    assert offered
    done = client.post(
        path, data=hidden(client, path) | {"starts_at": offered[1]}, follow_redirects=True
    )
    assert "已复制成草稿" in done.text
    assert [state for _title, state in events(app)] == ["published", "draft"]


def test_later_events_follow_the_changed_one_and_are_called_off(app, client, event) -> None:
    sign_in(client, "limei")
    path = f"/e/{event}/series"
    form = {"freq": "DAILY", "interval": "1", "until": until(4), "seen": "1"}
    client.post(path, data=hidden(client, path) | form)
    with app.app_context(), transaction():
        db.session.get_one(Event, event).title = "改了名的护学"
    wanted = {"scope": "all", "shifts": "1", "reason": "开学"}
    seen = client.post(f"{path}/carry-over", data=hidden(client, path) | wanted)
    assert "还没有改" in seen.text
    assert {title for title, _state in events(app)} != {"改了名的护学"}
    over = client.post(
        f"{path}/carry-over",
        data=hidden(client, path) | wanted | {"seen": "1"},
        follow_redirects=True,
    )
    assert "已改 2 次，本来就一样的 0 次。" in over.text
    assert {title for title, _state in events(app)} == {"改了名的护学"}
    off = client.post(
        f"{path}/cancel",
        data=hidden(client, path) | {"cancel_scope": "later", "cancel_reason": "停课"},
        follow_redirects=True,
    )
    assert "已取消 3 次" in off.text
    assert {state for _title, state in events(app)} == {"cancelled"}


def test_a_coordinator_enters_a_school_term_and_removes_it(client, event) -> None:
    sign_in(client, "zhoujing")
    page = client.get("/school-terms").text
    area = re.search(r'<option value="(\d+)"', page)
    assert area
    term = {"name": "秋季学期", "area_id": area[1]}
    wrong = client.post(
        "/school-terms",
        data=hidden(client, "/school-terms")
        | term
        | {"starts_on": "2026-09-01", "ends_on": "2026-08-01"},
    )
    assert (wrong.status_code, "结束日要在开始日之后" in wrong.text) == (422, True)
    done = client.post(
        "/school-terms",
        data=hidden(client, "/school-terms")
        | term
        | {"starts_on": "2026-09-01", "ends_on": "2027-01-20"},
        follow_redirects=True,
    )
    assert "学期已登记。" in done.text
    remove = re.search(r'action="(/school-terms/\d+/remove)"', done.text)
    assert remove
    gone = client.post(remove[1], data=hidden(client, "/school-terms"), follow_redirects=True)
    assert "还没有登记学期。" in gone.text
