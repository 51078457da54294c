"""Lifts the waiting time of an account after wrong guesses; the owner is present in person."""

from datetime import datetime

from sqlalchemy import select

from volunteer_service import db as database
from volunteer_service import journal
from volunteer_service.db import db
from volunteer_service.errors import NotAllowed
from volunteer_service.people.authentication import sign_in, sign_in_tries
from volunteer_service.people.authorization import account_scope, conflicts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Account, Device


def unlock(account_id: int, *, by: Actor, at: datetime) -> Account:
    """Forget the wrong passwords and codes counted against this account; admins only; told.

    The counters of the account, of its devices, and of what its owner may type from anywhere end.
    Those of one address stay, for at most 15 minutes, because they count the guesses of anybody
    there.
    """
    account = database.fetch(Account, account_id, lock=True)
    account_scope.need_over(account, by=by)
    if by.account_id == account_id:
        raise NotAllowed()
    conflicts.need_other_account(by, account, at=at)
    sign_in_tries.clear_account(account_id)
    sign_in_tries.forget_counters(_counters(account))
    messages.tell_account(account_id, "account_unlocked", at=at)
    journal.record("people.unlock", account, account_id=by.account_id, door=by.door, at=at)
    return account


def _counters(account: Account) -> list[sign_in_tries.Counter]:
    browsers = db.session.scalars(
        select(Device.browser_hash).where(Device.account_id == account.id)
    )
    found = [
        *sign_in_tries.of_present_password(account.id),
        *sign_in_tries.of_second_factor(account.id, "", None, is_known=False),
    ]
    for browser in browsers:
        for purpose in (sign_in.PURPOSE, "second", "code"):
            found += sign_in_tries.of_device(purpose, account.id, browser)
    for text in _typed(account):
        found += sign_in_tries.of_stranger(sign_in.PURPOSE, text, "", account.id)
    return found


def _typed(account: Account) -> set[str]:
    """Return what the owner may type to sign in, in normal form."""
    person = account.volunteer
    found = {sign_in.typed(account.login, "")}
    if person is not None:
        found.add(sign_in.typed(person.number, ""))
        if person.phone is not None:
            found |= {sign_in.typed(person.phone, name) for name in ("", person.name)}
    return found
