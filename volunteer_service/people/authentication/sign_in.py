"""Signing in: one password is compared with one account, whatever was typed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select

from volunteer_service import settings
from volunteer_service.db import db
from volunteer_service.errors import Refused
from volunteer_service.identifiers import check_characters
from volunteer_service.people.authentication import known_devices, passwords, sign_in_tries
from volunteer_service.people.authentication.sign_in_tries import Counter, Whence
from volunteer_service.people.contact_numbers import maybe_phone, phone_key
from volunteer_service.people.merged_entries import need_going_on
from volunteer_service.people.models import Account, Grant, Volunteer
from volunteer_service.people.person_names import spelled
from volunteer_service.people.registration_state import need_registered

_PURPOSE = "sign-in"
_NOBODY = 0
#: Nothing is known of where the try comes from.
UNKNOWN = Whence()


class SignInRefused(Refused):
    """Unknown, wrong, disabled, and a phone that does not say who: all look the same."""

    message = (
        "账号或密码不对。用手机号登录的，请把姓名也填上，或改用志愿者编号。"
        "忘记密码，请带证件到社区，当面领一次性代码。"
    )


class SignInDelayed(SignInRefused):
    """After five wrong tries each further one waits longer, whether anybody is meant or not."""

    message = (
        "输错次数太多，请等到 %(time)s 再试。"
        "以前登录过的设备不受别人输错的影响；急用请带证件到社区，当面领一次性代码。"
    )

    def __init__(self, until: datetime) -> None:
        local = until.astimezone(settings.current().zone)
        super().__init__(time=f"{local:%H:%M}")
        self.until = until


def sign_in(
    login: str, password: str, *, name: str = "", whence: Whence = UNKNOWN, at: datetime
) -> Account:
    """The account of this user name, volunteer number or phone, if the password is right.

    A phone alone says who it is where exactly one account has it confirmed, or on a device that
    exactly one account of that phone knows; else the name beside it does. Wrong tries wait longer
    and longer (:mod:`sign_in_tries`). Who has left signs in no more, unless the account holds a
    role.
    """
    account = meant(login, name, whence.browser)
    counters = _counters(login, name, account, whence)
    standing = sign_in_tries.delays(counters, at=at)
    # Always compared, once: the clock must not tell who has an account, or who waits.
    is_right = _compare(account, password)
    if standing.told is not None:
        raise SignInDelayed(standing.told)
    if standing.real is not None:
        raise SignInRefused()
    if account is not None and is_right and account.volunteer is not None:
        # Who knows the password of a merged entry learns under which number it goes on.
        need_going_on(account.volunteer)
    if account is None or not is_right or account.disabled_at is not None:
        raise refused(counters, at=at)
    _need_purpose(account)
    sign_in_tries.clear(counters)
    if passwords.is_old(account.password_hash):
        account.password_hash = passwords.hashed_again(password)
    return account


def refused(counters: Sequence[Counter], *, at: datetime) -> SignInRefused:
    """Count the failure; the refusal that says what is so from now on."""
    until = sign_in_tries.delays(counters, at=at, more=1).told
    sign_in_tries.count(counters, at=at)
    return SignInRefused() if until is None else SignInDelayed(until)


def meant(login: str, name: str, browser: str | None) -> Account | None:
    """The one account that was meant; None for nobody, and for more than one."""
    by_name = _named(login)
    phone = maybe_phone(login)
    if by_name is not None or phone is None:
        return by_name
    mine = Volunteer.phone_key == phone_key(phone)
    if name.strip():
        mine = mine & Volunteer.name.in_({" ".join(name.split()), spelled(name)})
        if found := _only(mine):
            return found
    # Also of one name: who takes another's phone for their own locks nobody out.
    here = known_devices.known_on(browser)
    return _only(mine, Account.id.in_(here)) or _only(
        mine, Volunteer.phone_confirmed_at.is_not(None)
    )


def typed(login: str, name: str) -> str:
    """What was typed, however it was written; a name counts beside a phone only."""
    phone = maybe_phone(login)
    if phone is not None:
        return f"{phone}\0{spelled(name)}"
    return (check_characters.read_volunteer_number(login) or login.strip()).lower()


def _named(login: str) -> Account | None:
    plain, number = login.strip().lower(), check_characters.read_volunteer_number(login)
    query = select(Account).outerjoin(Volunteer, Volunteer.id == Account.volunteer_id)
    is_it = Account.login == plain
    if number is not None:
        is_it |= Volunteer.number == number
    found = list(db.session.scalars(query.where(is_it).limit(2)))
    # A user name that looks like somebody's number: the user name is meant.
    return next((each for each in found if each.login == plain), found[0] if found else None)


def _only(*conditions: ColumnElement[bool]) -> Account | None:
    """The account that fits, if it is exactly one of those that can sign in at all."""
    query = (
        select(Account)
        .join(Volunteer, Volunteer.id == Account.volunteer_id)
        .where(
            *conditions,
            Account.disabled_at.is_(None),
            or_(Volunteer.state == "active", Account.id.in_(select(Grant.account_id))),
        )
    )
    found = list(db.session.scalars(query.limit(2)))
    return found[0] if len(found) == 1 else None


def _counters(
    login: str, name: str, account: Account | None, whence: Whence
) -> tuple[Counter, ...]:
    id_ = account.id if account else _NOBODY
    if known_devices.knows(id_, whence.browser) and whence.browser is not None:
        return sign_in_tries.of_device(_PURPOSE, id_, whence.browser)
    return sign_in_tries.of_stranger(_PURPOSE, typed(login, name), whence.origin, id_)


def _compare(account: Account | None, password: str) -> bool:
    if account is None:
        passwords.waste_a_try(password)
        return False
    return passwords.fits(account.password_hash, password)


def _need_purpose(account: Account) -> None:
    if account.volunteer is not None and not account.grants:
        need_registered(account.volunteer.id, account.volunteer.state)
