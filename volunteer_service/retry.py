"""What to do when the database could not order two transactions: run the whole one again.

Serialization failures, deadlocks, lock timeouts and a busy SQLite change nothing and tell nothing
about the request, so the edge repeats it, whole, with the same idempotency key. So does it where
another transaction was quicker with the same new row, or took away what this one refers to: the
second time the verb sees what is there and says so in its own words.
"""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

T = TypeVar("T")

ATTEMPTS = 5
#: Serialization failure, deadlock, lock not available; unique and foreign key violated, which the
#: verbs rule out as far as they can see. (SQLite has one writer, who sees all there is.)
_SQLSTATES = frozenset({"40001", "40P01", "55P03", "23505", "23503"})
#: Seconds of the longest first pause; each further one is twice as long.
_PAUSE = 0.02


def again_on_conflict(work: Callable[[], T]) -> T:
    """Run ``work`` (one whole transaction), five times at most, with jitter in between."""
    for attempt in range(1, ATTEMPTS):
        try:
            return work()
        except DBAPIError as error:
            if not is_conflict(error):
                raise
        # Jitter only spreads the load; nothing secret depends on it.
        time.sleep(random.uniform(0, _PAUSE * 2**attempt))  # noqa: S311
    return work()


def is_conflict(error: DBAPIError) -> bool:
    """True where the same transaction may well succeed next time."""
    state = getattr(error.orig, "sqlstate", None)
    return state in _SQLSTATES or "database is locked" in str(error.orig)
