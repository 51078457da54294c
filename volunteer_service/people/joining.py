"""From stranger to signed in: joining, and taking over a registration kept on paper."""

import secrets
from datetime import datetime

from sqlalchemy import select

from volunteer_service import db as database
from volunteer_service import journal, settings
from volunteer_service.db import db
from volunteer_service.errors import Checks, NotAllowed, Refused
from volunteer_service.people import accounts, passwords, scope, sessions, tries
from volunteer_service.people.access import need_on_person
from volunteer_service.people.actor import Actor
from volunteer_service.people.contacts import identity_key, maybe_phone, phone_key
from volunteer_service.people.entered import RegisterIn, entered
from volunteer_service.people.models import Account, Grant, Volunteer
from volunteer_service.people.names import spelled
from volunteer_service.people.rights import Right
from volunteer_service.people.volunteers import register
from volunteer_service.scoring.rules import crockford, numbers


class ClaimRefused(Refused):
    """Name, phone and identity number do not meet in one registration without an account."""

    message = "没有找到相符的登记，或已开通过登录。请核对姓名、手机号和身份证号，或联系社区管理员。"


class HasRoles(NotAllowed):
    """Only an admin resets the password of somebody who holds roles."""

    message = "此人有管理角色，只能由系统管理员重设密码。"


def join(asked: RegisterIn, password: str, *, by: Actor, at: datetime) -> Account:
    """Register oneself and open the account; the login is the volunteer number.

    The password is judged together with the fields of the registration.
    """
    checks = Checks()
    with checks.of_a_field():
        entered(asked, at.astimezone(settings.current().zone).date())
    with checks.of_a_field():
        passwords.need_strong(password, asked.name, asked.phone)
    checks.settle()
    volunteer = register(asked, by=by, at=at)
    return _open(volunteer, password, by=by, at=at)


def claim(
    name: str, phone: str, identity: str, password: str, *, by: Actor, at: datetime
) -> Account:
    """Open the account of somebody registered on paper: name, phone and identity must all meet."""
    digits = maybe_phone(phone)
    found = db.session.scalars(
        select(Volunteer).where(
            Volunteer.identity_key == identity_key(numbers.normalise(identity)),
            Volunteer.phone_key == phone_key(digits or phone),
            Volunteer.name.in_({" ".join(name.split()), spelled(name)}),
            Volunteer.state == "active",
            Volunteer.id.not_in(select(Account.volunteer_id).where(Account.volunteer_id > 0)),
        )
    ).one_or_none()
    if found is None:
        raise ClaimRefused()
    return _open(found, password, by=by, at=at)


def hand_out_password(volunteer_id: int, *, by: Actor, at: datetime) -> tuple[Account, str]:
    """Open or reset a volunteer's account with a password of 8 characters, told once to staff.

    For those who cannot do it themselves; every open session of the account ends.
    """
    volunteer = database.fetch(Volunteer, volunteer_id)
    need_on_person(by, Right.VOLUNTEER_EDIT, volunteer)
    plain = crockford.encode(secrets.randbits(crockford.BITS))[: crockford.CHARACTERS].lower()
    account = db.session.scalars(
        select(Account).where(Account.volunteer_id == volunteer_id)
    ).one_or_none()
    if account is None:
        return _open(volunteer, plain, by=by, at=at), plain
    _need_no_roles(account, by)
    account.password_hash = passwords.hashed(plain, *passwords.known_of_account(account))
    sessions.end_everything(account, at=at)
    tries.clear_account(account.id)
    journal.record("people.reset_password", account, account_id=by.account_id, door=by.door, at=at)
    return account, plain


def _need_no_roles(account: Account, by: Actor) -> None:
    roles = db.session.scalar(select(Grant.id).where(Grant.account_id == account.id).limit(1))
    if roles is not None and not scope.is_over(account, by=by):
        raise HasRoles()
    if account.disabled_at is not None:
        raise NotAllowed()


def _open(volunteer: Volunteer, password: str, *, by: Actor, at: datetime) -> Account:
    return accounts.open_account(volunteer.number, password, volunteer=volunteer, by=by, at=at)
