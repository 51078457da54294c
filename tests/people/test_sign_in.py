"""Signing in with user name, volunteer number or phone: one password, one account."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make, signing
from volunteer_service import clock
from volunteer_service.db import db, settle_refusal, transaction
from volunteer_service.people.authentication import (
    accounts,
    known_devices,
    passwords,
    phone_confirmation,
    sign_in,
    sign_in_tries,
)
from volunteer_service.people.authentication.accounts import PasswordDelayed, PasswordWrong
from volunteer_service.people.authentication.passwords import PasswordWeak
from volunteer_service.people.authentication.sign_in import SignInDelayed, SignInRefused, Whence
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Account, SignInTry
from volunteer_service.people.registrations import registration, registration_fields

VISITOR = Actor(None, None, "", "page")
NOW = make.MORNING
PHONE = "13900000001"
OWN = "a fine long one"
HOME = Whence("192.0.2.1", "the browser at home")


def register(name: str, password: str = OWN, phone: str = PHONE, *, by: Actor = VISITOR) -> Account:
    asked = registration_fields.RegisterIn(name=name, phone=phone, consent=True)
    person = registration.register(asked, by=by, at=NOW)
    return accounts.open_account(person.number, password, volunteer=person, by=by, at=NOW)


def confirm(account: Account) -> None:
    person = account.volunteer
    assert person is not None
    phone_confirmation.confirm_phone(person.id, by=Actor.system("cli"), at=NOW)


def opens(login: str, password: str = OWN, **where: object) -> int | None:
    """The account that signs in; None for a refusal, which is remembered as the page does."""
    try:
        return sign_in.sign_in(login, password, at=where.pop("at", NOW), **where).id
    except (SignInRefused, SignInDelayed):
        settle_refusal()
        return None


def fail(login: str, times: int, **where: object) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefused):
            sign_in.sign_in(login, "not this one", at=NOW, **where)
        settle_refusal()


# By what


def test_number_and_confirmed_phone_open(session: None) -> None:
    account = register("孙晓")
    confirm(account)
    for login in (account.login, account.login.upper(), " 139-0000-0001 ", "+86 13900000001"):
        assert opens(login) == account.id


def test_a_phone_with_the_name_opens_before_it_is_confirmed(session: None) -> None:
    account = register("孙晓")
    assert opens(PHONE) is None
    assert opens(PHONE, name=" 孙晓 ") == account.id
    assert opens(PHONE, name="孙母") is None


def test_on_a_device_of_before_the_phone_alone_is_enough(session: None) -> None:
    account = register("孙晓")
    known_devices.remember_device(account, HOME.browser, at=NOW)
    assert opens(PHONE, whence=HOME) == account.id
    assert opens(PHONE, whence=replace(HOME, browser="another")) is None


def test_of_a_family_the_name_says_who(session: None) -> None:
    daughter, mother = register("孙晓"), register("孙母", "another long one")
    confirm(daughter)
    confirm(mother)
    assert opens(PHONE) is None
    assert opens(PHONE, "another long one") is None
    assert opens(PHONE, name="孙晓") == daughter.id
    assert opens(PHONE, "another long one", name="孙母") == mother.id
    assert opens(PHONE, name="孙母") is None


def test_on_the_familys_own_device_the_phone_alone_does_not_say_who(session: None) -> None:
    for account in (register("孙晓"), register("孙母", "another long one")):
        known_devices.remember_device(account, HOME.browser, at=NOW)
    assert opens(PHONE, whence=HOME) is None


def test_an_empty_browser_knows_nobody(session: None) -> None:
    account = register("孙晓")
    known_devices.remember_device(account, None, at=NOW)
    assert opens(PHONE, whence=Whence("192.0.2.1", None)) is None


# The shared phone tells nothing


@contextmanager
def compared(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The hashes that a password is held against meanwhile."""
    found: list[str] = []
    real = passwords.fits

    def fits(stored: str, password: str) -> bool:
        found.append(stored)
        return real(stored, password)

    with monkeypatch.context() as patch:
        patch.setattr(passwords, "fits", fits)
        yield found


@pytest.mark.parametrize(
    ("login", "name"),
    [
        (PHONE, ""),
        (PHONE, "孙晓"),
        (PHONE, "孙母"),
        (PHONE, "无此人"),
        ("13900000009", ""),
        ("nobody", ""),
        ("{number}", ""),
    ],
)
def test_one_password_is_compared_once_whatever_is_asked(
    session: None, monkeypatch: pytest.MonkeyPatch, login: str, name: str
) -> None:
    victim, attacker = register("孙晓"), register("孙母", "another long one")
    confirm(victim)
    confirm(attacker)
    with compared(monkeypatch) as found:
        opens(login.format(number=victim.login), "not this one", name=name)
    assert len(found) == 1


def test_equal_passwords_are_not_told(session: None) -> None:
    """The attack: join with the victim's phone, set one's own password to a guess."""
    victim = register("孙晓")
    confirm(victim)
    hit, miss = register("贼一", OWN), register("贼二", "another long one")
    said = set()
    for guess in (OWN, "another long one", "a third long one"):
        for name in ("", "贼一", "贼二", "无此人"):
            try:
                found = sign_in.sign_in(PHONE, guess, name=name, at=NOW, whence=Whence("192.0.2.9"))
            except SignInRefused as refused:
                settle_refusal()
                said.add(str(refused))
            else:
                # By phone alone only the victim, whose phone it is; by name only oneself.
                assert found.id == {"": victim.id, "贼一": hit.id, "贼二": miss.id}[name]
    assert len(said) == 1


def test_who_joins_with_anothers_phone_takes_nothing_from_them(session: None) -> None:
    victim = register("孙晓")
    confirm(victim)
    register("贼一", "another long one")
    assert opens(PHONE) == victim.id
    assert opens(PHONE, "another long one") is None


def test_each_failure_counts_at_the_account_that_was_meant(session: None) -> None:
    victim, other = register("孙晓"), register("孙母", "another long one")
    confirm(victim)
    fail(PHONE, 2)
    fail(PHONE, 1, name="孙晓")
    fail(PHONE, 1, name="孙母")
    db.session.expire_all()
    counted = {row.key: row.failures for row in db.session.scalars(db.select(SignInTry))}
    assert counted[f"account:{victim.id}"] == 3
    assert counted[f"account:{other.id}"] == 1


# Delays


def test_the_fifth_failure_delays_and_each_further_one_longer(session: None) -> None:
    register("孙晓")
    where, at, waits = Whence("192.0.2.9"), NOW, []
    fail(PHONE, 4, whence=where, name="孙晓")
    for _ in range(7):
        with pytest.raises(SignInDelayed) as refused:
            sign_in.sign_in(PHONE, "not this one", name="孙晓", whence=where, at=at)
        settle_refusal()
        db.session.expire_all()
        waits.append((refused.value.until - at) // timedelta(minutes=1))
        assert opens(PHONE, name="孙晓", whence=where, at=at) is None
        at = refused.value.until
    assert waits == [1, 2, 4, 8, 15, 15, 15]
    assert opens(PHONE, name="孙晓", whence=where, at=at) is not None


def test_the_sentence_says_until_when_and_whom_to_ask(session: None) -> None:
    register("孙晓")
    fail(PHONE, 4)
    with pytest.raises(SignInDelayed) as refused:
        sign_in.sign_in(PHONE, "not this one", at=NOW)
    assert "09:01" in str(refused.value)
    assert "社区" in str(refused.value)


def test_a_delayed_try_does_not_prolong_the_delay(session: None) -> None:
    account = register("孙晓")
    fail(account.login, 4)
    for second in range(59):
        opens(account.login, "not this one", at=NOW + timedelta(seconds=second))
        db.session.expire_all()
    assert opens(account.login, at=NOW + timedelta(minutes=1)) == account.id


@pytest.mark.parametrize("login", ["wang", "nobody", "13900000077"])
def test_what_is_not_there_is_delayed_alike(session: None, login: str) -> None:
    make.cast()
    fail(login, 4)
    with pytest.raises(SignInDelayed) as refused:
        sign_in.sign_in(login, "not this one", at=NOW)
    settle_refusal()
    assert refused.value.until == NOW + timedelta(minutes=1)
    assert db.session.scalar(db.select(db.func.count(SignInTry.key))) == 3


def test_from_elsewhere_the_person_still_gets_in(session: None) -> None:
    cast = make.cast()
    fail("wang", 4, whence=Whence("192.0.2.9"))
    opens("wang", "not this one", whence=Whence("192.0.2.9"))
    assert opens("wang", make.PASSWORD, whence=Whence("192.0.2.1")) == cast.wang_account.id


def test_many_origins_slow_the_account_and_never_a_known_device(session: None) -> None:
    cast = make.cast()
    known_devices.remember_device(cast.admin, HOME.browser, at=NOW)
    for n in range(60):
        opens("admin", "not this one", whence=Whence(f"198.51.100.{n}"))
        db.session.expire_all()
    assert opens("admin", make.PASSWORD, whence=Whence("192.0.2.1", "a new one")) is None
    assert opens("admin", make.PASSWORD, whence=HOME) == cast.admin.id
    later = NOW + timedelta(minutes=15)
    assert opens("admin", make.PASSWORD, whence=Whence("192.0.2.1"), at=later) == cast.admin.id


def test_by_another_name_of_the_account_it_is_slow_too_and_does_not_say_so(session: None) -> None:
    """Otherwise failing by phone and then trying by number would reveal whose phone it is."""
    account = register("孙晓")
    confirm(account)
    for n in range(25):
        opens(PHONE, "not this one", whence=Whence(f"198.51.100.{n}"))
        db.session.expire_all()
    assert opens(account.login, whence=Whence("192.0.2.1")) is None
    with pytest.raises(SignInRefused) as refused:
        sign_in.sign_in(account.login, "not this one", whence=Whence("192.0.2.1"), at=NOW)
    assert not isinstance(refused.value, SignInDelayed)


def test_a_known_device_has_a_counter_of_its_own(session: None) -> None:
    cast = make.cast()
    known_devices.remember_device(cast.wang_account, HOME.browser, at=NOW)
    fail("wang", 4, whence=HOME)
    assert opens("wang", "not this one", whence=HOME) is None
    assert opens("wang", make.PASSWORD, whence=HOME) is None
    assert opens("wang", make.PASSWORD, whence=Whence("192.0.2.1")) == cast.wang_account.id


def test_a_right_password_clears_what_came_from_here(session: None) -> None:
    cast = make.cast()
    for _ in range(3):
        fail("wang", 4)
        assert opens("wang", make.PASSWORD) == cast.wang_account.id
        db.session.expire_all()


def test_after_a_day_failures_are_forgotten(session: None) -> None:
    make.cast()
    fail("wang", 4)
    db.session.expire_all()
    with pytest.raises(SignInRefused) as refused:
        sign_in.sign_in("wang", "not this one", at=NOW + timedelta(days=1, minutes=1))
    assert not isinstance(refused.value, SignInDelayed)
    assert sign_in_tries.forget_tries(NOW) == 0
    assert sign_in_tries.forget_tries(NOW + timedelta(days=2)) == 3


def test_what_was_typed_is_not_kept_in_plain(session: None) -> None:
    register("孙晓")
    fail(PHONE, 1, whence=Whence("192.0.2.9"), name="孙晓")
    fail("13900000077", 1)
    kept = " ".join(db.session.scalars(db.select(SignInTry.key)))
    for told in (PHONE, "13900000077", "孙晓", "192.0.2.9"):
        assert told not in kept


def test_one_network_is_one_origin(session: None) -> None:
    """Somebody with one IPv6 address has 2^64 of them."""
    make.cast()
    for n in range(4):
        fail("wang", 1, whence=Whence(f"2001:db8:1:2::{n}"))
    assert opens("wang", "not this one", whence=Whence("2001:db8:1:2::ffff")) is None
    with pytest.raises(SignInDelayed):
        sign_in.sign_in("wang", make.PASSWORD, at=NOW, whence=Whence("2001:db8:1:2:3::9"))
    assert opens("wang", make.PASSWORD, whence=Whence("2001:db8:1:3::1")) is not None


# The rest


def test_a_disabled_account_stays_shut(session: None) -> None:
    cast = make.cast()
    cast.wang_account.disabled_at = NOW
    assert opens("wang", make.PASSWORD) is None


def test_who_left_is_no_longer_one_of_the_phone(session: None) -> None:
    daughter, mother = register("孙晓"), register("孙母", "another long one")
    confirm(daughter)
    confirm(mother)
    assert mother.volunteer is not None
    mother.volunteer.state = "left"
    db.session.flush()
    assert opens(PHONE) == daughter.id


@pytest.mark.parametrize("weak", ["short", "12345678", "88888888", "abcdefgh", "PASSWORD"])
def test_what_everybody_tries_first_is_refused(session: None, weak: str) -> None:
    with pytest.raises(PasswordWeak):
        register("孙晓", weak)


def _say(cast: make.Cast, present: str, *, at: datetime = NOW) -> None:
    by = make.acting(cast.wang_account)
    try:
        accounts.change_password(cast.wang_account.id, present, "a new long one", by=by, at=at)
    finally:
        settle_refusal()
        db.session.expire_all()


def test_a_stolen_session_is_no_oracle_of_the_password(session: None) -> None:
    cast = make.cast()
    for _ in range(4):
        with pytest.raises(PasswordWrong):
            _say(cast, "not this one")
    for _ in range(3):
        with pytest.raises(PasswordDelayed):
            _say(cast, "not this one")
    with pytest.raises(PasswordDelayed):
        _say(cast, make.PASSWORD)
    assert cast.wang_account.epoch == 0
    # Signing in elsewhere is not held up by it.
    assert sign_in.sign_in("wang", make.PASSWORD, at=NOW).id == cast.wang_account.id
    _say(cast, make.PASSWORD, at=NOW + timedelta(minutes=1))
    assert cast.wang_account.epoch == 1


def test_the_page_waits_too(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        make.cast()
    signing.sign_in(client, "wang")
    form = signing.hidden(client, "/me/password") | {"password": "a new long one"}
    for _ in range(5):
        client.post("/me/password", data=form | {"present": "not this one"})
    answer = client.post("/me/password", data=form | {"present": make.PASSWORD})
    assert answer.status_code == 422
    assert "输错次数太多" in answer.get_data(as_text=True)
    with app.app_context(), transaction(write=False):
        assert sign_in.sign_in("wang", make.PASSWORD, at=clock.now()).epoch == 0


def test_a_new_password_ends_other_sessions(session: None) -> None:
    cast = make.cast()
    by = make.acting(cast.wang_account)
    with pytest.raises(PasswordWrong):
        accounts.change_password(cast.wang_account.id, "wrong one", "a new long one", by=by, at=NOW)
    accounts.change_password(cast.wang_account.id, make.PASSWORD, "a new long one", by=by, at=NOW)
    assert cast.wang_account.epoch == 1
    assert sign_in.sign_in("wang", "a new long one", at=NOW)
