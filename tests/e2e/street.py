"""A demo town on a server of its own: seeded once, copied for whoever changes it."""

import os
import shutil
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.served import START_SECONDS
from volunteer_service import demo
from volunteer_service import server as serving
from volunteer_service.app import create_app
from volunteer_service.db import db, schema, transaction
from volunteer_service.settings import Settings


@dataclass(frozen=True)
class Street:
    """Where the town is served, and its database file for what no page tells."""

    url: str
    folder: Path

    def ask(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of a query."""
        with self._open() as connection:
            return connection.execute(sql, values).fetchall()

    def change(self, sql: str, *values: Any) -> None:
        """What only time would bring about: the server's clock is the real one."""
        with self._open() as connection, connection:
            connection.execute(sql, values)

    def one(self, sql: str, *values: Any) -> Any:
        """The first column of the only row."""
        ((found, *_rest),) = self.ask(sql, *values)
        return found

    def _open(self) -> closing[sqlite3.Connection]:
        # A connection's own block commits, and closes nothing.
        return closing(sqlite3.connect(self.folder / "service.db", timeout=10))


def seed(folder: Path, at: datetime) -> Path:
    """A folder with the demo town as it stands at ``at``."""
    app = create_app(Settings.from_env({"VAR_DIR": str(folder), "APP_ENV": "demo"}))
    with app.app_context():
        schema.upgrade(db.engine)
        with transaction():
            demo.seed(at)
        db.session.remove()
        # Closing the last connection folds the journal into the one file that is copied.
        db.engine.dispose()
    return folder


@contextmanager
def served(seeded: Path, folder: Path) -> Iterator[Street]:
    """The real server (granian) over a copy of a seeded town."""
    shutil.copytree(seeded, folder)
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    env = {
        "APP_ENV": "demo",
        "VAR_DIR": str(folder),
        "DATABASE_URL": "",
        "BASE_URL": url,
        "RATE_LIMITS": "off",
        "LOG_LEVEL": "WARNING",
    }
    arguments = ("serve", "--host", "127.0.0.1", "--port", str(port))
    with serving.child(*arguments, env=env) as server:
        if not serving.wait_until_it_answers("127.0.0.1", port, server, START_SECONDS):
            raise RuntimeError(f"the server on port {port} did not come up")
        yield Street(url, folder)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


#: Debian's chromium as root on a machine without a way out: nothing of its own calls home.
CHROMIUM: dict[str, Any] = {
    "executable_path": os.environ.get("CHROMIUM", "/usr/bin/chromium"),
    "args": [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ],
}
