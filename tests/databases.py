"""The suite's databases: migrated once a worker, and new for every test.

Data with which many tests begin are built once for each worker and kept: :meth:`Databases.enter`.
"""

import gzip
import shutil
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from flask import Flask
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection

from tests import make
from tests.postgres import server
from tests.wiping import Wiper
from volunteer_service.db import db, schema, transaction
from volunteer_service.db import engine as engines

T = TypeVar("T")


@event.listens_for(Engine, "connect")
def _reverse_what_nobody_ordered(connection: DBAPIConnection, _entry: object) -> None:
    """Reverse rows without an order here; on PostgreSQL they come as entered, so no code may depend
    on it.
    """
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA reverse_unordered_selects=ON")


def spare_the_disk(engine: Engine) -> None:
    """Turn off writing to disk, because nothing outlives the run; call it after the service."""

    @event.listens_for(engine, "connect")
    def connect(connection: DBAPIConnection, _entry: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.execute("PRAGMA synchronous=OFF")


@dataclass(kw_only=True)
class Databases(ABC):
    """Where the tests' database is, and how to make it new."""

    url: str
    #: By its name: what building a world returned, and the number that comes next in it.
    _worlds: dict[str, tuple[Any, int]] = field(default_factory=dict)

    def refresh(self) -> None:
        """An empty, migrated database at ``url``; nobody may be connected."""
        make.begin_again()
        self._renew("")

    def enter(self, app: Flask, build: Callable[[], T]) -> T:
        """Put a database at ``url`` as ``build`` leaves it, which runs once and is then copied.

        What ``build`` returns is given to every test: it must not be bound to a session.
        """
        name = f"{build.__module__}.{build.__qualname__}"
        with app.app_context():
            db.engine.dispose()
            if name not in self._worlds or not self._renew(name):
                self.refresh()
                with transaction():
                    found = build()
                db.session.remove()
                db.engine.dispose()
                self._keep(name)
                self._worlds[name] = (found, make.next_number())
        found, number = self._worlds[name]
        make.begin_again(number)
        return found

    @abstractmethod
    def _renew(self, world: str) -> bool:
        """Bring the database at ``url`` to where this world was kept (\"\": empty, migrated).

        False where the world is no longer kept.
        """

    @abstractmethod
    def _keep(self, world: str) -> None:
        """Remember the database at ``url`` as this world."""

    @abstractmethod
    def restore(self, old: Path) -> None:
        """The database of an older program at ``url``, until the next refresh."""


@dataclass
class SqliteDatabases(Databases):
    """A migrated file, copied over the test's file."""

    template: Path
    path: Path

    def _renew(self, world: str) -> bool:
        self._clear()
        shutil.copyfile(self._file_of(world), self.path)
        return True

    def _keep(self, world: str) -> None:
        with (
            closing(sqlite3.connect(self.path)) as here,
            closing(sqlite3.connect(self._file_of(world))) as kept,
        ):
            here.backup(kept)

    def _file_of(self, world: str) -> Path:
        return self.template.with_name(f"{world}.db") if world else self.template

    def restore(self, old: Path) -> None:
        self._clear()
        self.path.write_bytes(gzip.decompress((old / "street.db.gz").read_bytes()))

    def _clear(self) -> None:
        # A new file each time, so that a late writer of the old one does no harm.
        for suffix in ("", "-wal", "-shm", ".turnstile"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)


@dataclass
class PostgresDatabases(Databases):
    """A database of a throw-away server, wiped of its rows.

    Copying the template takes some 150 ms, wiping 1 ms: only a test that changed the schema itself
    leaves a database that is thrown away.
    """

    admin_url: str
    wiper: Wiper | None = None

    def _renew(self, world: str) -> bool:
        if self.wiper is not None and self.wiper.wipe(world):
            return True
        self._copy()
        self.wiper = Wiper(self.url)
        return not world

    def _keep(self, world: str) -> None:
        assert self.wiper is not None
        self.wiper.remember(world)

    def close(self) -> None:
        """Let go of the database."""
        if self.wiper is not None:
            self.wiper.close()
            self.wiper = None
            # They were kept beside the rows.
            self._worlds.clear()

    def restore(self, old: Path) -> None:
        self._create("template0")
        dump = gzip.decompress((old / "street.sql.gz").read_bytes())
        with psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(dump)

    def _copy(self) -> None:
        self._create("template_work")

    def _create(self, template: str) -> None:
        self.close()
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS work WITH (FORCE)")
            connection.execute(f"CREATE DATABASE work TEMPLATE {template} STRATEGY FILE_COPY")


@contextmanager
def open(kind: str, folder: Path) -> Iterator[Databases]:  # noqa: A001
    """The databases of one worker of the suite."""
    with (sqlite if kind == "sqlite" else postgres)(folder) as found:
        yield found


@contextmanager
def sqlite(folder: Path) -> Iterator[Databases]:
    """A template file."""
    template = folder / "template.db"
    engine = create_engine(f"sqlite:///{template}", **engines.options(True))
    engines.prepare(engine)
    schema.upgrade(engine)
    with engine.connect() as connection:
        # Everything into the one file that is copied.
        connection.connection.driver_connection.execute("PRAGMA journal_mode=DELETE")
    engine.dispose()
    path = folder / "work.db"
    yield SqliteDatabases(template, path, url=f"sqlite:///{path}")


@contextmanager
def postgres(_folder: Path) -> Iterator[Databases]:
    """A template database on a server of its own."""
    with server() as url:
        admin = url("postgres")
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute("CREATE DATABASE template_work")
        engine = create_engine(url("template_work").replace("://", "+psycopg://", 1))
        engines.prepare(engine)
        schema.upgrade(engine)
        engine.dispose()
        found = PostgresDatabases(admin, url=url("work"))
        yield found
        found.close()
