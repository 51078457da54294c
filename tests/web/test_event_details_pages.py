"""An event's page shows meeting point and things to bring to everybody, the phone only to some."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import make
from tests.signing import hidden, sign_in
from volunteer_service import clock
from volunteer_service.db import db, transaction
from volunteer_service.events.models import Event

DETAILS = {"meeting_point": "公园东门", "bring": "手套和水杯"}
CONTACT = {"contact_name": "李队", "contact_phone": "0856-5221234"}


@pytest.fixture
def event(app: Flask) -> dict[str, int]:
    """An event of one place that is still ahead."""
    with app.app_context(), transaction():
        cast = make.cast()
        row = make.event(
            team=cast.team,
            leader=cast.li_mei,
            capacity=1,
            starts_at=clock.now().replace(second=0, microsecond=0) + timedelta(days=2),
        )
        return {"id": row.id, "shift": row.shifts[0].id, "version": row.version}


def filled(client: FlaskClient, event: dict[str, int], **fields: str) -> int:
    sign_in(client, "limei")
    path = f"/e/{event['id']}/edit"
    starts_at = clock.now() + timedelta(days=1)
    plan = {
        "title": "护学",
        "place": "庆丰公园",
        "content": "护送",
        "starts_at": starts_at.strftime("%Y-%m-%dT%H:%M"),
        "ends_at": (starts_at + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M"),
        "version": str(event["version"]),
    }
    answer = client.post(path, data=hidden(client, path) | plan | DETAILS | CONTACT | fields)
    return answer.status_code


def as_(app: Flask, login: str) -> FlaskClient:
    client = app.test_client()
    sign_in(client, login)
    return client


def sign_up(client: FlaskClient, event: dict[str, int]) -> str:
    here, there = f"/e/{event['id']}", f"/shifts/{event['shift']}/sign-up"
    answer = client.post(there, data=hidden(client, here), follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def test_the_form_keeps_the_details_and_the_page_tells_them(
    app: Flask, client: FlaskClient, event: dict[str, int]
) -> None:
    assert filled(client, event) == 303
    assert "公园东门" in client.get(f"/e/{event['id']}/edit").text
    with app.app_context(), transaction(write=False):
        row = db.session.scalars(select(Event)).one()
        assert (row.meeting_point, row.contact_phone) == ("公园东门", "0856-5221234")
    stranger = app.test_client().get(f"/e/{event['id']}").text
    assert all(value in stranger for value in DETAILS.values())
    assert all(value not in stranger for value in CONTACT.values())


def test_signing_up_tells_where_to_be_and_whom_to_call(
    app: Flask, client: FlaskClient, event: dict[str, int]
) -> None:
    filled(client, event)
    told = sign_up(as_(app, "wang"), event)
    assert "已报名，到时请准时到场。 集合点：公园东门。 请带：手套和水杯。" in told
    assert "李队，0856-5221234" in told


def test_a_place_on_the_waiting_list_looks_like_one(
    app: Flask, client: FlaskClient, event: dict[str, int]
) -> None:
    filled(client, event)
    sign_up(as_(app, "wang"), event)
    zhao = as_(app, "zhao")
    told = sign_up(zhao, event)
    assert "已排候补，您在第 1 位" in told
    assert "候补第 1 位" in told
    assert "退出候补" in told
    assert "0856-5221234" not in told
    assert "您在候补第 1 位" in zhao.get("/").text
    assert "候补第 1 位" in client.get(f"/e/{event['id']}/manage").text


def test_a_phone_that_nobody_can_call_is_refused_beside_its_field(
    client: FlaskClient, event: dict[str, int]
) -> None:
    assert filled(client, event, contact_phone="问队长") == 422
