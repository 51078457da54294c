"""Pages of one's own data."""

import re
from html import unescape
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import make, signing
from volunteer_service import clock
from volunteer_service.db import db, transaction
from volunteer_service.paper.qr import qr_svg
from volunteer_service.people.models import Account, Volunteer
from volunteer_service.people.registrations import consents


@pytest.fixture
def wang(app: Flask, client: FlaskClient) -> FlaskClient:
    with app.app_context(), transaction():
        make.cast()
    signing.sign_in(client, "wang")
    return client


def test_a_consent_is_given_and_withdrawn(wang: FlaskClient) -> None:
    form = signing.hidden(wang, "/me") | {"purpose": "publish", "give": "1"}
    assert wang.post("/me/consents", data=form).status_code == 303
    assert wang.get("/me").get_data(as_text=True).count("已同意") == 2
    form = signing.hidden(wang, "/me") | {"purpose": "publish"}
    wang.post("/me/consents", data=form)
    assert wang.get("/me").get_data(as_text=True).count("已同意") == 1


def test_everything_held_is_one_file(wang: FlaskClient) -> None:
    answer = wang.get("/me/export.json")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    held = answer.get_json()
    assert (held["format"], held["volunteers"][0]["name"]) == (1, "王建国")


def test_a_new_password_keeps_this_browser_and_ends_others(wang: FlaskClient, app: Flask) -> None:
    other = app.test_client()
    signing.sign_in(other, "wang")
    form = signing.hidden(wang, "/me/password")
    form |= {"present": make.PASSWORD, "password": "a new long one"}
    assert wang.post("/me/password", data=form).status_code == 303
    assert wang.get("/me").status_code == 200
    assert other.get("/me").status_code == 302


def test_signing_out_everywhere_ends_every_session(wang: FlaskClient, app: Flask) -> None:
    other = app.test_client()
    signing.sign_in(other, "wang")
    wang.post("/me/sign-out-everywhere", data=signing.hidden(wang, "/me"))
    assert (wang.get("/me").status_code, other.get("/me").status_code) == (302, 302)


def test_a_token_is_shown_once_and_can_be_revoked(wang: FlaskClient) -> None:
    form = signing.hidden(wang, "/me/tokens") | {"name": "大屏", "days": "30", "level": "read"}
    page = wang.post("/me/tokens", data=form).get_data(as_text=True)
    plain = re.search(r"vs_[\w-]{43}", page)
    assert plain
    assert plain[0] not in wang.get("/me/tokens").get_data(as_text=True)
    headers = {"Authorization": f"Bearer {plain[0]}"}
    assert wang.get("/api/v1/accounts/me", headers=headers).get_json()["name"] == "王建国"
    revoke = re.search(r"/me/tokens/\d+/revoke", page)
    assert revoke
    wang.post(revoke[0], data=signing.hidden(wang, "/me/tokens"))
    assert wang.get("/api/v1/accounts/me", headers=headers).status_code == 401


def test_this_was_not_me(wang: FlaskClient) -> None:
    wang.post("/me/disown", data=signing.hidden(wang, "/me"))
    assert wang.get("/me").status_code == 302
    form = signing.hidden(wang, "/sign-in") | {"login": "wang", "password": make.PASSWORD}
    assert wang.post("/sign-in", data=form).status_code == 422


def test_nobody_is_asked_for_a_consent_that_nothing_uses(wang: FlaskClient, app: Flask) -> None:
    assert "签到时核对位置" not in wang.get("/me").get_data(as_text=True)
    with app.app_context(), transaction():
        account = db.session.scalars(select(Account).where(Account.login == "wang")).one()
        whose = account.volunteer_id or 0
        consents.give_consent(whose, "location", by=make.acting(account), at=clock.now())
    assert "签到时核对位置" in wang.get("/me").get_data(as_text=True)
    form = signing.hidden(wang, "/me") | {"purpose": "location"}
    assert wang.post("/me/consents", data=form).status_code == 303
    assert "签到时核对位置" not in wang.get("/me").get_data(as_text=True)


def test_the_page_holds_the_own_number_as_a_code(wang: FlaskClient, app: Flask) -> None:
    with app.app_context(), transaction(write=False):
        number = db.session.scalars(
            select(Volunteer.number).where(Volunteer.name == "王建国")
        ).one()
    page = wang.get("/me").get_data(as_text=True)
    picture = re.search(r'src="data:image/svg\+xml,([^"]+)"', page)
    assert picture is not None
    assert unquote(unescape(picture[1])) == qr_svg(number)
