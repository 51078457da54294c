"""Limits the pages of the database that SQLite keeps in memory during an import.

For requests it may keep 32 MB. An import that reads the whole file would fill them with pages that
nobody needs again, and the process would grow.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from volunteer_service.db import db

_KIBIBYTES = 8_000


@contextmanager
def small() -> Iterator[None]:
    """Keep 8 MB of pages while this lasts; PostgreSQL keeps its pages elsewhere."""
    connection = db.session.connection()
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.cursor()
    (before,) = driver.execute("PRAGMA cache_size").fetchone()
    driver.execute(f"PRAGMA cache_size = -{_KIBIBYTES}")
    try:
        yield
    finally:
        driver.execute(f"PRAGMA cache_size = {before}")
        driver.close()
