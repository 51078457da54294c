"""Accounts: opening one, signing in, changing the password, leaving every device."""

from datetime import datetime, timedelta

from sqlalchemy import case, select, update

from volunteer_service import db as database
from volunteer_service import journal
from volunteer_service.db import db
from volunteer_service.errors import NotAllowed, NotFound, Refused
from volunteer_service.people import passwords, sessions
from volunteer_service.people.actor import Actor
from volunteer_service.people.contacts import maybe_phone, phone_key
from volunteer_service.people.models import Account, Volunteer
from volunteer_service.people.registered import need_registered
from volunteer_service.scoring.rules import numbers

TRIES = 5
LOCK_MINUTES = 15
#: A family shares a phone; more accounts than this under one phone are not tried.
LARGEST_FAMILY = 8


class SignInRefused(Refused):
    """Unknown, wrong, locked and disabled look the same from outside."""

    message = "账号或密码不对。连续输错 5 次，须等 15 分钟再试。忘记密码请联系社区管理员。"


class SeveralPeople(Refused):
    """Several people of this phone have the same password; only the number tells them apart."""

    message = "这个手机号有几位志愿者用了同样的密码。请用志愿者编号登录。"


class LoginTaken(Refused):
    """Another account has this user name."""

    message = "这个用户名已有人用。请换一个。"


class PasswordWrong(Refused):
    """The present password was not the right one."""

    message = "现在的密码不对。请重新输入。"


def open_account(
    login: str,
    password: str,
    *,
    name: str | None = None,
    volunteer: Volunteer | None = None,
    by: Actor,
    at: datetime,
) -> Account:
    """Open an account for a volunteer or a member of staff; the login is unique, lower case."""
    login = login.strip().lower()
    taken = select(Account.id).where(Account.login == login)
    if db.session.scalar(taken) is not None:
        raise LoginTaken(field="login")
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
    journal.record("people.open_account", account, account_id=by.account_id, door=by.door, at=at)
    return account


def sign_in(login: str, password: str, *, at: datetime) -> Account:
    """The account of this user name, volunteer number or phone, if the password is right.

    After 5 wrong tries in a row an account is locked for 15 minutes. A volunteer who has left
    signs in no more, unless the account holds a role besides.
    """
    candidates = _candidates(login)
    if not candidates:
        passwords.waste_a_try(password)
        raise SignInRefused()
    right = [account for account in candidates if _opens(account, password, at)]
    if not right:
        _count_failure([account.id for account in candidates], at)
        raise SignInRefused()
    if len(right) > 1:
        raise SeveralPeople()
    _need_purpose(right[0])
    return _welcome(right[0], password)


def change_password(account_id: int, present: str, new: str, *, by: Actor, at: datetime) -> Account:
    """Set a new password and end every session and token; only the person, with the present one."""
    account = _own(account_id, by)
    if not passwords.fits(account.password_hash, present):
        raise PasswordWrong(field="present")
    account.password_hash = passwords.hashed(new, *passwords.known_of_account(account))
    sessions.end_everything(account, at=at)
    journal.record("people.change_password", account, account_id=by.account_id, door=by.door, at=at)
    return account


def set_password(account_id: int, new: str, *, by: Actor, at: datetime) -> Account:
    """Set a new password for somebody, unlock the account and end its sessions; admins only."""
    account = database.fetch(Account, account_id)
    if not by.has_role("admin"):
        raise NotFound()
    account.password_hash = passwords.hashed(new, *passwords.known_of_account(account))
    sessions.end_everything(account, at=at)
    account.failed_sign_ins, account.locked_until = 0, None
    journal.record("people.set_password", account, account_id=by.account_id, door=by.door, at=at)
    return account


def disable(account_id: int, *, by: Actor, at: datetime) -> Account:
    """End an account's sign-in, sessions and tokens at once; admins only, never their own."""
    account = database.fetch(Account, account_id)
    if not by.has_role("admin"):
        raise NotFound()
    if by.account_id == account_id:
        raise NotAllowed()
    account.disabled_at = account.disabled_at or at
    sessions.end_everything(account, at=at)
    journal.record("people.disable", account, account_id=by.account_id, door=by.door, at=at)
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
        raise NotAllowed() if by.has_role("admin") else NotFound()
    return account


def _candidates(login: str) -> list[Account]:
    number, phone = numbers.read_volunteer_number(login), maybe_phone(login)
    query = select(Account).outerjoin(Volunteer, Volunteer.id == Account.volunteer_id)
    is_named = Account.login == login.strip().lower()
    if number is not None:
        is_named |= Volunteer.number == number
    named = list(db.session.scalars(query.where(is_named)))
    if named or phone is None:
        return named
    family = query.where(Volunteer.phone_key == phone_key(phone)).order_by(Account.id)
    return list(db.session.scalars(family.limit(LARGEST_FAMILY)))


def _opens(account: Account, password: str, at: datetime) -> bool:
    is_right = passwords.fits(account.password_hash, password)
    is_locked = account.locked_until is not None and account.locked_until > at
    return is_right and not is_locked and account.disabled_at is None


def _need_purpose(account: Account) -> None:
    if account.volunteer is not None and not account.grants:
        need_registered(account.volunteer.state)


def _welcome(account: Account, password: str) -> Account:
    account.failed_sign_ins = 0
    account.locked_until = None
    if passwords.is_old(account.password_hash):
        account.password_hash = passwords.hashed_again(password)
    return account


def _count_failure(account_ids: list[int], at: datetime) -> None:
    until = at + timedelta(minutes=LOCK_MINUTES)
    is_last = Account.failed_sign_ins + 1 >= TRIES

    def count() -> None:
        db.session.execute(
            update(Account)
            .where(Account.id.in_(account_ids))
            .where(Account.locked_until.is_(None) | (Account.locked_until <= at))
            .values(
                failed_sign_ins=case((is_last, 0), else_=Account.failed_sign_ins + 1),
                locked_until=case((is_last, until), else_=None),
            )
            .execution_options(synchronize_session=False)
        )

    # The refusal rolls the request back; the failure must be remembered all the same.
    database.after_rollback(count)
