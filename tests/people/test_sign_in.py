"""Signing in with user name, volunteer number or phone."""

from datetime import timedelta

import pytest

from tests import make
from volunteer_service.db import db, settle_refusal
from volunteer_service.people import service as people
from volunteer_service.people.accounts import PasswordWrong, SeveralPeople, SignInRefused
from volunteer_service.people.actor import Actor
from volunteer_service.people.models import Account
from volunteer_service.people.passwords import PasswordWeak

VISITOR = Actor(None, None, "", "page")
NOW = make.MORNING


def _join(name: str, password: str = "a fine long one") -> Account:
    asked = people.RegisterIn(name=name, phone="13900000001", consent=True)
    return people.join(asked, password, by=VISITOR, at=NOW)


def test_number_phone_and_user_name_all_open(session: None) -> None:
    account = _join("孙晓")
    for login in (account.login, account.login.upper(), " 139-0000-0001 "):
        assert people.sign_in(login, "a fine long one", at=NOW).id == account.id


def test_a_family_phone_opens_the_account_whose_password_fits(session: None) -> None:
    _join("孙晓")
    mother = _join("孙母", "another long one")
    assert people.sign_in("13900000001", "another long one", at=NOW).id == mother.id


def test_a_couple_with_one_password_signs_in_by_number(session: None) -> None:
    first = _join("孙晓")
    _join("孙母")
    with pytest.raises(SeveralPeople):
        people.sign_in("13900000001", "a fine long one", at=NOW)
    assert people.sign_in(first.login, "a fine long one", at=NOW).id == first.id


def _fail(login: str) -> None:
    with pytest.raises(SignInRefused):
        people.sign_in(login, "not this one", at=NOW)
    settle_refusal()


def test_the_fifth_failure_locks_for_fifteen_minutes(session: None) -> None:
    account = _join("孙晓")
    for _ in range(4):
        _fail(account.login)
    assert people.sign_in(account.login, "a fine long one", at=NOW)
    db.session.flush()
    for _ in range(5):
        _fail(account.login)
    db.session.refresh(account)
    with pytest.raises(SignInRefused):
        people.sign_in(account.login, "a fine long one", at=NOW + timedelta(minutes=14))
    assert people.sign_in(account.login, "a fine long one", at=NOW + timedelta(minutes=15))


def test_a_disabled_account_stays_shut(session: None) -> None:
    account = _join("孙晓")
    account.disabled_at = NOW
    _fail(account.login)


def test_an_old_hash_is_made_new(session: None) -> None:
    cast = make.cast()
    old = cast.wang_account.password_hash
    people.sign_in("wang", make.PASSWORD, at=NOW)
    assert cast.wang_account.password_hash != old
    people.sign_in("wang", make.PASSWORD, at=NOW)


@pytest.mark.parametrize("weak", ["short", "12345678", "88888888", "abcdefgh", "PASSWORD"])
def test_what_everybody_tries_first_is_refused(session: None, weak: str) -> None:
    with pytest.raises(PasswordWeak):
        _join("孙晓", weak)


def test_a_new_password_ends_other_sessions(session: None) -> None:
    cast = make.cast()
    by = make.acting(cast.wang_account)
    with pytest.raises(PasswordWrong):
        people.change_password(cast.wang_account.id, "wrong one", "a new long one", by=by, at=NOW)
    people.change_password(cast.wang_account.id, make.PASSWORD, "a new long one", by=by, at=NOW)
    assert cast.wang_account.epoch == 1
    assert people.sign_in("wang", "a new long one", at=NOW)
