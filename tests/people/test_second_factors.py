"""The second factor: set up, asked for, used once, lost, required; and what it ends."""

from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from flask import Flask, current_app

from tests import make
from tests.make import acting
from volunteer_service.db import db, settle_refusal, transaction
from volunteer_service.errors import NotAllowed, NotFound
from volunteer_service.people.authentication import (
    accounts,
    api_tokens,
    known_devices,
    second_factors,
    sessions,
    sign_in,
    unlocking,
    watchers,
)
from volunteer_service.people.authentication.required_factors import SecondFactorNeeded
from volunteer_service.people.authentication.second_factor_models import RecoveryCode, SecondFactor
from volunteer_service.people.authentication.second_factors import (
    FactorCodeDelayed,
    FactorCodeRefused,
    FactorRequired,
    NoFactor,
)
from volunteer_service.people.authentication.sign_in_tries import Whence
from volunteer_service.people.authentication.watchers import TwoAdminsNeeded
from volunteer_service.people.models import Account, Message

NOW = make.MORNING
HERE = Whence("192.0.2.1", "the counter's browser")
ELSEWHERE = Whence("198.51.100.7", None)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def cast(session: None) -> make.Cast:
    return make.cast()


@pytest.fixture
def required(app: Flask) -> object:
    """As in production: coordinators, desks and admins need a second factor."""
    before = app.extensions["settings"]
    app.extensions["settings"] = replace(before, second_factor="required")
    yield
    app.extensions["settings"] = before


def code_of(account: Account, at=NOW) -> str:
    secret = db.session.get_one(SecondFactor, account.id).secret
    return pyotp.TOTP(secret).at(at)


def enrol(account: Account, at=NOW) -> list[str]:
    by = acting(account)
    second_factors.begin_factor(make.PASSWORD, whence=HERE, by=by, at=at)
    secret = second_factors.pending_secret(by).replace(" ", "")
    return second_factors.confirm_factor(pyotp.TOTP(secret).at(at), whence=HERE, by=by, at=at)


def take(account: Account, code: str, *, whence: Whence = HERE, at=NOW + MINUTE) -> None:
    second_factors.take_code(account, code, whence=whence, at=at)


def wrong(account: Account, at=NOW + MINUTE) -> str:
    """Six figures that no step around this moment shows."""
    totp = pyotp.TOTP(db.session.get_one(SecondFactor, account.id).secret)
    shown = {totp.at(at + each * MINUTE / 2) for each in range(-2, 3)}
    return next(f"{each:06}" for each in range(10) if f"{each:06}" not in shown)


def test_it_counts_from_its_first_code_on_and_ends_what_was_open(cast: make.Cast) -> None:
    who = cast.coordinator
    key = sessions.begin(who, device="linux/firefox", browser=HERE.browser, at=NOW)
    second_factors.begin_factor(make.PASSWORD, whence=HERE, by=acting(who), at=NOW)
    assert not second_factors.is_asked(who, HERE.browser, at=NOW)
    codes = enrol(who)
    assert len(set(codes)) == second_factors.RECOVERY_CODES
    assert second_factors.is_asked(who, HERE.browser, at=NOW)
    with pytest.raises(Exception, match="登录"):
        sessions.resume(key, door="page", at=NOW)
    assert db.session.scalars(db.select(Message.kind)).all() == ["second_factor_set"]


def test_the_secret_and_the_codes_are_not_readable_in_the_database(cast: make.Cast) -> None:
    codes = enrol(cast.coordinator)
    secret = db.session.get_one(SecondFactor, cast.coordinator.id).secret
    raw = db.session.execute(db.text("SELECT secret FROM second_factors")).scalar_one()
    assert secret.encode() not in bytes(raw)
    hashes = db.session.scalars(db.select(RecoveryCode.code_hash)).all()
    assert all(each.startswith("$argon2id$") for each in hashes)
    assert not any(code.replace("-", "") in "".join(hashes) for code in codes)


def test_setting_it_takes_the_present_password(cast: make.Cast) -> None:
    with pytest.raises(accounts.PasswordWrong):
        second_factors.begin_factor(
            "not the password", whence=HERE, by=acting(cast.coordinator), at=NOW
        )
    assert db.session.get(SecondFactor, cast.coordinator.id) is None


def test_a_code_is_taken_once_and_an_older_one_never(cast: make.Cast) -> None:
    who = cast.coordinator
    enrol(who)
    before, now = code_of(who, NOW + MINUTE / 2), code_of(who, NOW + MINUTE)
    take(who, now)
    for again in (now, before):
        with pytest.raises(FactorCodeRefused):
            take(who, again)
        settle_refusal()
    take(who, code_of(who, NOW + 2 * MINUTE), at=NOW + 2 * MINUTE)


def test_the_code_that_confirmed_it_signs_nobody_in(cast: make.Cast) -> None:
    enrol(cast.coordinator)
    with pytest.raises(FactorCodeRefused):
        take(cast.coordinator, code_of(cast.coordinator), at=NOW)


def test_a_phone_whose_clock_is_a_step_wrong_is_taken_and_two_are_not(cast: make.Cast) -> None:
    who, at = cast.coordinator, NOW + 10 * MINUTE
    enrol(who)
    with pytest.raises(FactorCodeRefused):
        take(who, code_of(who, at - MINUTE), at=at)
    settle_refusal()
    take(who, code_of(who, at + MINUTE / 2), at=at)


def test_wrong_codes_wait_as_wrong_passwords_do_and_only_there(cast: make.Cast) -> None:
    who, at = cast.coordinator, NOW + MINUTE
    enrol(who)
    sessions.begin(who, device="x", browser=HERE.browser, at=NOW)
    for _each in range(5):
        with pytest.raises(FactorCodeRefused):
            take(who, wrong(who), whence=ELSEWHERE)
        settle_refusal()
    with pytest.raises(FactorCodeDelayed):
        take(who, code_of(who, at), whence=ELSEWHERE)
    take(who, code_of(who, at), whence=HERE)


def test_a_recovery_code_is_used_once_and_told(cast: make.Cast) -> None:
    who = cast.coordinator
    codes = enrol(who)
    take(who, codes[3].lower())
    with pytest.raises(FactorCodeRefused):
        take(who, codes[3])
    settle_refusal()
    take(who, codes[4])
    query = db.select(Message).where(Message.kind == "recovery_code_used").order_by(Message.id)
    told = db.session.scalars(query)
    assert [row.facts["left"] for row in told] == [9, 8]
    assert second_factors.state_of(acting(who), at=NOW).codes_left == 8


def test_one_that_was_replaced_counts_until_the_new_one_is_confirmed(cast: make.Cast) -> None:
    who, at = cast.coordinator, NOW + 5 * MINUTE
    codes, by = enrol(who), acting(who)
    with pytest.raises(FactorCodeRefused):
        second_factors.begin_factor(make.PASSWORD, "", whence=HERE, by=by, at=at)
    settle_refusal()
    second_factors.begin_factor(make.PASSWORD, codes[0], whence=HERE, by=by, at=at)
    take(who, code_of(who, at), at=at)
    new = pyotp.TOTP(second_factors.pending_secret(by).replace(" ", ""))
    second_factors.confirm_factor(new.at(at), whence=HERE, by=by, at=at)
    take(who, new.at(at + MINUTE), at=at + MINUTE)
    with pytest.raises(FactorCodeRefused):
        take(who, codes[1], at=at + MINUTE)
    settle_refusal()
    with pytest.raises(NoFactor):
        second_factors.pending_uri(by)


def test_new_recovery_codes_end_the_old_ones(cast: make.Cast) -> None:
    who = cast.coordinator
    old = enrol(who)
    at = NOW + MINUTE
    new = second_factors.renew_recovery_codes(
        make.PASSWORD, code_of(who, at), whence=HERE, by=acting(who), at=at
    )
    with pytest.raises(FactorCodeRefused):
        take(who, old[0])
    settle_refusal()
    take(who, new[0])


def test_a_counters_pc_is_not_asked_for_thirty_days_or_until_everything_ends(
    cast: make.Cast,
) -> None:
    who, browser = cast.coordinator, HERE.browser
    enrol(who)
    sessions.begin(who, device="x", browser=browser, at=NOW)
    known_devices.trust(who.id, browser, until=NOW + second_factors.TRUST)
    assert not second_factors.is_asked(who, browser, at=NOW + timedelta(days=29))
    assert second_factors.is_asked(who, "another browser", at=NOW)
    assert second_factors.is_asked(who, browser, at=NOW + timedelta(days=30))
    assert second_factors.state_of(acting(who), at=NOW).trusted == 1
    accounts.sign_out_everywhere(who.id, by=acting(who), at=NOW)
    sessions.begin(who, device="x", browser=browser, at=NOW)
    assert second_factors.is_asked(who, browser, at=NOW)
    known_devices.trust(who.id, browser, until=NOW + second_factors.TRUST)
    second_factors.trust_no_device(by=acting(who), at=NOW)
    assert second_factors.is_asked(who, browser, at=NOW)


def test_who_need_not_have_it_takes_it_off(cast: make.Cast) -> None:
    who = cast.coordinator
    codes = enrol(who)
    second_factors.remove_factor(make.PASSWORD, codes[0], whence=HERE, by=acting(who), at=NOW)
    assert not second_factors.is_asked(who, None, at=NOW)
    assert db.session.scalars(db.select(RecoveryCode)).all() == []
    assert "second_factor_removed" in db.session.scalars(db.select(Message.kind)).all()
    with pytest.raises(NoFactor):
        second_factors.remove_factor(make.PASSWORD, codes[1], whence=HERE, by=acting(who), at=NOW)


def test_a_lost_one_is_taken_off_by_two_admins_and_told(cast: make.Cast) -> None:
    who = cast.coordinator
    enrol(who)
    other = make.account("other", "林全", role="admin", area=cast.town)
    with pytest.raises(TwoAdminsNeeded):
        second_factors.take_off_factor(who.id, by=acting(cast.admin), at=NOW)
    settle_refusal()
    watchers.ask_second_admin(who.id, "factor", reason="手机丢了", by=acting(cast.admin), at=NOW)
    with pytest.raises(TwoAdminsNeeded):
        second_factors.take_off_factor(who.id, by=acting(cast.admin), at=NOW)
    settle_refusal()
    epoch = who.epoch
    second_factors.take_off_factor(who.id, by=acting(other), at=NOW)
    assert not second_factors.has_factor(who.id)
    assert who.epoch == epoch + 1
    kinds = db.session.scalars(db.select(Message.kind)).all()
    assert {"watcher_asked", "second_factor_taken_off"} <= set(kinds)


def test_nobody_takes_their_own_off_that_way_and_a_coordinator_nobodys(cast: make.Cast) -> None:
    enrol(cast.admin)
    with pytest.raises(NotAllowed):
        second_factors.take_off_factor(cast.admin.id, by=acting(cast.admin), at=NOW)
    with pytest.raises(NotFound):
        second_factors.take_off_factor(cast.admin.id, by=acting(cast.coordinator), at=NOW)
    with pytest.raises(NoFactor):
        second_factors.take_off_factor(cast.coordinator.id, by=acting(cast.admin), at=NOW)
    assert second_factors.has_factor(cast.admin.id)


def test_the_operator_takes_one_off_alone(cast: make.Cast) -> None:
    enrol(cast.admin)
    by = acting(cast.admin)
    operator = replace(by.system("cli"))
    second_factors.take_off_factor(cast.admin.id, by=operator, at=NOW)
    assert not second_factors.has_factor(cast.admin.id)


def test_where_it_is_required_roles_wait_for_it(cast: make.Cast, required: object) -> None:
    who = cast.coordinator
    key = sessions.begin(who, device="x", at=NOW)
    found = sessions.resume(key, door="page", at=NOW)
    assert found.waiting_roles == ("coordinator",)
    assert found.grants == ()
    enrol(who)
    key = sessions.begin(who, device="x", at=NOW)
    found = sessions.resume(key, door="page", at=NOW)
    assert found.waiting_roles == ()
    assert found.has_role("coordinator")
    with pytest.raises(FactorRequired):
        second_factors.remove_factor(make.PASSWORD, "", whence=HERE, by=found, at=NOW)


def test_a_volunteer_and_a_leader_need_none(cast: make.Cast, required: object) -> None:
    for account in (cast.wang_account, cast.zhao_account):
        found = sessions.resume(sessions.begin(account, device="x", at=NOW), door="page", at=NOW)
        assert found.waiting_roles == ()
        assert found.grants == acting(account).grants


def test_a_token_works_while_the_account_has_its_factor(cast: make.Cast, app: Flask) -> None:
    by = acting(cast.coordinator)
    _token, plain = api_tokens.make_token("屏幕", ["read"], 30, by=by, at=NOW)
    before = current_app.extensions["settings"]
    current_app.extensions["settings"] = replace(before, second_factor="required")
    try:
        with pytest.raises(SecondFactorNeeded):
            sessions.bearer(plain, at=NOW)
        enrol(cast.coordinator)
        _token, plain = api_tokens.make_token("屏幕", ["read"], 30, by=by, at=NOW)
        assert sessions.bearer(plain, at=NOW)[0].has_role("coordinator")
    finally:
        current_app.extensions["settings"] = before


def test_an_admin_ends_the_waiting_of_whoever_stands_there(app: Flask) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        who, admin = cast.coordinator.id, acting(cast.admin)
        login = cast.coordinator.login
    for _each in range(6):
        with app.app_context(), pytest.raises(sign_in.SignInRefused), transaction():
            sign_in.sign_in(login, "wrong words", whence=Whence("192.0.2.9"), at=NOW)
    elsewhere = Whence("203.0.113.5")
    for each in range(20):
        with app.app_context(), pytest.raises(sign_in.SignInRefused), transaction():
            sign_in.sign_in(login, "wrong", whence=Whence(f"192.0.2.{100 + each}"), at=NOW)
    with app.app_context(), pytest.raises(sign_in.SignInDelayed), transaction():
        sign_in.sign_in(login, make.PASSWORD, whence=elsewhere, at=NOW)
    with app.app_context(), transaction():
        unlocking.unlock(who, by=admin, at=NOW)
        assert sign_in.sign_in(login, make.PASSWORD, whence=elsewhere, at=NOW).id == who
        kinds = db.session.scalars(db.select(Message.kind)).all()
        assert "account_unlocked" in kinds


def test_nobody_unlocks_themself(cast: make.Cast) -> None:
    with pytest.raises(NotAllowed):
        unlocking.unlock(cast.admin.id, by=acting(cast.admin), at=NOW)
    with pytest.raises(NotFound):
        unlocking.unlock(cast.admin.id, by=acting(cast.wang_account), at=NOW)
    assert db.session.scalars(db.select(Message)).all() == []
