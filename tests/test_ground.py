"""Both databases refuse what must never happen: foreign keys, checks, append-only tables."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from volunteer_service.areas.models import Area
from volunteer_service.db import db, transaction
from volunteer_service.db.schema import current, head
from volunteer_service.journal import record


def test_the_template_is_at_the_newest_revision(session: None) -> None:
    assert current(db.engine) == head()


def test_leaving_commits_and_raising_rolls_back(app) -> None:
    with app.app_context():
        with transaction():
            db.session.add(Area(kind="subdistrict", name="市西街道", path="/1/"))
        with pytest.raises(ZeroDivisionError):
            _fail_on_the_way()
        with transaction(write=False):
            assert db.session.scalars(db.select(Area.name)).all() == ["市西街道"]


@pytest.mark.parametrize("sql", ["UPDATE journal SET verb = 'x'", "DELETE FROM journal"])
def test_what_happened_cannot_be_changed(session: None, sql: str) -> None:
    area = Area(kind="subdistrict", name="市西街道", path="/1/")
    db.session.add(area)
    db.session.flush()
    record("areas.add", area, account_id=None, door="cli", at=datetime(2026, 6, 1, tzinfo=UTC))
    db.session.flush()
    with pytest.raises(DBAPIError, match="append-only"), db.session.begin_nested():
        db.session.execute(text(sql))


def _fail_on_the_way() -> None:
    with transaction():
        db.session.add(Area(kind="subdistrict", name="别处", path="/2/"))
        raise ZeroDivisionError
