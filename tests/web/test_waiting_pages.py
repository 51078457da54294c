"""Waiting records are confirmed event by event, and past events are found again."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import make
from tests.make_attendance import record
from tests.signing import hidden, sign_in
from volunteer_service import clock
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db, transaction
from volunteer_service.people.models import Volunteer

BOX = re.compile(r'<input type="checkbox" id="r-\d+" name="record" value="(\d+)" checked')


@pytest.fixture
def town(app):
    """Two events that are over: one with records of 王建国 and of the leader, one of 王建国's."""
    with app.app_context(), transaction():
        cast = make.cast()
        leader = db.session.get_one(Volunteer, cast.li_mei.volunteer_id)
        found = {"li": [], "wang": [], "events": []}
        for days, title in ((3, "清扫楼道"), (2, "看望老人")):
            begins = clock.now() - timedelta(days=days)
            event = make.event(team=cast.team, leader=cast.li_mei, starts_at=begins)
            event.title, event.state = title, "closed"
            found["events"].append(event.id)
            for who, person in (("wang", cast.wang), ("li", leader)):
                if (who, days) == ("li", 2):
                    continue
                facts = {"event_id": event.id, "event_name": title, "waits_for": "leader"}
                row = record(person, team=cast.team, starts_at=begins, state="waiting", **facts)
                found[who].append(row.id)
        make.event(team=cast.team, leader=cast.li_mei, starts_at=clock.now() + timedelta(days=1))
        return found


def page(client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def confirm(client, ids: list[int]):
    data = hidden(client, "/records/waiting") | {"record": ids, "back": "waiting"}
    return client.post("/records/confirm", data=data)


def states(app) -> dict[int, str]:
    with app.app_context(), transaction(write=False):
        return dict(db.session.execute(select(ServiceRecord.id, ServiceRecord.state)).all())


def test_an_event_s_records_are_ticked_but_not_one_s_own(app, client, town) -> None:
    sign_in(client, "limei")
    text = page(client, "/records/waiting")
    for event_id in town["events"]:
        assert f'href="/e/{event_id}/manage#records"' in text
    assert {int(id_) for id_ in BOX.findall(text)} == set(town["wang"])
    assert "自己的记录由另一位负责人或社区管理员确认。" in text
    assert text.count("data-ticks>1<") == 2
    done = confirm(client, [town["wang"][0]])
    assert (done.status_code, done.location) == (303, "/records/waiting")
    text = page(client, "/records/waiting")
    assert BOX.findall(text) == [str(town["wang"][1])]


def test_all_ticked_are_confirmed_or_none(app, client, town) -> None:
    sign_in(client, "limei")
    assert confirm(client, town["wang"] + town["li"]).status_code == 403
    assert set(states(app).values()) == {"waiting"}
    office = app.test_client()
    sign_in(office, "zhoujing")
    assert len(BOX.findall(page(office, "/records/waiting"))) == 3
    assert confirm(office, town["wang"] + town["li"]).status_code == 303
    assert set(states(app).values()) == {"confirmed"}


def test_an_auditor_reads_and_ticks_nothing(client, town) -> None:
    sign_in(client, "wumin")
    text = page(client, "/records/waiting")
    assert "看望老人" in text
    assert "checkbox" not in text
    assert f"/e/{town['events'][0]}/manage" not in text


def test_staff_find_the_events_that_are_over_newest_first(app, client, town) -> None:
    sign_in(client, "limei")
    assert "看望老人" not in page(client, "/events")
    assert 'href="/events?past=1"' in page(client, "/events")
    text = page(client, "/events?past=1")
    assert text.index("看望老人") < text.index("清扫楼道")
    assert "庆丰小学门前护学" not in text
    volunteer = app.test_client()
    sign_in(volunteer, "zhao")
    assert "past=1" not in page(volunteer, "/events")


def test_a_leader_s_list_goes_by_pinyin(app, client) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        begins = clock.now() + timedelta(days=1)
        event = make.event(team=cast.team, leader=cast.li_mei, starts_at=begins)
        for name in ("周小红", "刘洋", "徐志强", "陈桂英", "刘小雨"):
            make.sign_up(event, make.volunteer(name, team=cast.team))
        path = f"/e/{event.id}/manage"
    sign_in(client, "limei")
    names = re.findall(r'name="line"[^>]*> ([^<]+)<', page(client, path))
    assert names == ["陈桂英", "刘小雨", "刘洋", "徐志强", "周小红"]
