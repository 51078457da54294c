"""A one-time code: staff hand it out face to face, and with it the person sets a password.

Issuing a code changes nothing yet: the old password stays valid, so that nobody is locked out by
it. Using it sets the new password, ends every session and token, and sends the person a message.
The issuer cannot use it.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select

from volunteer_service import crypto, journal
from volunteer_service import db as database
from volunteer_service.db import db
from volunteer_service.errors import NotAllowed, NotFound, Refused
from volunteer_service.identifiers import base32
from volunteer_service.people.authentication import (
    account_people,
    accounts,
    known_devices,
    passwords,
    sessions,
    sign_in,
    sign_in_codes,
    sign_in_tries,
    watchers,
)
from volunteer_service.people.authentication.sign_in_tries import Whence
from volunteer_service.people.authorization import account_scope, conflicts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import need_to_act_on, others_at_home
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Account, SignInCode, Volunteer
from volunteer_service.people.registrations.registration_state import need_registered
from volunteer_service.people.search import people_lists

LIFE = timedelta(hours=24)


class HasRoles(NotAllowed):
    """Only an admin hands out a code for somebody who holds roles."""

    message = "此人有管理角色，只能由系统管理员开一次性代码。"


class CodeRefused(Refused):
    """Unknown, wrong, used and expired look the same from outside."""

    message = (
        "编号或代码不对，或代码已用过、已过期。代码 24 小时内有效，只能用一次。请到社区重新领。"
    )


class CodeOfYours(Refused):
    """The person who handed a code out cannot use it, nor can anybody in the same browser."""

    message = "发代码的人不能替别人设密码。请本人在自己的手机或另一台设备上使用这个代码。"


def issue_code_to(volunteer_id: int, *, by: Actor, at: datetime) -> tuple[Account, str]:
    """Issue a code for a volunteer, opening an account if there is none; staff see it once."""
    volunteer = database.fetch(Volunteer, volunteer_id, lock=True)
    need_to_act_on(by, Right.VOLUNTEER_EDIT, volunteer)
    need_registered(volunteer.id, volunteer.state)
    account = people_lists.account_of(volunteer_id)
    if account is None:
        who = others_at_home(Right.VOLUNTEER_EDIT, [volunteer_id], at=at)
        conflicts.need_other(by, [volunteer_id], at=at, who=who)
        # Nobody knows this password; the person sets one with the code.
        account = accounts.open_account(
            volunteer.number, secrets.token_urlsafe(), volunteer=volunteer, by=by, at=at
        )
    return account, issue_code(account.id, by=by, at=at)


def open_staff(
    login: str, name: str, *, number: str | None, is_nobody: bool, by: Actor, at: datetime
) -> tuple[Account, str]:
    """Open an account for a member of staff, who sets the password with the code; admins only.

    The admin states which volunteer (``number``) the person is, or that it is none (``is_nobody``):
    :class:`SayWhose`.
    """
    if not by.has_role("admin"):
        raise NotFound()
    volunteer = account_people.said_who(number, is_nobody, by=by)
    if volunteer is not None:
        conflicts.need_other(by, [volunteer.id], at=at)
    account = accounts.open_account(
        login, secrets.token_urlsafe(), name=name, volunteer=volunteer, by=by, at=at
    )
    return account, issue_code(account.id, by=by, at=at)


def issue_code(account_id: int, *, by: Actor, at: datetime) -> str:
    """Issue a code for one use within 24 hours; an earlier one ends. Only a hash is kept.

    For another admin or an auditor it takes two admins (:class:`watchers.TwoAdminsNeeded`).
    """
    account = database.fetch(Account, account_id, lock=True)
    _need_to_issue(account, by, at)
    sign_in_codes.end_codes(account_id, at=at)
    code = base32.encode(secrets.randbits(base32.BITS))
    row = SignInCode(
        account_id=account_id,
        code_hash=_hash(account_id, code),
        issued_by=by.account_id,
        issued_at=at,
        expires_at=at + LIFE,
    )
    db.session.add(row)
    messages.tell_account(account.id, "sign_in_code_issued", at=at)
    journal.record("people.reset_password", account, account_id=by.account_id, door=by.door, at=at)
    db.session.flush()
    return code


def use_code(
    login: str, code: str, new: str, *, whence: Whence, by: Actor | None, at: datetime
) -> Account:
    """Set a password with a code, and end every session and token of the account.

    ``by`` is the account signed in on this browser, if any. Wrong codes cause delays by the place
    they come from, so a stranger elsewhere cannot block the right one
    (:func:`sign_in_tries.of_code` says why that is enough).
    """
    passwords.need_strong(new, login)
    account = sign_in.meant(login, "", whence.browser)
    counters = _counters(login, account, whence)
    standing = sign_in_tries.delays(counters, at=at)
    if standing.told is not None:
        raise sign_in.SignInDelayed(standing.told)
    row = None if standing.real or account is None else _standing(account, code, at)
    if account is None or row is None:
        passwords.waste_a_try(new)
        sign_in_tries.count(counters, at=at)
        raise CodeRefused()
    _need_another(row, whence, by)
    account.password_hash = passwords.hashed(new, *passwords.known_of_account(account))
    row.used_at = row.ended_at = at
    sessions.end_everything(account, at=at)
    sign_in_tries.clear(counters)
    sign_in_tries.clear_account(account.id)
    messages.tell_account(account.id, "sign_in_code_used", at=at)
    journal.record("people.use_code", account, account_id=account.id, door="page", at=at)
    return account


def _counters(
    login: str, account: Account | None, whence: Whence
) -> tuple[sign_in_tries.Counter, ...]:
    id_ = account.id if account else 0
    if whence.browser is not None and known_devices.knows(id_, whence.browser):
        return sign_in_tries.of_device("code", id_, whence.browser)
    return sign_in_tries.of_code(sign_in.typed(login, ""), whence.origin, id_)


def _need_to_issue(account: Account, by: Actor, at: datetime) -> None:
    if account.volunteer is None:
        account_scope.need_over(account, by=by)
    else:
        need_to_act_on(by, Right.VOLUNTEER_EDIT, account.volunteer)
    theirs = [] if account.volunteer_id is None else [account.volunteer_id]
    right = Right.VOLUNTEER_EDIT if theirs else Right.ACCOUNT_EDIT
    who = others_at_home(right, theirs, at=at)
    conflicts.need_other_account(by, account, at=at, who=who)
    if account.grants and not account_scope.is_over(account, by=by):
        raise HasRoles()
    if account.disabled_at is not None:
        raise NotAllowed()
    watchers.need_asked(account, "code", by=by, at=at)


def _standing(account: Account, code: str, at: datetime) -> SignInCode | None:
    """Return the typed code, locked, if it is the account's and valid."""
    plain = base32.read(code)
    if plain is None or account.disabled_at is not None:
        return None
    query = select(SignInCode).where(
        SignInCode.code_hash == _hash(account.id, plain),
        SignInCode.account_id == account.id,
        SignInCode.is_by_message.is_(False),
        SignInCode.ended_at.is_(None),
        SignInCode.expires_at > at,
    )
    return db.session.scalars(query.with_for_update()).one_or_none()


def _need_another(row: SignInCode, whence: Whence, by: Actor | None) -> None:
    if row.issued_by is None:
        return
    is_issuer = by is not None and by.account_id == row.issued_by
    if is_issuer or known_devices.was_used_by(row.issued_by, whence.browser):
        raise CodeOfYours()


def _hash(account_id: int, code: str) -> str:
    return crypto.vault().key_of(f"{account_id}\0{code}", "sign_in.code")
