"""The counter of tries for the limits of api and web; each process counts its own.

A hall, a campus and a mobile carrier each share one address. So requests count by the account if
somebody is signed in, else by the grant of a scanned code of a running event in that browser, else
by the address.
"""

import time
from collections.abc import Callable
from math import ceil
from threading import Lock
from typing import Any, NoReturn, ParamSpec, TypeVar

from flask import Response, request, session
from flask_limiter import Limiter, RequestLimit
from flask_limiter.util import get_remote_address
from limits import parse
from limits.storage import Storage

from volunteer_service.errors import TooMany

P = ParamSpec("P")
R = TypeVar("R")
#: Seconds between two sweeps of ended counts.
_SWEEP_SECONDS = 60
#: The keys in the signed cookie of the grant of a scanned code, and of its end in seconds.
VENUE = "venue"
#: The limit of an address with grants, as a multiple of one without: 1,500 people in a minute.
_CROWD = 30
View = Callable[P, R]


def caller() -> str:
    """Return what a request counts for: an account, a grant or an address.

    The cookie is signed, so nobody can count for somebody else.
    """
    if "account" in session:
        return f"account:{session['account']}"
    return _grant() or get_remote_address()


def _grant() -> str:
    key, until = session.get(VENUE, ("", 0))
    return f"venue:{key}" if until > time.time() else ""


def _refuse(spent: RequestLimit) -> NoReturn:
    raise TooMany(seconds=max(1, ceil(spent.window.reset_time - time.time())))


class Tally(Storage):
    """Counts of this process, each until its window ends.

    The library's own memory starts a thread every 10 ms that walks through all counts; without it
    check-ins with limits on rose from 0.585 to 0.665 of those of the bare app (bench, two quick
    runs). Here the first request a minute after the last sweep removes ended counts.
    """

    STORAGE_SCHEME = ["tally"]  # noqa: RUF012  the library says it so
    base_exceptions = ValueError

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **_: Any) -> None:
        super().__init__(uri, wrap_exceptions)
        self._windows: dict[str, tuple[int, float]] = {}
        self._swept_at = 0.0
        self._lock = Lock()

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count ``amount`` more; the first one opens a window of ``expiry`` seconds."""
        now = time.time()
        with self._lock:
            if now - self._swept_at > _SWEEP_SECONDS:
                self._windows = {k: held for k, held in self._windows.items() if held[1] > now}
                self._swept_at = now
            count, ends = self._windows.get(key, (0, 0.0))
            if ends <= now:
                count, ends = 0, now + expiry
            self._windows[key] = (count + amount, ends)
            return count + amount

    def get(self, key: str) -> int:
        """Return the count of the window that runs."""
        count, ends = self._windows.get(key, (0, 0.0))
        return count if ends > time.time() else 0

    def get_expiry(self, key: str) -> float:
        """Return when the window ends, in seconds since 1970."""
        return max(self._windows.get(key, (0, 0.0))[1], time.time())

    def check(self) -> bool:
        """Tell that the store is available, which it always is."""
        return True

    def reset(self) -> int:
        """Delete all counts; return how many there were."""
        with self._lock:
            forgotten, self._windows = len(self._windows), {}
        return forgotten

    def clear(self, key: str) -> None:
        """Delete one count."""
        with self._lock:
            self._windows.pop(key, None)


limiter = Limiter(
    caller,
    default_limits=["1200 per minute"],
    storage_uri="tally://",
    on_breach=_refuse,
)

#: Checks of a certificate from one address, whichever door.
verifications = limiter.shared_limit(
    "60 per minute", scope="verifications", key_func=get_remote_address
)

#: Requests with a signed code, most of which have neither session nor grant yet.
looks = limiter.limit("6000 per minute")


def entrances(tries: int) -> Callable[[View[P, R]], View[P, R]]:
    """Limit tries a minute by address; with a grant, to 10 each and 30 times as many by address.

    Accounts and phones count separately, because otherwise a grant would allow more guesses.
    """

    def wrap(view: View[P, R]) -> View[P, R]:
        for times, whose, exempt in (
            (tries, get_remote_address, lambda: bool(_grant())),
            (10, _grant, lambda: not _grant()),
            (tries * _CROWD, get_remote_address, lambda: not _grant()),
        ):
            view = limiter.limit(f"{times} per minute", key_func=whose, exempt_when=exempt)(view)
        return view

    return wrap


def pick_up_codes(account: Callable[[], str]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Limit an account to 20 misses a minute; a queue of 40 correct codes is no guessing."""
    return limiter.shared_limit(
        "20 per minute",
        scope="pick-up-codes",
        key_func=account,
        deduct_when=_is_miss,
    )


def spoken_codes(account: Callable[[], str]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Limit an account to 5 misses a minute and 10 an hour, because few of a million codes are
    right.
    """
    return limiter.shared_limit(
        "5 per minute;10 per hour",
        scope="spoken-codes",
        key_func=account,
        deduct_when=_is_miss,
    )


def finds(account: Callable[[], str]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Limit searches for people to 60 a minute and 600 an hour for an account and a place (a gate,
    a team), and to 2,000 a day for an account: a queue is slower, counting through card numbers is
    not.
    """

    def at_place() -> str:
        return f"{account()} {sorted((request.view_args or {}).items())}"

    def wrap(view: Callable[P, R]) -> Callable[P, R]:
        for times, whose in (("60 per minute;600 per hour", at_place), ("2000 per day", account)):
            view = limiter.shared_limit(
                times, scope="finds", key_func=whose, exempt_when=_looks_for_nobody
            )(view)
        return view

    return wrap


def count_finds(names: int, *, account: str, **place: int) -> None:
    """Count names as that many searches at a team or event: 600 an hour, with :func:`finds`.

    An account has 2,000 a day. The minute has no limit, because a whole sheet is entered in one
    minute.
    """
    if not limiter.enabled or not names:
        return
    at_place = f"{account} {sorted(place.items())}"
    for limit, whose in ((parse("600 per hour"), at_place), (parse("2000 per day"), account)):
        if not limiter.limiter.hit(limit, whose, "finds", cost=names):
            ends_at = limiter.limiter.get_window_stats(limit, whose, "finds").reset_time
            raise TooMany(seconds=max(1, ceil(ends_at - time.time())))


def _looks_for_nobody() -> bool:
    return not request.args.get("q", "").strip()


def _is_miss(response: Response) -> bool:
    return response.status_code == 404


#: Wrongly typed event codes from one address; a crowd that types the right one is no guessing.
typed_codes = limiter.limit("30 per minute", key_func=get_remote_address, deduct_when=_is_miss)
