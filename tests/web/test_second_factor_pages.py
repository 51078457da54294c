"""The second factor on pages: set up, asked for after the password, remembered, required."""

import re
from dataclasses import replace

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make, signing
from volunteer_service import clock
from volunteer_service.db import db, transaction
from volunteer_service.people.authentication import one_time_codes
from volunteer_service.people.authentication.second_factor_models import SecondFactor
from volunteer_service.people.models import Account

SET_UP, NEW = "/me/second-factor/begin", "/me/second-factor/new"
STEP = "/sign-in/second"


@pytest.fixture
def account_id(app: Flask) -> int:
    """The coordinator's account."""
    with app.app_context(), transaction():
        return make.cast().coordinator.id


def page(client: FlaskClient, path: str) -> str:
    return client.get(path, follow_redirects=True).get_data(as_text=True)


def posted(client: FlaskClient, path: str, back: str = "", **fields: str) -> tuple[int, str]:
    form = signing.hidden(client, back or path) | fields
    answer = client.post(path, data=form, follow_redirects=True)
    return answer.status_code, answer.get_data(as_text=True)


def enrol(client: FlaskClient) -> list[str]:
    """Set it up as a person does; return the recovery codes."""
    posted(client, SET_UP, present=make.PASSWORD)
    shown = re.search(r'qr-code num">([A-Z2-7 ]+)<', page(client, NEW))
    assert shown is not None
    code = pyotp.TOTP(shown[1].replace(" ", "")).at(clock.now())
    _status, done = posted(client, NEW, code=code)
    assert "只显示这一次" in done
    return re.findall(r'<code class="num">([^<]+)</code>', done)


def fresh(app: Flask, account_id: int) -> None:
    """As if the code that set it up were some minutes old."""
    with app.app_context(), transaction():
        db.session.get_one(SecondFactor, account_id).last_step -= 10


def code(app: Flask, account_id: int) -> str:
    fresh(app, account_id)
    with app.app_context():
        return pyotp.TOTP(db.session.get_one(SecondFactor, account_id).secret).at(clock.now())


def test_the_password_alone_opens_nothing_and_the_code_goes_on(
    app: Flask, client: FlaskClient, account_id: int
) -> None:
    signing.sign_in(client, "zhoujing")
    assert len(enrol(client)) == 10
    other = app.test_client()
    form = {"login": "zhoujing", "password": make.PASSWORD, "next": "/people"}
    answer = other.post("/sign-in", data=form | signing.hidden(other, "/sign-in"))
    assert answer.location.endswith(STEP)
    assert other.get("/people").status_code == 302
    signing.hidden(other, "/sign-in")
    answer = other.post("/sign-in", data=form | signing.hidden(other, "/sign-in"))
    status, again = posted(other, STEP, code="000 000")
    assert status == 422
    assert "验证码不对" in again
    answer = other.post(STEP, data={"code": code(app, account_id)} | signing.hidden(other, STEP))
    assert answer.location == "/people"
    assert other.get("/people").status_code == 200


def test_nobody_without_the_password_sees_the_second_step(client: FlaskClient) -> None:
    assert client.get(STEP).location.startswith("/sign-in")
    answer = client.post(STEP, data={"code": "123456"} | signing.hidden(client, "/sign-in"))
    assert answer.location.startswith("/sign-in")


def test_a_changed_password_ends_the_step_between(
    app: Flask, client: FlaskClient, account_id: int
) -> None:
    signing.sign_in(client, "zhoujing")
    enrol(client)
    other = app.test_client()
    signing.sign_in(other, "zhoujing")
    with app.app_context(), transaction():
        db.session.get_one(Account, account_id).epoch += 1
    assert other.get(STEP).location.startswith("/sign-in")


def test_a_counters_pc_is_not_asked_again_and_can_be_forgotten(
    app: Flask, client: FlaskClient, account_id: int
) -> None:
    signing.sign_in(client, "zhoujing")
    enrol(client)
    posted(client, "/sign-out", back="/me")
    signing.sign_in(client, "zhoujing")
    posted(client, STEP, code=code(app, account_id), trust="1")
    posted(client, "/sign-out", back="/me")
    signing.sign_in(client, "zhoujing")
    assert client.get("/people").status_code == 200
    posted(client, "/me/second-factor/devices", back="/me/second-factor")
    posted(client, "/sign-out", back="/me")
    signing.sign_in(client, "zhoujing")
    assert client.get("/people").status_code == 302


def test_a_one_time_code_sets_the_password_and_is_no_second_factor(
    app: Flask, client: FlaskClient, account_id: int
) -> None:
    signing.sign_in(client, "zhoujing")
    enrol(client)
    with app.app_context(), transaction():
        admin = db.session.scalars(db.select(Account).where(Account.login == "admin")).one()
        plain = one_time_codes.issue_code(account_id, by=make.acting(admin), at=clock.now())
    other = app.test_client()
    status, asked = posted(
        other, "/code", login="zhoujing", code=plain, password="quite another word"
    )
    assert status == 200
    assert "输入验证码" in asked
    assert other.get("/people").status_code == 302


def test_what_was_typed_before_signing_in_again_is_still_there(
    app: Flask, client: FlaskClient, account_id: int
) -> None:
    signing.sign_in(client, "zhoujing")
    enrol(client)
    form = signing.hidden(client, "/teams/new") | {
        "name": "周三护河队",
        "filled_by": str(account_id),
    }
    with app.app_context(), transaction():
        db.session.get_one(Account, account_id).epoch += 1
    heads = {"Referer": "http://localhost/teams/new"}
    page_of_sign_in = client.post("/teams/new", data=form, headers=heads).get_data(as_text=True)
    carried = re.search(r'name="kept_form" value="([^"]+)"', page_of_sign_in)
    assert carried is not None
    token = re.search(r'name="csrf_token" value="([^"]+)"', page_of_sign_in)
    data = {"login": "zhoujing", "password": make.PASSWORD, "next": "/teams/new"}
    answer = client.post(
        "/sign-in", data=data | {"csrf_token": token[1], "kept_form": carried[1]}
    ).get_data(as_text=True)
    assert "输入验证码" in answer
    carried = re.search(r'name="kept_form" value="([^"]+)"', answer)
    token = re.search(r'name="csrf_token" value="([^"]+)"', answer)
    data = {"code": code(app, account_id), "csrf_token": token[1], "kept_form": carried[1]}
    assert "周三护河队" in client.post(STEP, data=data).get_data(as_text=True)


def test_recovery_codes_are_made_anew_and_the_factor_is_taken_off(
    app: Flask, client: FlaskClient, account_id: int
) -> None:
    signing.sign_in(client, "zhoujing")
    codes = enrol(client)
    where = "/me/second-factor/codes"
    status, _again = posted(client, where, present=make.PASSWORD, code="1")
    assert status == 422
    _status, new = posted(client, where, present=make.PASSWORD, code=codes[0])
    made = re.findall(r'<code class="num">([^<]+)</code>', new)
    assert len(made) == 10
    where = "/me/second-factor/remove"
    _status, done = posted(client, where, present=make.PASSWORD, code=made[0])
    assert "登录验证器已取下" in done
    assert "开始设置" in page(client, "/me/second-factor")


def test_a_secret_is_kept_in_no_cache(client: FlaskClient, account_id: int) -> None:
    signing.sign_in(client, "zhoujing")
    posted(client, SET_UP, present=make.PASSWORD)
    assert "no-store" in client.get(NEW).headers["Cache-Control"]


def test_where_it_is_required_staff_are_led_to_it(
    app: Flask, client: FlaskClient, account_id: int
) -> None:
    before = app.extensions["settings"]
    app.extensions["settings"] = replace(before, second_factor="required")
    try:
        signing.sign_in(client, "zhoujing")
        assert "您的角色必须设登录验证器" in page(client, "/")
        assert client.get("/people").location == "/me/second-factor"
        assert "您的角色要用登录验证器" in page(client, "/people")
        enrol(client)
        assert client.get("/people").status_code == 200
        assert "取下登录验证器" not in page(client, "/me/second-factor")
        posted(client, "/sign-out", back="/me")
        signing.sign_in(client, "wang")
        assert "您的角色必须设登录验证器" not in page(client, "/")
    finally:
        app.extensions["settings"] = before


def test_two_admins_take_a_lost_one_off_on_the_account_page(
    app: Flask, client: FlaskClient, account_id: int
) -> None:
    signing.sign_in(client, "zhoujing")
    enrol(client)
    path = f"/accounts/{account_id}"
    with app.app_context(), transaction():
        area = db.session.scalars(db.select(make.Area).order_by(make.Area.id)).first()
        make.account("other", "林全", role="admin", area=area)
    first, second = app.test_client(), app.test_client()
    signing.sign_in(first, "admin")
    posted(first, f"{path}/asks", back=path, act="factor", reason="手机丢了")
    signing.sign_in(second, "other")
    assert "取下丢失的登录验证器" in page(second, path)
    _status, done = posted(second, f"{path}/second-factor/off", back=path)
    assert "登录验证器已取下" in done
    with app.app_context():
        assert db.session.get(SecondFactor, account_id) is None


def test_an_admin_unlocks_an_account_on_its_page(
    app: Flask, client: FlaskClient, account_id: int
) -> None:
    stranger, path = app.test_client(), f"/accounts/{account_id}"
    for each in range(20):
        form = {"login": "zhoujing", "password": "wrong"} | signing.hidden(stranger, "/sign-in")
        where = {"REMOTE_ADDR": f"192.0.2.{each + 1}"}
        stranger.post("/sign-in", data=form, environ_overrides=where)
    signing.sign_in(client, "admin")
    assert "解除等待" in page(client, path)
    _status, done = posted(client, f"{path}/unlock", back=path)
    assert "等待已解除" in done
    assert "有人连续输错密码" not in page(client, path)
