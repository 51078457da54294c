"""The gate on a leader's phone: find, tick, enter a newcomer."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import make
from tests.signing import hidden, sign_in
from volunteer_service import clock
from volunteer_service.db import db, transaction
from volunteer_service.events.models import Attendance
from volunteer_service.people.models import Volunteer


@pytest.fixture
def town(app: Flask) -> dict[str, int]:
    with app.app_context(), transaction():
        cast = make.cast()
        begins = clock.now() - timedelta(minutes=10)
        event = make.event(team=cast.team, leader=cast.li_mei, starts_at=begins)
        return {"event": event.id, "zhao": cast.zhao.id}


def came(app: Flask) -> list[str]:
    with app.app_context(), transaction(write=False):
        query = select(Volunteer.name).join(Attendance, Attendance.volunteer_id == Volunteer.id)
        return list(db.session.scalars(query.order_by(Volunteer.id)))


def test_find_and_tick(app: Flask, client: FlaskClient, town: dict[str, int]) -> None:
    sign_in(client, "limei")
    path = f"/e/{town['event']}/gate"
    assert path in client.get(f"/e/{town['event']}/manage").get_data(as_text=True)
    assert "没有找到" in client.get(f"{path}?q=赵").get_data(as_text=True)
    page = client.get(f"{path}?q=zhaofang").get_data(as_text=True)
    assert "赵芳" in page
    assert "****" in page
    form = hidden(client, path + "?q=zhaofang")
    form |= {"volunteer_id": str(town["zhao"]), "kind": "in", "scan_id": "0123456789ab"}
    answer = client.post(f"{path}?q=zhaofang", data=form)
    assert answer.status_code == 303
    assert "赵芳 已签到" in client.get(answer.location).get_data(as_text=True)
    assert came(app) == ["赵芳"]
    again = client.post(f"{path}?q=zhaofang", data=form | {"scan_id": "ba9876543210"})
    assert again.status_code == 422
    assert "赵芳" in again.get_data(as_text=True)


def test_a_newcomer_is_entered_and_checked_in(
    app: Flask, client: FlaskClient, town: dict[str, int]
) -> None:
    sign_in(client, "limei")
    path = f"/e/{town['event']}/newcomer"
    assert 'value="孙奶奶"' in client.get(f"{path}?name=孙奶奶").get_data(as_text=True)
    form = hidden(client, path) | {"name": "孙奶奶", "area_id": "0"}
    refused = client.post(path, data=form)
    assert refused.status_code == 422
    assert 'value="孙奶奶"' in refused.get_data(as_text=True)
    answer = client.post(path, data=form | hidden(client, path) | {"consent": "1"})
    assert answer.status_code == 303
    page = client.get(answer.location).get_data(as_text=True)
    assert "已登记 孙奶奶" in page
    with app.app_context(), transaction(write=False):
        person = db.session.scalars(select(Volunteer).filter_by(name="孙奶奶")).one().id
    tick = hidden(client, answer.location)
    tick |= {"volunteer_id": str(person), "kind": "in", "scan_id": "0123456789ab"}
    assert client.post(f"/e/{town['event']}/gate", data=tick).status_code == 303
    assert came(app) == ["孙奶奶"]
    twice = client.post(path, data=form | hidden(client, path) | {"consent": "1"})
    assert twice.status_code == 422
    assert "是同一个人，去签到" in twice.get_data(as_text=True)


def test_others_find_no_gate(client: FlaskClient, town: dict[str, int]) -> None:
    sign_in(client, "wang")
    for path in ("gate", "newcomer"):
        assert client.get(f"/e/{town['event']}/{path}").status_code == 404
