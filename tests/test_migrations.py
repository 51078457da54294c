"""Migrations equal the models, and go up, down and up again with rows in the tables."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import inspect, select

from tests import make
from volunteer_service import schema
from volunteer_service.areas.models import Area
from volunteer_service.db import db, transaction
from volunteer_service.people.models import Volunteer


@pytest.fixture
def inside(app: Flask) -> Iterator[None]:
    """An app context without a transaction."""
    with app.app_context():
        yield


def test_migrations_equal_models(inside: None) -> None:
    assert schema.differences(db.engine) == []


def test_a_table_that_no_migration_made_is_a_difference(inside: None) -> None:
    with transaction():
        db.session.execute(db.text("CREATE TABLE stranger (id INTEGER PRIMARY KEY)"))
    assert any("stranger" in difference for difference in schema.differences(db.engine))


def test_down_to_the_tables_and_up_again_keeps_what_is_in_them(inside: None) -> None:
    with transaction():
        make.cast()
    schema.downgrade(db.engine, "0001")
    schema.upgrade(db.engine)
    assert schema.current(db.engine) == schema.head()
    with transaction(write=False):
        people = set(db.session.scalars(select(Volunteer.name)))
        assert people == {"王建国", "赵芳", "李梅"}
        assert len(db.session.scalars(select(Area)).all()) == 3


def test_down_to_nothing_and_up_again(inside: None) -> None:
    with transaction():
        make.cast()
    schema.downgrade(db.engine, "base")
    assert schema.current(db.engine) is None
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    schema.upgrade(db.engine)
    assert schema.differences(db.engine) == []


def test_an_unknown_revision_is_told_from_an_old_one() -> None:
    assert schema.knows("0001")
    assert not schema.knows("9999")
