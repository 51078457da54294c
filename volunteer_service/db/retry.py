"""Repeats a whole transaction when the database could not order two of them.

Serialization failures, deadlocks, lock timeouts and a busy SQLite change nothing and tell nothing
about the request, so the edge repeats it, whole, with the same idempotency key. So does it where
another transaction was quicker with the same new row, or took away what this one refers to: the
second time the verb sees what is there and says so in its own words.
"""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from volunteer_service.errors import Away

T = TypeVar("T")

ATTEMPTS = 5
#: Serialization failure, deadlock, lock not available; unique and foreign key violated, which the
#: verbs rule out as far as they can see. (SQLite has one writer, who sees all there is.)
_SQLSTATES = frozenset({"40001", "40P01", "55P03", "23505", "23503"})
#: Too many connections, disk full, shut down, starting; those of class 08 are about the connection.
_AWAY_STATES = frozenset({"53100", "53200", "53300", "57P01", "57P02", "57P03"})
#: What SQLite says of a file that is gone, damaged, on a full or a read-only disk, or kept busy.
_AWAY_WORDS = (
    "unable to open database file",
    "disk is full",
    "disk I/O error",
    "readonly database",
    "malformed",
    "not a database",
    "no such table",
    "database is locked",
    # A full disk has ended the whole transaction; going back to a savepoint finds none.
    "no such savepoint",
)
#: Seconds of the longest first pause; each further one is twice as long.
_PAUSE = 0.02


def again_on_conflict(work: Callable[[], T]) -> T:
    """Run ``work`` (one whole transaction), five times at most, with jitter in between.

    A connection that turns out to be dead (the database was started anew) is no conflict, but
    nothing was committed over it either: once more. Where a COMMIT was under way nobody knows, and
    ``db.transaction`` has raised :class:`Away`.
    """
    for attempt in range(1, ATTEMPTS):
        try:
            return work()
        except DBAPIError as error:
            if not is_conflict(error) and not (error.connection_invalidated and attempt == 1):
                raise
            if is_away(error) and attempt > 1:
                # SQLite has waited for ten seconds each time.
                raise
        # Jitter only spreads the load; nothing secret depends on it.
        time.sleep(random.uniform(0, _PAUSE * 2**attempt))  # noqa: S311
    return work()


def is_conflict(error: DBAPIError) -> bool:
    """Tell whether the same transaction may well succeed next time."""
    state = getattr(error.orig, "sqlstate", None)
    return state in _SQLSTATES or "database is locked" in str(error.orig)


def is_away(error: BaseException) -> bool:
    """Tell whether the database cannot be reached or can keep nothing, whatever was asked of it."""
    # SQLite ends the transaction of a full disk by itself; then a savepoint's end fails as well,
    # and only the error before says why.
    found: BaseException | None = error
    while found is not None:
        if _is_away(found):
            return True
        found = found.__context__
    return False


def _is_away(error: BaseException) -> bool:
    if isinstance(error, NoConnectionFree | Away):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return state in _AWAY_STATES or state.startswith("08")
    if type(error.orig).__module__.startswith("psycopg"):
        # Without a state the server did not say it: there is no connection.
        return isinstance(error, OperationalError | InterfaceError)
    return any(words in str(error.orig) for words in _AWAY_WORDS)
