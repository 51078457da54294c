"""Opens both databases: settings that make SQLite safe and PostgreSQL fast.

SQLite through SQLAlchemy opens no transaction for a SELECT, so two readers of the same balance
would both spend it. Here every transaction begins with BEGIN, a writing one with BEGIN IMMEDIATE,
and writers of all processes first take a file lock, the turnstile. In SQLite's busy handler an
unlucky writer waits for seconds, at the turnstile for milliseconds.
"""

import fcntl
import os
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from volunteer_service import bounds, private_files
from volunteer_service.db import sorts_on_disk, writing
from volunteer_service.errors import BadSetting

_PRAGMAS = (
    "journal_mode=WAL",
    # NORMAL can lose an acknowledged commit when the power fails.
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=10000",
    # Without it INSERT OR REPLACE slips past the append-only triggers.
    "recursive_triggers=ON",
    "cache_size=-32000",
    "temp_store=MEMORY",
)


def prepare(engine: Engine) -> None:
    """Attach the listeners that make both databases behave as the verbs expect."""
    event.listen(engine, "handle_error", _refuse_unstorable)
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    else:
        event.listen(engine, "connect", _postgres_connect)


def _refuse_unstorable(context: ExceptionContext) -> None:
    if bounds.unstorable(context.original_exception):
        raise bounds.Unstorable() from None


def options(is_sqlite: bool) -> dict[str, Any]:
    """Return the engine options for Flask-SQLAlchemy."""
    # A driver's error must not carry a person's data into a log.
    shared = {"hide_parameters": True}
    if is_sqlite:
        return shared | {"connect_args": {"timeout": 10, "check_same_thread": False}}
    # A lost server is noticed at once, not after minutes: seconds, then milliseconds.
    reach = {"connect_timeout": 3, "tcp_user_timeout": 10_000}
    return shared | {
        "connect_args": reach,
        "pool_size": 16,
        "max_overflow": 8,
        "pool_pre_ping": False,
    }


def _postgres_connect(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute("SET TIME ZONE 'UTC'")
    cursor.execute("SET lock_timeout = '3s'")
    cursor.close()
    connection.autocommit = False


def _prepare_sqlite(engine: Engine) -> None:
    path = engine.url.database
    if path and path != ":memory:":
        # Before the listeners below: a writer takes the turnstile, then sends BEGIN.
        _keep_private(engine, path)
        _put_turnstile(engine, f"{path}.turnstile")

    @event.listens_for(engine, "connect")
    def connect(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # The begin event below sends BEGIN, not the driver.
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # Sent to the driver directly: a statement through SQLAlchemy costs as much as a query.
        driver: Any = connection.connection.driver_connection
        # Remembered on the connection, and set only when it changes.
        on_disk = sorts_on_disk.get()
        try:
            if on_disk != connection.info.get("on_disk", False):
                driver.execute(f"PRAGMA temp_store={'FILE' if on_disk else 'MEMORY'}")
                connection.info["on_disk"] = on_disk
            driver.execute("BEGIN IMMEDIATE" if writing.get() else "BEGIN")
        except sqlite3.Error as error:
            # As SQLAlchemy does with the errors of its own statements.
            raise DBAPIError.instance(
                "BEGIN", None, error, sqlite3.Error, dialect=connection.dialect
            ) from error


def _keep_private(engine: Engine, path: str) -> None:
    """Make the database and the files beside it readable by the service's own user only."""

    @event.listens_for(engine, "do_connect")
    def before(*_arguments: Any) -> None:
        try:
            # By name, because closing a handle of ours would drop SQLite's locks on the file.
            for end in ("", "-wal", "-shm", "-journal", ".turnstile", ".jobs"):
                private_files.tighten(Path(path + end))
        except OSError as error:
            raise BadSetting(
                "DATABASE_URL",
                why="数据库文件 %(path)s 不能只让本服务的用户读写（%(reason)s）。"
                "请把它和旁边的文件交给这个用户，权限设为 600。",
                path=path,
                reason=error.strerror,
            ) from None


def _put_turnstile(engine: Engine, path: str) -> None:
    """Open the lock file for each connection; only one that writes holds its lock."""

    @event.listens_for(engine, "connect")
    def connect(_connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        try:
            entry.info["turnstile"] = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise sqlite3.OperationalError("unable to open database file") from error

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if writing.get():
            fcntl.flock(connection.info["turnstile"], fcntl.LOCK_EX)

    @event.listens_for(engine, "reset")
    def reset(_connection: DBAPIConnection, entry: ConnectionPoolEntry, _state: Any) -> None:
        fcntl.flock(entry.info["turnstile"], fcntl.LOCK_UN)

    @event.listens_for(engine, "close")
    def close(_connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        os.close(entry.info.pop("turnstile"))
