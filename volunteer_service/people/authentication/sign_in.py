"""Sign-in: one password is compared with exactly one account, whatever was typed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select

from volunteer_service import settings
from volunteer_service.db import db
from volunteer_service.errors import Refused
from volunteer_service.identifiers import check_characters
from volunteer_service.people.authentication import known_devices, passwords, sign_in_tries
from volunteer_service.people.authentication.sign_in_tries import Counter, Whence
from volunteer_service.people.changes.contact_numbers import maybe_phone, phone_key
from volunteer_service.people.merged_entries import need_going_on
from volunteer_service.people.models import Account, Grant, Volunteer
from volunteer_service.people.registrations.registration_state import need_registered
from volunteer_service.people.search.person_names import spelled

#: The name under which its tries are counted.
PURPOSE = "sign-in"
_NOBODY = 0
#: The origin of the try is unknown.
UNKNOWN = Whence()


class SignInRefused(Refused):
    """The sign-in failed; unknown, wrong, disabled and an ambiguous phone all look the same."""

    message = (
        "账号或密码不对。用手机号登录的，请把姓名也填上，或改用志愿者编号。"
        "忘记密码，请带证件到社区，当面领一次性代码。"
    )


class SignInDelayed(SignInRefused):
    """After five wrong tries each further one waits longer, whether an account matches or not."""

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
    """Return the account of this user name, volunteer number or phone if the password is right.

    A phone alone is enough if exactly one account has it confirmed, or on a device known to exactly
    one account of that phone; otherwise the name beside it decides. Wrong tries cause longer and
    longer delays (:mod:`sign_in_tries`). A person who has left cannot sign in unless the account
    holds a role.
    """
    account = meant(login, name, whence.browser)
    counters = _counters(login, name, account, whence)
    standing = sign_in_tries.delays(counters, at=at)
    # The comparison always runs once, because its time must not reveal who has an account or must
    # wait.
    is_right = _compare(account, password)
    if standing.told is not None:
        raise SignInDelayed(standing.told)
    if standing.real is not None:
        raise SignInRefused()
    if account is not None and is_right and account.volunteer is not None:
        # A person who knows the password of a merged entry is told the number of the kept one.
        need_going_on(account.volunteer)
    if account is None or not is_right or account.disabled_at is not None:
        raise refused(counters, at=at)
    _need_purpose(account)
    sign_in_tries.clear(counters)
    if passwords.is_old(account.password_hash):
        account.password_hash = passwords.hashed_again(password)
    return account


def refused(counters: Sequence[Counter], *, at: datetime) -> SignInRefused:
    """Count the failure; return the refusal that describes the new state."""
    until = sign_in_tries.delays(counters, at=at, more=1).told
    sign_in_tries.count(counters, at=at)
    return SignInRefused() if until is None else SignInDelayed(until)


def meant(login: str, name: str, browser: str | None) -> Account | None:
    """Return the one account that was meant; None for no account or several."""
    by_name = _named(login)
    phone = maybe_phone(login)
    if by_name is not None or phone is None:
        return by_name
    mine = Volunteer.phone_key == phone_key(phone)
    if name.strip():
        mine = mine & Volunteer.name.in_({" ".join(name.split()), spelled(name)})
        if found := _only(mine):
            return found
    # This holds for one name too: a person who registers another's phone locks nobody out.
    here = known_devices.known_on(browser)
    return _only(mine, Account.id.in_(here)) or _only(
        mine, Volunteer.phone_confirmed_at.is_not(None)
    )


def typed(login: str, name: str) -> str:
    """Return the typed login in normal form; the name counts only beside a phone."""
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
    # A user name may look like somebody's number; the user name takes precedence.
    return next((each for each in found if each.login == plain), found[0] if found else None)


def _only(*conditions: ColumnElement[bool]) -> Account | None:
    """Return the matching account, if it is the only one that can sign in at all."""
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
        return sign_in_tries.of_device(PURPOSE, id_, whence.browser)
    return sign_in_tries.of_stranger(PURPOSE, typed(login, name), whence.origin, id_)


def _compare(account: Account | None, password: str) -> bool:
    if account is None:
        passwords.waste_a_try(password)
        return False
    return passwords.fits(account.password_hash, password)


def _need_purpose(account: Account) -> None:
    if account.volunteer is not None and not account.grants:
        need_registered(account.volunteer.id, account.volunteer.state)
