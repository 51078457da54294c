"""No test sees leftovers of another: rows, numbers, schema, transactions."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import MetaData, select, text
from sqlalchemy.exc import DBAPIError

from tests import databases, make, make_doors
from volunteer_service.areas.models import Area
from volunteer_service.db import db, schema, transaction

DROP_TRIGGER = {
    "sqlite": "DROP TRIGGER transfers_no_delete",
    "postgresql": "DROP TRIGGER transfers_append_only ON transfers",
}


@pytest.fixture
def renew(app: Flask, databases_of_run: databases.Databases) -> Callable[[], None]:
    """What happens between two tests."""

    def between() -> None:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        databases_of_run.refresh()

    return between


def everything(app: Flask) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of every table that is there, known to the models or not."""
    found = MetaData()
    with app.app_context(), db.engine.connect() as connection:
        found.reflect(connection)
        return {
            table.name: [tuple(row) for row in connection.execute(table.select())]
            for table in found.sorted_tables
        }


def test_rows_and_numbers_begin_again(app: Flask, renew: Callable[[], None]) -> None:
    empty = everything(app)
    assert empty["alembic_version"] == [(schema.head(),)]
    with app.app_context(), transaction():
        first = make_doors.things()[1]
        db.session.execute(text("DELETE FROM alembic_version"))
    full = everything(app)
    assert len([name for name in full if full[name] != empty[name]]) > len(full) / 2
    renew()
    assert everything(app) == empty
    with app.app_context(), transaction():
        again = make_doors.things()[1]
    assert (again.event_id, again.grant_id) == (first.event_id, first.grant_id)


@pytest.mark.parametrize(
    "change",
    [
        "DROP INDEX ix_job_runs_name_id",
        "ALTER TABLE areas ADD COLUMN extra INTEGER",
        "CREATE TABLE stranger (id INTEGER PRIMARY KEY)",
    ],
)
def test_a_changed_schema_is_thrown_away(
    app: Flask, renew: Callable[[], None], change: str
) -> None:
    with app.app_context():
        assert schema.differences(db.engine) == []
        with transaction():
            db.session.execute(text(change))
        db.session.remove()
        assert schema.differences(db.engine) != []
    renew()
    with app.app_context():
        assert schema.differences(db.engine) == []


def test_a_trigger_that_was_dropped_is_back(app: Flask, renew: Callable[[], None]) -> None:
    with app.app_context(), transaction():
        db.session.execute(text(DROP_TRIGGER[db.engine.dialect.name]))
    renew()
    with app.app_context():
        with transaction():
            make_doors.things()
        with pytest.raises(DBAPIError, match="append-only"), transaction():
            db.session.execute(text("DELETE FROM transfers"))


def test_who_still_holds_a_transaction_open_is_left_behind(
    app: Flask, renew: Callable[[], None]
) -> None:
    with app.app_context():
        left = db.engine.connect()
        left.execute(Area.__table__.insert().values(kind="subdistrict", name="别处", path="/1/"))
    renew()
    with app.app_context(), transaction():
        make.area()
    try:
        left.commit()
    except DBAPIError:
        left.invalidate()
    left.close()
    with app.app_context(), transaction(write=False):
        assert db.session.scalars(db.select(Area.name)).all() == ["市西街道"]


def test_a_world_is_built_once_and_every_test_gets_it_whole(
    app: Flask, renew: Callable[[], None], databases_of_run: databases.Databases
) -> None:
    built = []

    def world() -> int:
        built.append("once")
        return make.area("东庐街道").id

    first = databases_of_run.enter(app, world)
    kept, number = everything(app), make.next_number()
    assert [row[0] for row in kept["areas"]] == [first]
    with app.app_context(), transaction():
        make.area("别处街道")
        db.session.execute(text("UPDATE areas SET name = 'x' WHERE id = :id"), {"id": first})
    renew()
    assert not everything(app)["areas"]
    with app.app_context():
        db.engine.dispose()

    again = databases_of_run.enter(app, world)

    assert (again, everything(app), make.next_number()) == (first, kept, number)
    assert built == ["once"]


def test_rows_without_an_order_come_backwards_on_sqlite(app: Flask) -> None:
    with app.app_context():
        with transaction():
            one, other = make.area("一"), make.area("二")
            entered = [one.id, other.id]
            found = list(db.session.scalars(select(Area.id)))
            asked = list(db.session.scalars(select(Area.id).order_by(Area.id)))
        backwards = db.engine.dialect.name == "sqlite"
        db.session.remove()
    assert asked == entered
    assert found == (entered[::-1] if backwards else entered)


@pytest.mark.xdist_group("one worker")
def test_what_belongs_to_one_worker_stays_with_it(request: pytest.FixtureRequest) -> None:
    """Else each worker builds the demo town, and a module's towns, once more."""
    if not request.config.getoption("loadgroup", default=False):
        pytest.skip("asked with -n 2 --dist loadgroup, as tools/test.sh runs it")
    assert request.node.nodeid.endswith("@one worker")
