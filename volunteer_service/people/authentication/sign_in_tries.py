"""Counters of wrong tries: guessing becomes slow, and nobody can lock others out.

A device that the account knows has a counter of its own. Tries from other devices count by the
typed text and its origin, by the typed text from anywhere, and by the account that was meant. The
last counter delays without a message: the answer depends only on what was typed, so that nobody
learns whether it is somebody's, or whose. Typed text is kept only as a keyed hash.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from sqlalchemy import case, delete, func, select

from volunteer_service import crypto
from volunteer_service import db as database
from volunteer_service.db import db, insert_new
from volunteer_service.people.models import SignInTry

#: Wrong tries without a delay: from one device or place, and from anywhere together.
FREE_HERE, FREE_ANYWHERE = 5, 20
#: Then each further one waits 1, 2, 4, 8, 15, 15 ... minutes.
LONGEST_MINUTES = 15
#: Failures are deleted when none came for this long.
FORGOTTEN_AFTER = timedelta(days=1)

_OF_ACCOUNT = "account:"


@dataclass(frozen=True)
class Counter:
    """One counter: its subject, how many tries are free, and whether its delay is told."""

    key: str
    free: int
    is_told: bool = True


@dataclass(frozen=True)
class Whence:
    """The origin of a try: the address, and the hash of the browser's device cookie."""

    origin: str = ""
    browser: str | None = None


@dataclass(frozen=True)
class Delays:
    """The end of the delay: of the counters that may be told, and of all."""

    told: datetime | None
    real: datetime | None


def of_device(purpose: str, account_id: int, browser: str) -> tuple[Counter, ...]:
    """Return the counter of a device that this account knows."""
    return (Counter(_key(purpose, "device", str(account_id), browser), FREE_HERE),)


def of_stranger(
    purpose: str, typed: str, origin: str, account_id: int | None
) -> tuple[Counter, ...]:
    """Return the counters of an unknown device; as many whether an account is meant or not."""
    meant = f"{_OF_ACCOUNT}{account_id}" if account_id else _key(purpose, "nobody", typed)
    return (
        Counter(_key(purpose, "here", typed, _network(origin)), FREE_HERE),
        Counter(_key(purpose, "anywhere", typed), FREE_ANYWHERE),
        Counter(meant, FREE_ANYWHERE, is_told=False),
    )


def of_present_password(account_id: int) -> tuple[Counter, ...]:
    """Return the counter for the present password typed while signed in, from anywhere."""
    return (Counter(_key("present", str(account_id)), FREE_HERE),)


def of_code(typed: str, origin: str, account_id: int | None) -> tuple[Counter, ...]:
    """Return the counters of one-time codes: for one place, and none that others elsewhere could
    raise.

    A count over all places would keep out the owner with the right code for as long as a stranger
    goes on guessing. It is not needed. A code has 40 random bits; one place (an IPv4 address, or
    the /64 of one line) has five tries free, then one after 1, 2, 4, 8 and each 15 minutes: at most
    105 within the code's 24 hours, however the account is typed. A million places make 1.05e8 tries
    against 2**40 = 1.1e12 codes: a chance of 1 in 10,000 for one code.
    """
    place, meant = _network(origin), str(account_id) if account_id else f"nobody\0{typed}"
    return (
        Counter(_key("code", "here", typed, place), FREE_HERE),
        Counter(_key("code", "account here", meant, place), FREE_HERE, is_told=False),
    )


def of_second_factor(
    account_id: int, origin: str, browser: str | None, *, is_known: bool
) -> tuple[Counter, ...]:
    """Return the counters of codes of the second factor, counted as passwords are.

    Somebody who tries them knows the password already, so all of them say until when to wait.
    """
    if is_known and browser is not None:
        return of_device("second", account_id, browser)
    here = Counter(_key("second", "here", str(account_id), _network(origin)), FREE_HERE)
    return here, Counter(_key("second", "anywhere", str(account_id)), FREE_ANYWHERE)


def delays(counters: Iterable[Counter], *, at: datetime, more: int = 0) -> Delays:
    """Return the delay now, or as it would be after ``more`` failures at this moment."""
    known = {each.key: each for each in counters}
    rows = db.session.scalars(select(SignInTry).where(SignInTry.key.in_(list(known))))
    found = {row.key: row for row in rows}
    ends = [
        (each, _until(_failures(found.get(key), at) + more, each.free, found.get(key), at, more))
        for key, each in known.items()
    ]
    standing = [(each, until) for each, until in ends if until is not None and until > at]
    return Delays(
        max((until for each, until in standing if each.is_told), default=None),
        max((until for _each, until in standing), default=None),
    )


def count(counters: Iterable[Counter], *, at: datetime) -> None:
    """Add a failure to each; this stays although the refusal rolls the request back."""
    # The fixed order keeps two concurrent requests from a deadlock.
    rows = [
        {"key": key, "failures": 1, "failed_at": at}
        for key in sorted(each.key for each in counters)
    ]
    is_old = SignInTry.failed_at < at - FORGOTTEN_AFTER

    def write() -> None:
        statement = insert_new(SignInTry).values(rows)
        again = {"failures": case((is_old, 1), else_=SignInTry.failures + 1), "failed_at": at}
        db.session.execute(
            statement.on_conflict_do_update(index_elements=["key"], set_=again),
            execution_options={"synchronize_session": False},
        )
        db.session.expire_all()

    database.after_rollback(write)


def clear(counters: Iterable[Counter]) -> None:
    """Reset the counters of this device or place after a successful sign-in.

    Failures from elsewhere stay counted.
    """
    keys = [each.key for each in counters if each.free == FREE_HERE]
    db.session.execute(delete(SignInTry).where(SignInTry.key.in_(keys)))


def clear_account(account_id: int) -> None:
    """Reset the account's own counter after the operator set a new password."""
    forget_counters([Counter(f"{_OF_ACCOUNT}{account_id}", FREE_ANYWHERE)])


def forget_counters(counters: Iterable[Counter]) -> None:
    """Forget every failure of these counters, also from elsewhere."""
    keys = [each.key for each in counters]
    db.session.execute(delete(SignInTry).where(SignInTry.key.in_(keys)))


def slow_until(account_id: int, *, at: datetime) -> datetime | None:
    """Return until when unknown devices must wait, for the account's page; or None."""
    counter = Counter(f"{_OF_ACCOUNT}{account_id}", FREE_ANYWHERE)
    return delays([counter], at=at).real


def slow_accounts(*, at: datetime) -> int:
    """Count the accounts with so many wrong tries that unknown devices wait."""
    query = select(func.count(SignInTry.key)).where(
        SignInTry.key.startswith(_OF_ACCOUNT),
        SignInTry.failures >= FREE_ANYWHERE,
        SignInTry.failed_at > at - timedelta(minutes=LONGEST_MINUTES),
    )
    return db.session.scalar(query) or 0


def forget_tries(before: datetime) -> int:
    """Delete the counters without a failure since then; return how many."""
    old = delete(SignInTry).where(SignInTry.failed_at < before).returning(SignInTry.key)
    return len(db.session.execute(old).all())


def _failures(row: SignInTry | None, at: datetime) -> int:
    return row.failures if row and row.failed_at >= at - FORGOTTEN_AFTER else 0


def _until(
    failures: int, free: int, row: SignInTry | None, at: datetime, more: int
) -> datetime | None:
    if failures < free:
        return None
    since = at if more or row is None else row.failed_at
    return since + timedelta(minutes=min(2 ** min(failures - free, 4), LONGEST_MINUTES))


def _network(origin: str) -> str:
    """Return the address; for IPv6 the /64 network, because one line gets a whole one."""
    try:
        address = ip_address(origin)
    except ValueError:
        return origin
    return origin if address.version == 4 else str(ip_network((address, 64), strict=False))


def _key(*parts: str) -> str:
    return crypto.vault().key_of("\0".join(parts), "sign_in.try")
