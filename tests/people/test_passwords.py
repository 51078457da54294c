"""A password that others know of somebody is refused, at every door that sets one."""

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from tests import make, signing
from volunteer_service import clock
from volunteer_service.db import db, transaction
from volunteer_service.identifiers import check_characters
from volunteer_service.people.authentication import (
    accounts,
    one_time_codes,
    passwords,
    self_registration,
    sign_in,
)
from volunteer_service.people.authentication.passwords import PasswordWeak
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Account, Volunteer
from volunteer_service.people.registrations import registration, registration_fields

VISITOR = Actor(None, None, "", "page")
PHONE = "13900000013"
IDENTITY = "11010119900301" + "001"
IDENTITY += check_characters.check_character(IDENTITY)
TOO_EASY = "密码太容易猜"


@pytest.mark.parametrize(
    "password",
    [PHONE, "+86 139-0000-0013", "１３９００００００１３", "abdulla memet", "Abdulla Memet"],
)
def test_neither_phone_nor_name_however_written(session: None, password: str) -> None:
    asked = registration_fields.RegisterIn(name="Abdulla Memet", phone=PHONE, consent=True)
    with pytest.raises(PasswordWeak):
        self_registration.join(asked, password, by=VISITOR, at=make.MORNING)


@pytest.fixture
def wang(app: Flask) -> dict[str, str]:
    """What others know of 王建国, who has an account."""
    with app.app_context(), transaction():
        cast = make.cast()
        cast.wang.name = "Wang Jianguo"
        return {
            "phone": cast.wang.phone,
            "number": cast.wang.number,
            "name": cast.wang.name,
            "login": "wang-jianguo",
        } | {"id": str(_renamed(cast.wang_account).id)}


def _renamed(account: Account) -> Account:
    account.login = "wang-jianguo"
    return account


@pytest.mark.parametrize("word", ["phone", "number", "name", "login"])
def test_changing_one_s_own(wang, client: FlaskClient, word: str) -> None:
    signing.sign_in(client, wang["login"])
    form = {"present": make.PASSWORD, "password": wang[word]}
    answer = client.post("/me/password", data=signing.hidden(client, "/me/password") | form)
    assert answer.status_code == 422
    assert TOO_EASY in answer.get_data(as_text=True)


@pytest.mark.parametrize("word", ["phone", "number", "name", "login"])
def test_the_operator_sets_one(wang, app: Flask, word: str) -> None:
    with app.app_context(), transaction(write=False), pytest.raises(PasswordWeak):
        accounts.set_password(int(wang["id"]), wang[word], by=Actor.system("cli"), at=make.MORNING)


@pytest.mark.parametrize("word", ["phone", "number", "name", "login"])
def test_with_a_one_time_code(wang, app: Flask, client: FlaskClient, word: str) -> None:
    with app.app_context(), transaction():
        admin = db.session.scalars(db.select(Account).where(Account.login == "admin")).one()
        code = one_time_codes.issue_code(int(wang["id"]), by=make.acting(admin), at=clock.now())
    form = {"login": wang["login"], "code": code, "password": wang[word]}
    answer = client.post("/code", data=signing.hidden(client, "/code") | form)
    assert answer.status_code == 422
    assert TOO_EASY in answer.get_data(as_text=True)


def test_joining_on_the_page(app: Flask, client: FlaskClient) -> None:
    form = {"name": "<b>x</b>", "phone": PHONE, "password": PHONE, "consent": "1"}
    answer = client.post("/join", data=signing.hidden(client, "/join") | form)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert TOO_EASY in page
    assert "姓名不对" in page
    with app.app_context(), transaction(write=False):
        assert db.session.scalars(db.select(Volunteer)).all() == []


def test_opening_the_sign_in_of_a_paper_registration(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        asked = registration_fields.RegisterIn(
            "钱一", PHONE, True, identity=IDENTITY, area_id=cast.community.id
        )
        number = registration.register(
            asked, by=make.acting(cast.coordinator), at=make.MORNING
        ).number
    form = {"name": "钱一", "phone": PHONE, "identity": IDENTITY}
    for password in (PHONE, number):
        sent = signing.hidden(client, "/claim") | form | {"password": password}
        answer = client.post("/claim", data=sent)
        assert answer.status_code == 422
        assert TOO_EASY in answer.get_data(as_text=True)


def test_a_hash_of_other_figures_is_made_anew_when_its_owner_signs_in(
    session: None, hasher_of_service: PasswordHasher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_HASHER", hasher_of_service)
    account = make.cast().wang_account
    assert "$m=8,t=1,p=1$" in account.password_hash

    sign_in.sign_in("wang", make.PASSWORD, at=make.MORNING)

    # What OWASP asks of argon2id.
    made = account.password_hash
    assert made.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    sign_in.sign_in("wang", make.PASSWORD, at=make.MORNING)
    assert account.password_hash == made
