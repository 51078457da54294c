"""The suite's databases: migrated once a worker, and new for every test."""

import gzip
import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import create_engine

from tests import make
from tests.postgres import server
from tests.wiping import Wiper
from volunteer_service.db import engine as engines
from volunteer_service.db import schema


class Databases(ABC):
    """Where the tests' database is, and how to make it new."""

    url: str

    def refresh(self) -> None:
        """An empty, migrated database at ``url``; nobody may be connected."""
        make.begin_again()
        self._renew()

    @abstractmethod
    def _renew(self) -> None:
        """An empty, migrated database at ``url``."""

    @abstractmethod
    def restore(self, old: Path) -> None:
        """The database of an older program at ``url``, until the next refresh."""


@dataclass
class SqliteDatabases(Databases):
    """A migrated file, copied over the test's file."""

    url: str
    template: Path
    path: Path

    def _renew(self) -> None:
        self._clear()
        shutil.copyfile(self.template, self.path)

    def restore(self, old: Path) -> None:
        self._clear()
        self.path.write_bytes(gzip.decompress((old / "street.db.gz").read_bytes()))

    def _clear(self) -> None:
        # A new file each time: whoever still holds the old one open writes where nobody reads.
        for suffix in ("", "-wal", "-shm", ".turnstile"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)


@dataclass
class PostgresDatabases(Databases):
    """A database of a throw-away server, wiped of its rows.

    Copying the template takes some 150 ms, wiping 1 ms: only a test that changed the schema itself
    leaves a database that is thrown away.
    """

    url: str
    admin_url: str
    wiper: Wiper | None = None

    def _renew(self) -> None:
        if self.wiper is None or not self.wiper.wipe():
            self._copy()
            self.wiper = Wiper(self.url)

    def close(self) -> None:
        """Let go of the database."""
        if self.wiper is not None:
            self.wiper.close()
            self.wiper = None

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
    yield SqliteDatabases(f"sqlite:///{path}", template, path)


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
        found = PostgresDatabases(url("work"), admin)
        yield found
        found.close()
