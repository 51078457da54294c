"""The lock of the jobs: only its holder runs them, and it ends with the holder's process."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

#: Any number, as long as nothing else in this database locks it.
_ADVISORY = 7_226_001

Held = Callable[[], bool]


@contextmanager
def only_one(engine: Engine) -> Iterator[Held | None]:
    """Yield None if another process holds the lock, else a function that tells whether it is still
    ours.

    A lock of PostgreSQL ends with its connection, so the holder has to ask from time to time.
    """
    with (_file if engine.dialect.name == "sqlite" else _advisory)(engine) as held:
        yield held


@contextmanager
def _file(engine: Engine) -> Iterator[Held | None]:
    handle = os.open(f"{engine.url.database}.jobs", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield (lambda: True) if _locked(handle) else None
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _advisory(engine: Engine) -> Iterator[Held | None]:
    # Autocommit, because a transaction open for weeks would keep VACUUM from working.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        ask = text("SELECT pg_try_advisory_lock(:key)")
        if not connection.scalar(ask, {"key": _ADVISORY}):
            yield None
            return

        def is_ours() -> bool:
            try:
                return bool(connection.scalar(text("SELECT true")))
            except DBAPIError:
                return False

        try:
            yield is_ours
        finally:
            # The pool would keep the connection, and with it the lock.
            connection.invalidate()
