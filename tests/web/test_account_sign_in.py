"""Signing in at the page."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make, signing
from volunteer_service.db import db, transaction
from volunteer_service.people.models import Account


@pytest.fixture
def town(app: Flask) -> None:
    with app.app_context(), transaction():
        make.cast()


def test_a_person_signs_in_and_sees_their_page(town: None, client: FlaskClient) -> None:
    signing.sign_in(client, "wang")
    assert "王建国" in client.get("/me").get_data(as_text=True)


def test_who_is_not_signed_in_is_brought_back_after_it(town: None, client: FlaskClient) -> None:
    answer = client.get("/me")
    assert answer.location.startswith("/sign-in?next=")
    form = signing.hidden(client, "/sign-in")
    form |= {"login": "wang", "password": make.PASSWORD, "next": "/me"}
    assert client.post("/sign-in", data=form).location == "/me"


@pytest.mark.parametrize("next_", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_next_never_leads_to_another_site(town: None, client: FlaskClient, next_: str) -> None:
    form = signing.hidden(client, "/sign-in")
    form |= {"login": "wang", "password": make.PASSWORD, "next": next_}
    assert client.post("/sign-in", data=form).location == "/"


def test_wrong_and_unknown_get_the_same_page(town: None, client: FlaskClient) -> None:
    form = signing.hidden(client, "/sign-in") | {"password": "not the password"}
    pages = []
    for login in ("wang", "nobody"):
        answer = client.post("/sign-in", data=form | {"login": login})
        assert answer.status_code == 422
        # The hidden token tells the second at which it was made, and nothing about the person.
        page = re.sub(r'(name="csrf_token" value=)"[^"]+"', r"\1", answer.get_data(as_text=True))
        pages.append(page.replace(login, "?"))
    assert pages[0] == pages[1]
    assert "账号或密码不对" in pages[0]


def test_five_failures_lock_the_account(town: None, app: Flask, client: FlaskClient) -> None:
    form = signing.hidden(client, "/sign-in") | {"login": "wang"}
    for _ in range(5):
        client.post("/sign-in", data=form | {"password": "not the password"})
    answer = client.post("/sign-in", data=form | {"password": make.PASSWORD})
    assert answer.status_code == 422
    with app.app_context(), transaction(write=False):
        account = db.session.scalars(db.select(Account).where(Account.login == "wang")).one()
        assert account.locked_until is not None


def test_signing_out_ends_the_session(town: None, client: FlaskClient) -> None:
    signing.sign_in(client, "wang")
    client.post("/sign-out", data=signing.hidden(client, "/sign-in"))
    assert client.get("/me").status_code == 302


def test_a_form_without_its_token_is_refused(town: None, client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={"login": "wang", "password": make.PASSWORD})
    assert answer.status_code == 400
