"""A link by e-mail with which a person sets a new password: for 30 minutes, once.

It is sent only to the address that the account's reader confirmed. No answer reveals whether an
account matches. An account with roles needs a second factor, so that the mailbox alone does not
open the roles; without one, its password is set face to face (:mod:`one_time_codes`). The stored
value alone opens nothing: the link's key is derived from it with the key of personal data when the
letter is written.
"""

import secrets
from datetime import datetime, timedelta
from hmac import compare_digest

from sqlalchemy import func, select

from volunteer_service import crypto, journal, settings
from volunteer_service.db import db
from volunteer_service.errors import NotFound
from volunteer_service.people.authentication import (
    passwords,
    second_factors,
    sessions,
    sign_in,
    sign_in_tries,
)
from volunteer_service.people.authentication.sign_in_tries import Whence
from volunteer_service.people.messages import delivery_addresses, messages
from volunteer_service.people.models import Account, SignInCode

LIFE = timedelta(minutes=30)
#: The most links of one account within an hour.
LINKS_AN_HOUR = 3


class ResetLinkRefused(NotFound):
    """Unknown, used and expired look the same from outside."""

    message = "这个链接不对、用过了，或已过期：30 分钟内有效，只能用一次。请重新要一个。"


def is_offered() -> bool:
    """Tell whether e-mail is set up, so that a link can be sent."""
    return settings.current().doors.mail is not None


def ask_reset(login: str, *, whence: Whence, at: datetime) -> None:
    """Send a link to the confirmed address of the account that was meant, if there is one.

    It takes as long, and answers the same, whether an account matches or not.
    """
    if not is_offered():
        raise NotFound()
    passwords.waste_a_try(login)
    account = sign_in.meant(login, "", whence.browser)
    if account is None or not _may_get(account, at):
        return
    row = SignInCode(
        account_id=account.id,
        code_hash=secrets.token_urlsafe(24),
        issued_by=None,
        issued_at=at,
        expires_at=at + LIFE,
        is_by_message=True,
    )
    db.session.add(row)
    db.session.flush()
    messages.tell_account(account.id, "password_reset_asked", at=at, reset=row.id)
    journal.record("people.ask_reset", account, account_id=None, door="page", at=at)


def link_key(reset_id: int, *, at: datetime) -> str | None:
    """Return the key of a valid link, for the letter only."""
    row = db.session.get(SignInCode, reset_id)
    return f"{row.id}.{_key(row)}" if row is not None and _is_good(row, at) else None


def need_good(key: str, *, at: datetime) -> None:
    """Pass for a valid link, before its form is shown."""
    _standing(key, at)


def use_reset(key: str, new: str, *, at: datetime) -> Account:
    """Set a password with a link; every session, token, code and other link of the account ends."""
    row = _standing(key, at)
    account = db.session.get_one(Account, row.account_id)
    account.password_hash = passwords.hashed(new, *passwords.known_of_account(account))
    row.used_at = at
    sessions.end_everything(account, at=at)
    sign_in_tries.clear_account(account.id)
    messages.tell_account(account.id, "password_reset_done", at=at)
    journal.record("people.use_reset", account, account_id=account.id, door="page", at=at)
    return account


def _may_get(account: Account, at: datetime) -> bool:
    if account.disabled_at is not None:
        return False
    if account.grants and not second_factors.has_factor(account.id):
        return False
    chosen = delivery_addresses.settings_of(account.volunteer_id, account.id)
    if chosen is None or chosen.email_confirmed_at is None:
        return False
    asked = select(func.count()).where(
        SignInCode.account_id == account.id,
        SignInCode.is_by_message,
        SignInCode.issued_at > at - timedelta(hours=1),
    )
    return (db.session.scalar(asked) or 0) < LINKS_AN_HOUR


def _standing(key: str, at: datetime) -> SignInCode:
    """Return the row of a valid link, locked until the commit."""
    id_, _, typed = key.partition(".")
    row = None
    if id_.isascii() and id_.isdigit() and len(id_) < 19:
        query = select(SignInCode).where(SignInCode.id == int(id_))
        row = db.session.scalars(query.with_for_update()).one_or_none()
    if row is None or not _is_good(row, at):
        raise ResetLinkRefused()
    if not compare_digest(_key(row).encode(), typed.encode(errors="surrogatepass")):
        raise ResetLinkRefused()
    return row


def _is_good(row: SignInCode, at: datetime) -> bool:
    if not row.is_by_message or row.ended_at is not None or row.expires_at <= at:
        return False
    return db.session.get_one(Account, row.account_id).disabled_at is None


def _key(row: SignInCode) -> str:
    return crypto.vault().key_of(f"{row.id}\0{row.account_id}\0{row.code_hash}", "sign_in.reset")
