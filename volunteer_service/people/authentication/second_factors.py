"""The second factor: codes of an authenticator (RFC 6238), and recovery codes for somebody who
loses it.

The secret is sealed as personal data is. A code is accepted once; wrong codes cause delays as wrong
passwords do. Setting it up ends every session and token, so that nobody stays signed in by the
password alone.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
from sqlalchemy import delete, func, select, update

from volunteer_service import db as database
from volunteer_service import journal, settings
from volunteer_service.db import db
from volunteer_service.errors import NotAllowed, NotFound, Refused
from volunteer_service.identifiers import base32
from volunteer_service.people.authentication import (
    accounts,
    known_devices,
    passwords,
    required_factors,
    sessions,
    sign_in_tries,
    watchers,
)
from volunteer_service.people.authentication.second_factor_models import RecoveryCode, SecondFactor
from volunteer_service.people.authentication.sign_in_tries import Whence
from volunteer_service.people.authorization import account_scope, conflicts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Account

#: A counter's PC is not asked again for this long.
TRUST = timedelta(days=30)
RECOVERY_CODES = 10
_STEP_SECONDS = 30
#: The number of steps by which a phone's clock may be wrong.
_DRIFT = 1


class FactorCodeRefused(Refused):
    """The code is wrong, too old, or was used before."""

    message = (
        "验证码不对、已过期或已用过。请输入验证器上现在显示的 6 位数字；"
        "手机时间不准的，请打开自动设置时间。验证器丢了，用一个恢复代码。"
    )


class FactorCodeDelayed(FactorCodeRefused):
    """After five wrong codes each further one waits longer."""

    message = "验证码输错次数太多，请等到 %(time)s 再试。"

    def __init__(self, until: datetime) -> None:
        local = until.astimezone(settings.current().zone)
        super().__init__(time=f"{local:%H:%M}", field="code")


class NoFactor(Refused):
    """The account has no second factor, or none is being set up."""

    status = 409
    message = "还没有设登录验证器，或设置没有完成。请从头设置。"


class FactorRequired(Refused):
    """The account's roles need the factor, so it is replaced, not removed."""

    status = 409
    message = "您的角色必须用登录验证器，不能取下。换手机的，请选“换一个验证器”。"


@dataclass(frozen=True)
class State:
    """One's own second factor, for a page."""

    since: datetime | None
    is_required: bool
    codes_left: int
    trusted: int


def state_of(by: Actor, *, at: datetime) -> State:
    """Return the state of one's own second factor."""
    account_id = _own(by)
    row = db.session.get(SecondFactor, account_id)
    return State(
        since=row.confirmed_at if row else None,
        is_required=bool(by.waiting_roles) or required_factors.is_required_of(by),
        codes_left=_codes_left(account_id),
        trusted=known_devices.trusted(account_id, at=at),
    )


def has_factor(account_id: int) -> bool:
    """Tell whether the account has a second factor in force."""
    query = select(SecondFactor.confirmed_at).where(SecondFactor.account_id == account_id)
    return db.session.scalar(query) is not None


def begin_factor(
    present: str, code: str = "", *, whence: Whence, by: Actor, at: datetime
) -> SecondFactor:
    """Make the secret of a new authenticator; :func:`confirm_factor` puts it in force.

    It takes the present password and, if there is a factor, one of its codes or a recovery code.
    The authenticator before stays valid until then.
    """
    account = database.fetch(Account, _own(by))
    accounts.need_present(account, present, at=at)
    if has_factor(account.id):
        take_code(account, code, whence=whence, at=at)
    row = db.session.get(SecondFactor, account.id) or SecondFactor(account_id=account.id)
    row.pending = pyotp.random_base32()
    db.session.add(row)
    db.session.flush()
    _record("people.begin_factor", account, by, at)
    return row


def pending_uri(by: Actor) -> str:
    """Return the address that the QR code of the authenticator being set up holds.

    Raises :class:`NoFactor` if none is being set up.
    """
    account = database.fetch(Account, _own(by))
    return pyotp.TOTP(_pending(account)).provisioning_uri(
        name=account.login, issuer_name="volunteer_service"
    )


def pending_secret(by: Actor) -> str:
    """Return the secret being set up in groups of four, for people who cannot scan."""
    secret = _pending(database.fetch(Account, _own(by)))
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def confirm_factor(code: str, *, whence: Whence, by: Actor, at: datetime) -> list[str]:
    """Put the authenticator in force; return the recovery codes, which are shown only once.

    Every session and token of the account ends, and its devices are asked again.
    """
    account = database.fetch(Account, _own(by), lock=True)
    secret = _pending(account)
    step = _need_step(account, secret, code, after=0, whence=whence, at=at)
    row = database.fetch(SecondFactor, account.id)
    row.secret, row.pending, row.confirmed_at, row.last_step = secret, None, at, step
    made = _new_codes(account)
    sessions.end_everything(account, at=at)
    messages.tell_account(account.id, "second_factor_set", at=at)
    _record("people.confirm_factor", account, by, at)
    return made


def renew_recovery_codes(
    present: str, code: str, *, whence: Whence, by: Actor, at: datetime
) -> list[str]:
    """Make ten new recovery codes and end the old ones; this needs the password and a code."""
    account = _proven(present, code, whence, by, at)
    _record("people.renew_recovery_codes", account, by, at)
    return _new_codes(account)


def remove_factor(present: str, code: str, *, whence: Whence, by: Actor, at: datetime) -> None:
    """Remove one's own factor; refuse it if the roles need one (:class:`FactorRequired`)."""
    if required_factors.is_required_of(by):
        raise FactorRequired()
    account = _proven(present, code, whence, by, at)
    _take_off(account)
    messages.tell_account(account.id, "second_factor_removed", at=at)
    _record("people.remove_factor", account, by, at)


def take_off_factor(account_id: int, *, by: Actor, at: datetime) -> Account:
    """Remove a lost factor from somebody else's account, as the second of two admins; the person is
    told.

    Sessions and tokens end. The operator at the command line needs no second person.
    """
    account = database.fetch(Account, account_id, lock=True)
    account_scope.need_over(account, by=by)
    if by.account_id == account_id:
        raise NotAllowed()
    if not has_factor(account_id):
        raise NoFactor()
    conflicts.need_other_account(by, account, at=at)
    watchers.need_asked(account, "factor", by=by, at=at)
    _take_off(account)
    sessions.end_everything(account, at=at)
    messages.tell_account(account.id, "second_factor_taken_off", at=at)
    _record("people.take_off_factor", account, by, at)
    return account


def trust_no_device(*, by: Actor, at: datetime) -> None:
    """Ask for the second factor on every device again."""
    account = database.fetch(Account, _own(by))
    known_devices.distrust(account.id)
    _record("people.trust_no_device", account, by, at)


def is_asked(account: Account, browser: str | None, *, at: datetime) -> bool:
    """Tell whether signing in to this account in this browser needs a code."""
    return has_factor(account.id) and not known_devices.is_trusted(account.id, browser, at=at)


def take_code(account: Account, code: str, *, whence: Whence, at: datetime) -> None:
    """Use up a code of the authenticator or a recovery code, once; wrong ones cause longer
    delays.
    """
    row = database.fetch(SecondFactor, account.id)
    if (plain := base32.read(code)) is not None:
        found = _recovery_code(account.id, plain)
        _need(account, found, whence, at)
        if found is not None:
            _use_up(found, account, at)
        return
    step = _need_step(account, row.secret or "", code, after=row.last_step, whence=whence, at=at)
    # Of two requests with one code, the second one finds the step used.
    later = SecondFactor.account_id == account.id, SecondFactor.last_step < step
    taken = update(SecondFactor).where(*later).values(last_step=step)
    if not db.session.execute(taken.returning(SecondFactor.account_id)).all():
        raise FactorCodeRefused(field="code")


def _need_step(
    account: Account, secret: str, code: str, *, after: int, whence: Whence, at: datetime
) -> int:
    """Return the step of this code, if later than ``after``; refuse and count any other code."""
    typed, now = "".join(code.split()), int(at.timestamp()) // _STEP_SECONDS
    found = None
    for step in range(now - _DRIFT, now + _DRIFT + 1):
        made = pyotp.TOTP(secret).generate_otp(step)
        if pyotp.utils.strings_equal(made, typed) and step > after:
            found = step
    _need(account, found, whence, at)
    return found or 0


def _need(account: Account, found: object | None, whence: Whence, at: datetime) -> None:
    known = known_devices.knows(account.id, whence.browser)
    counters = sign_in_tries.of_second_factor(
        account.id, whence.origin, whence.browser, is_known=known
    )
    until = sign_in_tries.delays(counters, at=at).real
    if until is not None:
        raise FactorCodeDelayed(until)
    if found is not None:
        sign_in_tries.clear(counters)
        return
    until = sign_in_tries.delays(counters, at=at, more=1).real
    sign_in_tries.count(counters, at=at)
    raise FactorCodeRefused(field="code") if until is None else FactorCodeDelayed(until)


def _recovery_code(account_id: int, plain: str) -> RecoveryCode | None:
    query = select(RecoveryCode).where(
        RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None)
    )
    rows = db.session.scalars(query.with_for_update())
    return next((row for row in rows if passwords.fits(row.code_hash, plain)), None)


def _use_up(row: RecoveryCode, account: Account, at: datetime) -> None:
    row.used_at = at
    db.session.flush()
    messages.tell_account(account.id, "recovery_code_used", at=at, left=_codes_left(account.id))


def _codes_left(account_id: int) -> int:
    query = select(func.count()).where(
        RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None)
    )
    return db.session.scalar(query) or 0


def _new_codes(account: Account) -> list[str]:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    made = [base32.encode(secrets.randbits(base32.BITS)) for _each in range(RECOVERY_CODES)]
    for plain in made:
        row = RecoveryCode(account_id=account.id, code_hash=passwords.hashed_again(plain))
        db.session.add(row)
    return [base32.spaced(plain) for plain in made]


def _proven(present: str, code: str, whence: Whence, by: Actor, at: datetime) -> Account:
    account = database.fetch(Account, _own(by), lock=True)
    if not has_factor(account.id):
        raise NoFactor()
    accounts.need_present(account, present, at=at)
    take_code(account, code, whence=whence, at=at)
    return account


def _take_off(account: Account) -> None:
    for model in (RecoveryCode, SecondFactor):
        db.session.execute(delete(model).where(model.account_id == account.id))
    known_devices.distrust(account.id)


def _pending(account: Account) -> str:
    row = db.session.get(SecondFactor, account.id)
    if row is None or row.pending is None:
        raise NoFactor()
    return row.pending


def _own(by: Actor) -> int:
    if by.account_id is None:
        raise NotFound()
    return by.account_id


def _record(verb: str, account: Account, by: Actor, at: datetime) -> None:
    journal.record(verb, account, account_id=by.account_id, door=by.door, at=at)
