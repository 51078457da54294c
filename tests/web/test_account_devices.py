"""The devices on which one is signed in, each with its sign-out."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make, signing
from volunteer_service.db import db, transaction
from volunteer_service.journal import Entry
from volunteer_service.people.models import OpenSession

WECHAT = "Mozilla/5.0 (Linux; Android 12; HMA) AppleWebKit/537.36 Chrome/89 MicroMessenger/8.0"


@pytest.fixture
def wang(app: Flask, client: FlaskClient) -> FlaskClient:
    with app.app_context(), transaction():
        make.cast()
    signing.sign_in(client, "wang")
    return client


@pytest.fixture
def phone(app: Flask) -> FlaskClient:
    found = app.test_client()
    found.environ_base["HTTP_USER_AGENT"] = WECHAT
    return found


def read(client: FlaskClient) -> str:
    return client.get("/me/devices").get_data(as_text=True)


def buttons(client: FlaskClient) -> list[str]:
    return re.findall(r"/me/devices/\d+/end", read(client))


def test_each_device_is_named_and_this_one_has_no_button(
    wang: FlaskClient, phone: FlaskClient
) -> None:
    assert buttons(wang) == []
    signing.sign_in(phone, "wang")
    page = read(wang)
    assert "Android · 微信" in page
    assert page.count("这台设备") == 1
    assert len(buttons(wang)) == 1
    assert "/me/devices" in wang.get("/me").get_data(as_text=True)


def test_a_device_is_signed_out_from_another(
    app: Flask, wang: FlaskClient, phone: FlaskClient
) -> None:
    signing.sign_in(phone, "wang")
    (button,) = buttons(wang)
    answer = wang.post(button, data=signing.hidden(wang, "/me/devices"))
    assert (answer.status_code, answer.location) == (303, "/me/devices")
    assert phone.get("/me").status_code == 302
    assert wang.get("/me").status_code == 200
    assert buttons(wang) == []
    with app.app_context(), transaction(write=False):
        verbs = db.session.scalars(db.select(Entry.verb)).all()
        assert verbs.count("people.end_session") == 1


def test_nobody_ends_another_s_session(app: Flask, wang: FlaskClient, phone: FlaskClient) -> None:
    signing.sign_in(phone, "zhao")
    with app.app_context(), transaction(write=False):
        row = db.session.scalars(db.select(OpenSession).order_by(OpenSession.id.desc())).first()
        path = f"/me/devices/{row.id}/end"
    assert wang.post(path, data=signing.hidden(wang, "/me/devices")).status_code == 404
    assert phone.get("/me").status_code == 200


def test_leaving_says_so_and_ends_the_session(wang: FlaskClient) -> None:
    form = signing.hidden(wang, "/me") | {"purpose": "register"}
    answer = wang.post("/me/consents", data=form, follow_redirects=True)
    assert "您已退出志愿服务" in answer.get_data(as_text=True)
    assert wang.get("/me").status_code == 302
