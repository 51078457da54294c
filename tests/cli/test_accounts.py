"""Accounts, passwords and grants from the command line."""

from sqlalchemy import select

from tests import make
from tests.cli.terminal import PASSWORD, Run, is_sentence
from volunteer_service.db import db, transaction
from volunteer_service.people.authentication import sign_in
from volunteer_service.people.models import Account, Grant, SignInTry


def test_the_first_admin_of_an_empty_service(run: Run, inside: None) -> None:
    assert run("account", "create", "Boss", "--password", PASSWORD, "--no-volunteer").exit_code == 0
    granted = run("account", "grant", "boss", "admin", "--sub-district", "市西街道")
    assert granted.exit_code == 0, granted.output
    with transaction(write=False):
        account = db.session.scalars(select(Account)).one()
        grant = db.session.scalars(select(Grant)).one()
        assert (account.login, grant.role, grant.account_id) == ("boss", "admin", account.id)
    with transaction():
        assert sign_in.sign_in("boss", PASSWORD, at=make.MORNING).id == account.id


def test_an_account_is_opened_once(run: Run, inside: None) -> None:
    run("account", "create", "boss", "--password", PASSWORD, "--no-volunteer")
    assert is_sentence(run("account", "create", "boss", "--password", PASSWORD, "--no-volunteer"))
    assert is_sentence(
        run("account", "create", "other", "--no-volunteer", "--password", "12345678")
    )
    assert db.session.scalars(select(Account.login)).all() == ["boss"]


def test_a_password_that_others_know_of_somebody_is_refused(run: Run, inside: None) -> None:
    with transaction():
        cast = make.cast()
        known = [cast.wang.phone, cast.wang.number]
    for password in known:
        assert is_sentence(run("account", "password", "wang", "--password", password))
    assert is_sentence(
        run("account", "create", "new-clerk", "--no-volunteer", "--password", "new-clerk")
    )


def test_a_new_password_ends_the_sessions_and_the_lock(run: Run, inside: None) -> None:
    with transaction():
        account = make.cast().coordinator
        login, key = account.login, f"account:{account.id}"
        db.session.add(SignInTry(key=key, failures=30, failed_at=make.MORNING))
    assert run("account", "password", login, "--password", PASSWORD).exit_code == 0
    with transaction():
        found = sign_in.sign_in(login, PASSWORD, at=make.MORNING)
        assert found.epoch == 1
        assert db.session.get(SignInTry, key) is None


def test_a_grant_needs_one_place(run: Run) -> None:
    run("account", "create", "boss", "--password", PASSWORD, "--no-volunteer")
    assert run("account", "grant", "boss", "admin").exit_code == 2
    assert is_sentence(run("account", "grant", "boss", "leader", "--team", "没有的队"))


def test_the_operator_removes_the_only_admin(run: Run, inside: None) -> None:
    with transaction():
        cast = make.cast()
        admin, auditor = cast.admin.id, cast.auditor.login
    assert run("account", "revoke", auditor, "auditor").exit_code == 0
    assert is_sentence(run("account", "revoke", auditor, "auditor"))
    assert run("account", "disable", "admin").exit_code == 0
    with transaction(write=False):
        assert db.session.get_one(Account, admin).disabled_at is not None
        assert "auditor" not in db.session.scalars(select(Grant.role)).all()
    assert run("account", "enable", "admin").exit_code == 0
    with transaction(write=False):
        db.session.expire_all()
        assert db.session.get_one(Account, admin).disabled_at is None
