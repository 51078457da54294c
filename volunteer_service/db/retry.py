"""Repeats a whole transaction when the database could not order two of them.

Serialization failures, deadlocks, lock timeouts and a busy SQLite change nothing and tell nothing
about the request, so the edge repeats it, whole, with the same idempotency key. It does the same
where another transaction was quicker with the same new row, or removed what this one refers to: the
second time the verb sees the new state and answers in its own words.
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
_BUSY_STATES = frozenset({"40001", "40P01", "55P03"})
_SQLSTATES = _BUSY_STATES | {"23505", "23503"}
#: Too many connections, disk full, shut down, starting; class 08 is about the connection.
_AWAY_STATES = frozenset({"53100", "53200", "53300", "57P01", "57P02", "57P03"})
#: SQLite's errors for a file that is gone, damaged, on a full or a read-only disk, or kept busy.
_AWAY_WORDS = (
    "unable to open database file",
    "disk is full",
    "disk I/O error",
    "readonly database",
    "malformed",
    "not a database",
    "no such table",
    "database is locked",
    # A full disk has ended the whole transaction, so there is no savepoint to return to.
    "no such savepoint",
)
#: The longest first pause in seconds; each further one is twice as long.
_PAUSE = 0.02


def again_on_conflict(work: Callable[[], T]) -> T:
    """Run ``work`` (one whole transaction), five times at most, with jitter in between.

    A connection that turns out to be dead (the database was restarted) is no conflict, but it
    committed nothing either, so the work runs again. If a COMMIT was under way, its outcome is
    unknown, and ``db.transaction`` has raised :class:`Away`. So does this where others held what
    the work needs until the last try.
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
    try:
        return work()
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) in _BUSY_STATES:
            raise Away() from error
        raise


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
        # An error without a state is not from the server: there is no connection.
        return isinstance(error, OperationalError | InterfaceError)
    return any(words in str(error.orig) for words in _AWAY_WORDS)
