"""PostgreSQL plans for the rows that a large import has just brought, not for empty tables."""

from pathlib import Path

import pytest
from sqlalchemy import text

from tests.workbooks import town
from volunteer_service.db import db, statistics

KNOWN = """
SELECT relname, reltuples FROM pg_class
WHERE relname IN ('volunteers', 'service_records', 'transfers')
AND relnamespace = current_schema()::regnamespace ORDER BY relname
"""


def known() -> dict[str, int]:
    return {name: int(rows) for name, rows in db.session.execute(text(KNOWN))}


def counts() -> dict[str, int]:
    return {name: town.counted().get(name, 0) for name in known()}


@pytest.fixture
def postgres(session: None) -> None:
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite plans by the indexes alone")


def test_an_import_tells_the_planner_what_it_brought(postgres: None, tmp_path: Path) -> None:
    db.session.execute(text("ANALYZE"))
    assert set(known().values()) == {0}

    town.applied(town.files_of(tmp_path / "street"))

    assert known() == counts()
    assert min(known().values()) > 0


def test_statistics_need_no_one_to_wait(postgres: None) -> None:
    with db.engine.connect() as other:
        # What an ANALYZE of somebody else holds until it commits.
        other.execute(text("LOCK TABLE volunteers IN SHARE UPDATE EXCLUSIVE MODE"))
        db.session.execute(text("SET LOCAL lock_timeout = '1ms'"))
        statistics.refresh()
        other.rollback()


def test_sqlite_is_left_as_it_is(session: None) -> None:
    statistics.refresh()
    if db.engine.dialect.name == "sqlite":
        kept = text("SELECT count(*) FROM sqlite_master WHERE name LIKE 'sqlite_stat%'")
        assert db.session.scalar(kept) == 0
