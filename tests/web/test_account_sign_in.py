"""Signing in at the page."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make, signing
from tests.people.test_sign_in import PHONE, confirm, register
from volunteer_service.db import transaction


@pytest.fixture
def town(app: Flask) -> None:
    with app.app_context(), transaction():
        make.cast()


def send(client: FlaskClient, address: str = "192.0.2.1", **fields: str):
    """The form, from an address."""
    form = signing.hidden(client, "/sign-in") | fields
    return client.post("/sign-in", data=form, environ_base={"REMOTE_ADDR": address})


def without_token(page: str) -> str:
    # The hidden token tells the second at which it was made, and nothing about the person.
    return re.sub(r'(name="csrf_token" value=)"[^"]+"', r"\1", page)


def test_a_person_signs_in_and_sees_their_page(town: None, client: FlaskClient) -> None:
    signing.sign_in(client, "wang")
    assert "王建国" in client.get("/me").get_data(as_text=True)


def test_who_is_not_signed_in_is_brought_back_after_it(town: None, client: FlaskClient) -> None:
    answer = client.get("/me")
    assert answer.location.startswith("/sign-in?next=")
    assert send(client, login="wang", password=make.PASSWORD, next="/me").location == "/me"


@pytest.mark.parametrize("next_", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_next_never_leads_to_another_site(town: None, client: FlaskClient, next_: str) -> None:
    assert send(client, login="wang", password=make.PASSWORD, next=next_).location == "/"


@pytest.mark.parametrize("tried", range(1, 8))
def test_wrong_and_unknown_get_the_same_page(town: None, client: FlaskClient, tried: int) -> None:
    """Also what is said when it grows slow."""
    pages = []
    for login in ("wang", "nobody"):
        for _ in range(tried):
            answer = send(client, login=login, password="not the password")
        assert answer.status_code == 422
        pages.append(without_token(answer.get_data(as_text=True)).replace(login, "?"))
    # The minute may have turned between the two.
    assert re.sub(r"\d\d:\d\d", "", pages[0]) == re.sub(r"\d\d:\d\d", "", pages[1])
    assert ("账号或密码不对" if tried < 5 else "输错次数太多，请等到") in pages[0]


def test_one_person_two_and_none_on_a_phone_get_the_same_page(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context(), transaction():
        for name, phone in (("孙晓", PHONE), ("孙母", PHONE), ("钱一", "13900000002")):
            confirm(register(name, phone=phone))
    pages = set()
    for phone in (PHONE, "13900000002", "13900000003"):
        page = send(client, login=phone, password="not the password").get_data(as_text=True)
        pages.add(without_token(page).replace(phone, "?"))
    assert len(pages) == 1
    assert "请把姓名也填上" in pages.pop()


def test_the_name_beside_the_phone_says_who(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        for name, password in (("孙晓", "a fine long one"), ("孙母", "another long one")):
            confirm(register(name, password))
    tried = {"login": PHONE, "password": "another long one"}
    assert send(client, **tried).status_code == 422
    assert send(client, **tried, name="孙母").status_code == 303
    assert "孙母" in client.get("/me").get_data(as_text=True)


def test_others_who_guess_do_not_lock_the_admin_out(app: Flask, town: None) -> None:
    known, stranger = app.test_client(), app.test_client()
    signing.sign_in(known, "admin")
    known.post("/sign-out", data=signing.hidden(known, "/me/password"))
    for n in range(30):
        send(stranger, f"198.51.100.{n % 3}", login="admin", password="not the password")
    right = {"login": "admin", "password": make.PASSWORD}
    assert send(stranger, "198.51.100.0", **right).status_code == 422
    assert send(known, "198.51.100.0", **right).status_code == 303
    assert known.get("/accounts").status_code == 200


def test_a_device_cookie_that_somebody_wrote_is_none(app: Flask, town: None) -> None:
    known, other = app.test_client(), app.test_client()
    signing.sign_in(known, "wang")
    cookie = known.get_cookie("device")
    assert cookie is not None
    assert cookie.http_only
    for _ in range(5):
        send(other, login="wang", password="not the password")
    right = {"login": "wang", "password": make.PASSWORD}
    key, _dot, signature = cookie.value.partition(".")
    for forged in ("x", key, f"{key}.{signature[1:]}", f"{key[:-2]}.{signature}"):
        other.set_cookie("device", forged)
        assert send(other, **right).status_code == 422
    other.set_cookie("device", cookie.value)
    assert send(other, **right).status_code == 303


def test_the_device_cookie_alone_signs_nobody_in(app: Flask, town: None) -> None:
    known, other = app.test_client(), app.test_client()
    signing.sign_in(known, "wang")
    cookie = known.get_cookie("device")
    assert cookie is not None
    other.set_cookie("device", cookie.value)
    assert other.get("/me").status_code == 302


def test_a_wrong_password_sets_no_device_cookie(client: FlaskClient, town: None) -> None:
    send(client, login="wang", password="not the password")
    assert client.get_cookie("device") is None


def test_signing_out_ends_the_session(town: None, client: FlaskClient) -> None:
    signing.sign_in(client, "wang")
    client.post("/sign-out", data=signing.hidden(client, "/sign-in"))
    assert client.get("/me").status_code == 302


def test_a_form_without_its_token_is_refused(town: None, client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={"login": "wang", "password": make.PASSWORD})
    assert answer.status_code == 400


def test_staff_see_that_a_phone_is_not_confirmed_and_confirm_it(app: Flask, town: None) -> None:
    with app.app_context(), transaction():
        volunteer_id = register("孙晓").volunteer_id
    staff, path = app.test_client(), f"/people/{volunteer_id}"
    signing.sign_in(staff, "admin")
    assert "手机号还没有当面核对" in staff.get(path).get_data(as_text=True)
    answer = staff.post(f"{path}/phone", data=signing.hidden(staff, path), follow_redirects=True)
    assert "手机号已当面核对" in answer.get_data(as_text=True)
    person = app.test_client()
    assert send(person, login=PHONE, password="a fine long one").status_code == 303


@pytest.mark.parametrize("is_shared", [False, True])
def test_one_s_own_page_does_not_tell_whether_another_has_the_phone(
    app: Flask, client: FlaskClient, is_shared: bool
) -> None:
    with app.app_context(), transaction():
        if is_shared:
            confirm(register("孙母", "another long one"))
        register("孙晓")
    send(client, login=PHONE, name="孙晓", password="a fine long one")
    page = client.get("/me").get_data(as_text=True)
    assert "社区还没有当面核对" in page
