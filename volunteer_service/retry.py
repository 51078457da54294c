"""What to do when the database could not order two transactions: run the whole one again.

Serialization failures, deadlocks, lock timeouts and a busy SQLite change nothing and tell nothing
about the request, so the edge repeats it, whole, with the same idempotency key.
"""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

T = TypeVar("T")

ATTEMPTS = 5
#: Serialization failure, deadlock, lock not available.
_SQLSTATES = frozenset({"40001", "40P01", "55P03"})
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
