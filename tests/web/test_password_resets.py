"""A password set anew by a link: to the confirmed mailbox alone, for 30 minutes, once."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import mail_server, make
from tests.mail_server import Postbox
from tests.signing import hidden, sign_in
from tests.web.test_message_settings import send
from volunteer_service import clock
from volunteer_service.db import db, transaction
from volunteer_service.people.authentication import password_resets
from volunteer_service.people.authentication.second_factor_models import SecondFactor
from volunteer_service.people.authentication.sign_in_tries import Whence
from volunteer_service.people.messages import message_choices
from volunteer_service.people.messages.message_models import MessageSettings
from volunteer_service.people.models import Account, Message, SignInCode
from volunteer_service.settings.doors import Doors

NEW = "四月的风很大 2026"
HERE = Whence("127.0.0.1", None)


@pytest.fixture
def box(app: Flask) -> Iterator[Postbox]:
    before = app.extensions["settings"]
    with mail_server.running() as (found, server):
        app.extensions["settings"] = replace(before, doors=Doors(mail=server))
        try:
            yield found
        finally:
            app.extensions["settings"] = before


@pytest.fixture
def wang(app: Flask) -> int:
    """王建国 with a confirmed mailbox; 赵芳 with one that nobody confirmed; 周静 with one too."""
    with app.app_context(), transaction():
        cast = make.cast()
        at = clock.now()
        for reader, confirmed_at in (
            ({"volunteer_id": cast.wang.id}, at),
            ({"volunteer_id": cast.zhao.id}, None),
            ({"account_id": cast.coordinator.id}, at),
        ):
            row = MessageSettings(
                email="reader@example.cn", email_confirmed_at=confirmed_at, off=[], **reader
            )
            db.session.add(row)
        return cast.wang_account.id


def ask(client: FlaskClient, login: str) -> str:
    """What the page says after somebody typed this."""
    form = {"login": login} | hidden(client, "/forgot")
    answer = client.post("/forgot", data=form)
    assert answer.status_code == 303
    return client.get(answer.headers["Location"]).get_data(as_text=True)


def linked(box: Postbox) -> str:
    found = re.search(r"http://localhost(/reset/\S+)", box.letters[-1].get_content())
    assert found is not None
    return found[1]


def set_new(client: FlaskClient, path: str, password: str = NEW) -> int:
    form = {"password": password} | hidden(client, "/sign-in")
    return client.post(path, data=form).status_code


def test_a_link_sets_a_password_once_and_ends_every_session(
    app: Flask, client: FlaskClient, wang: int, box: Postbox
) -> None:
    elsewhere = app.test_client()
    sign_in(elsewhere, "wang")
    ask(client, "wang")
    send(app)
    assert box.letters[-1]["Subject"] == "重设密码的链接"
    path = linked(box)
    assert client.get(path).status_code == 200
    assert set_new(client, path, "12345678") == 422
    assert set_new(client, path) == 303
    assert elsewhere.get("/me").status_code in (302, 303)
    sign_in(client, "wang", NEW)
    again = app.test_client()
    assert again.get(path).status_code == 404
    assert set_new(again, path, "别的一个密码 2026") == 422
    with app.app_context():
        told = select(Message.kind).where(Message.kind.startswith("password_reset"))
        kinds = db.session.scalars(told.order_by(Message.id)).all()
        db.session.remove()
    assert kinds == ["password_reset_asked", "password_reset_done"]


def test_a_mailbox_that_is_given_up_sets_no_password_any_more(
    app: Flask, client: FlaskClient, wang: int, box: Postbox
) -> None:
    ask(client, "wang")
    send(app)
    path = linked(box)
    with app.app_context(), transaction():
        by = make.acting(db.session.get_one(Account, wang))
        message_choices.set_email("new@example.cn", make.PASSWORD, by=by, at=clock.now())
    assert client.get(path).status_code == 404
    assert set_new(client, path) == 422


def test_the_answer_is_the_same_for_nobody_and_only_a_confirmed_mailbox_gets_a_link(
    app: Flask, client: FlaskClient, wang: int, box: Postbox
) -> None:
    answers = {ask(client, login) for login in ("nobody", "zhao", "zhoujing", "sunli")}
    plain = {re.sub(r'value="[^"]*"|nonce-\S+', "", page) for page in answers}
    assert len(plain) == 1
    send(app)
    assert box.letters == []
    with app.app_context():
        assert db.session.query(SignInCode).count() == 0
        db.session.remove()


def test_staff_get_one_where_a_second_factor_stands_between(
    app: Flask, wang: int, box: Postbox
) -> None:
    with app.app_context(), transaction():
        account = db.session.scalars(select(Account).where(Account.login == "zhoujing")).one()
        db.session.add(
            SecondFactor(account_id=account.id, secret="JBSWY3DPEHPK3PXP", confirmed_at=clock.now())
        )
        db.session.flush()
        password_resets.ask_reset("zhoujing", whence=HERE, at=clock.now())
        assert db.session.query(SignInCode).count() == 1


def test_a_link_is_good_for_30_minutes_and_three_an_hour_go_out(
    app: Flask, wang: int, box: Postbox
) -> None:
    now = clock.now()
    with app.app_context(), transaction():
        for minute in (0, 1, 2, 3):
            password_resets.ask_reset("wang", whence=HERE, at=now + timedelta(minutes=minute))
        rows = db.session.scalars(select(SignInCode).order_by(SignInCode.id)).all()
        assert len(rows) == password_resets.LINKS_AN_HOUR
        key = password_resets.link_key(rows[0].id, at=now)
        assert key is not None
        password_resets.need_good(key, at=now + timedelta(minutes=29))
        for wrong, at in (
            (key, now + timedelta(minutes=30)),
            (key[:-1] + ("A" if key[-1] != "A" else "B"), now),
            (f"{rows[1].id}.{key.partition('.')[2]}", now),
            ("x.y", now),
            ("9" * 40, now),
            ("", now),
        ):
            with pytest.raises(password_resets.ResetLinkRefused):
                password_resets.need_good(wrong, at=at)
        password_resets.ask_reset("wang", whence=HERE, at=now + timedelta(minutes=61))
        assert db.session.query(SignInCode).count() == 4


def test_what_is_kept_opens_nothing_and_a_preview_of_staff_holds_no_link(
    app: Flask, client: FlaskClient, wang: int, box: Postbox
) -> None:
    ask(client, "wang")
    with app.app_context():
        row = db.session.scalars(select(SignInCode)).one()
        kept, facts = row.code_hash, db.session.scalars(select(Message.facts)).all()
        key = password_resets.link_key(row.id, at=clock.now())
        db.session.remove()
    assert key is not None
    assert kept not in key
    assert key not in str(facts)
    sign_in(client, "zhoujing")
    preview = client.get("/messages/kinds?kind=password_reset_asked").get_data(as_text=True)
    assert "30 分钟" in preview
    assert "/reset/" not in preview


def test_without_mail_nothing_is_asked(client: FlaskClient, wang: int) -> None:
    page = client.get("/forgot").get_data(as_text=True)
    assert 'name="login"' not in page
    assert "当面" in page
