"""Accounts: opening one, changing the password, leaving every device."""

from datetime import datetime

from sqlalchemy import select

from volunteer_service import db as database
from volunteer_service import journal, settings
from volunteer_service.db import db
from volunteer_service.errors import NotAllowed, NotFound, Refused
from volunteer_service.people.authentication import passwords, sessions, sign_in_tries, watchers
from volunteer_service.people.authentication.account_findings import AccountFinding
from volunteer_service.people.authorization import account_scope
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.merged_entries import need_going_on
from volunteer_service.people.models import Account, Volunteer
from volunteer_service.people.registrations.registration_state import need_registered
from volunteer_service.visible_text import said


class LoginTaken(Refused):
    """Another account has this user name."""

    message = "这个用户名已有人用。请换一个。"


class HasAccount(Refused):
    """The volunteer has an account already; roles are given to that one."""

    status = 409
    message = "这位志愿者已有账号（用户名 %(login)s）。请直接给那个账号授予角色，不用另开。"


class PasswordWrong(Refused):
    """The present password was not the right one."""

    message = "现在的密码不对。请重新输入。"


class PasswordDelayed(Refused):
    """After five wrong passwords each further try waits longer, on every device."""

    message = (
        "现在的密码输错次数太多，请等到 %(time)s 再试。忘记密码，请带证件到社区，当面领一次性代码。"
    )

    def __init__(self, until: datetime) -> None:
        local = until.astimezone(settings.current().zone)
        super().__init__(time=f"{local:%H:%M}", field="present")


@said("login", "name")
def open_account(
    login: str,
    password: str,
    *,
    name: str | None = None,
    volunteer: Volunteer | None,
    by: Actor,
    at: datetime,
) -> Account:
    """Open an account for a volunteer or a member of staff; the login is unique, lower case.

    The caller states which volunteer it belongs to, or None for no volunteer; that is recorded. A
    volunteer has one account (:class:`HasAccount`).
    """
    login = login.strip().lower()
    taken = select(Account.id).where(Account.login == login)
    if db.session.scalar(taken) is not None:
        raise LoginTaken(field="login")
    if volunteer is not None:
        need_no_account(volunteer)
    name = name or (volunteer.name if volunteer else login)
    account = Account(
        login=login,
        name=name,
        password_hash=passwords.hashed(password, *passwords.known_of(login, name, volunteer)),
        volunteer_id=volunteer.id if volunteer else None,
        created_at=at,
    )
    db.session.add(account)
    db.session.flush()
    if volunteer is None:
        found = AccountFinding(
            account_id=account.id, finding="nobody", said_at=at, said_by_id=by.account_id
        )
        db.session.add(found)
    journal.record(
        "people.open_account",
        account,
        account_id=by.account_id,
        door=by.door,
        at=at,
        volunteer=account.volunteer_id,
    )
    return account


def need_no_account(volunteer: Volunteer) -> None:
    """Pass for a volunteer without an account; an existing one gets the roles."""
    login = select(Account.login).where(Account.volunteer_id == volunteer.id)
    if (known := db.session.scalar(login)) is not None:
        raise HasAccount(login=known, field="number")


def change_password(account_id: int, present: str, new: str, *, by: Actor, at: datetime) -> Account:
    """Set a new password and end every session and token; only the person, with the present one.

    Wrong ones wait longer and longer (:class:`PasswordDelayed`), counted by the account alone, so
    that the holder of a stolen session cannot guess. They delay neither a new sign-in nor a
    one-time code.
    """
    account = _own(account_id, by)
    need_present(account, present, at=at)
    account.password_hash = passwords.hashed(new, *passwords.known_of_account(account))
    sessions.end_everything(account, at=at)
    journal.record("people.change_password", account, account_id=by.account_id, door=by.door, at=at)
    return account


def need_present(account: Account, present: str, *, at: datetime) -> None:
    """Pass if the present password is right; everything that asks for it calls this."""
    database.fetch(Account, account.id, lock=True)
    counters = sign_in_tries.of_present_password(account.id)
    standing = sign_in_tries.delays(counters, at=at)
    # The comparison always runs, because its time must not reveal who must wait.
    is_right = passwords.fits(account.password_hash, present)
    if standing.real is not None:
        raise PasswordDelayed(standing.real)
    if is_right:
        sign_in_tries.clear(counters)
        return
    until = sign_in_tries.delays(counters, at=at, more=1).real
    sign_in_tries.count(counters, at=at)
    raise PasswordWrong(field="present") if until is None else PasswordDelayed(until)


def set_password(account_id: int, new: str, *, by: Actor, at: datetime) -> Account:
    """Set a password as the operator at the command line; every session and token ends.

    Signed-in staff never set a password for somebody else: they hand out a code.
    """
    account = database.fetch(Account, account_id)
    account_scope.need_over(account, by=by)
    if by.account_id is not None:
        raise NotAllowed()
    if account.volunteer is not None:
        need_going_on(account.volunteer)
    account.password_hash = passwords.hashed(new, *passwords.known_of_account(account))
    sessions.end_everything(account, at=at)
    sign_in_tries.clear_account(account_id)
    journal.record("people.set_password", account, account_id=by.account_id, door=by.door, at=at)
    return account


def disable(account_id: int, *, by: Actor, at: datetime) -> Account:
    """End an account's sign-in, sessions and tokens at once; admins only, never their own.

    Another admin's or an auditor's takes two (:class:`watchers.TwoAdminsNeeded`).
    """
    account = database.fetch(Account, account_id, lock=True)
    account_scope.need_over(account, by=by)
    if by.account_id == account_id:
        raise NotAllowed()
    watchers.need_asked(account, "disable", by=by, at=at)
    if account.disabled_at is None or _was_merged(account):
        # A merging disables it only until it is undone; this is permanent.
        account.disabled_at = at
    sessions.end_everything(account, at=at)
    journal.record("people.disable", account, account_id=by.account_id, door=by.door, at=at)
    return account


def enable(account_id: int, *, by: Actor, at: datetime) -> Account:
    """Let an account that was disabled sign in again; admins only, never their own.

    Sessions and tokens stay ended; the password is unchanged. A person whose registration has ended
    returns by registering, not by this. The account of an admin or an auditor, and one that two
    admins disabled, takes two (:class:`watchers.TwoAdminsNeeded`).
    """
    account = database.fetch(Account, account_id, lock=True)
    account_scope.need_over(account, by=by)
    if by.account_id == account_id:
        raise NotAllowed()
    if account.volunteer is not None:
        need_registered(account.volunteer.id, account.volunteer.state)
    if account.disabled_at is None:
        return account
    watchers.need_asked(account, "enable", by=by, at=at)
    account.disabled_at = None
    journal.record("people.enable", account, account_id=by.account_id, door=by.door, at=at)
    return account


def sign_out_everywhere(account_id: int, *, by: Actor, at: datetime) -> Account:
    """End every session and token of this account, on every device."""
    account = _own(account_id, by)
    sessions.end_everything(account, at=at)
    journal.record(
        "people.sign_out_everywhere", account, account_id=by.account_id, door=by.door, at=at
    )
    return account


def _own(account_id: int, by: Actor) -> Account:
    account = database.fetch(Account, account_id)
    if by.account_id != account_id:
        raise (
            NotAllowed()
            if account_scope.is_visible(account, by, Right.ACCOUNT_EDIT)
            else NotFound()
        )
    return account


def _was_merged(account: Account) -> bool:
    return account.volunteer is not None and account.volunteer.merged_into_id is not None
