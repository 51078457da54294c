"""The demo town, seeded once for all that look at it."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests import databases
from tests.demo.finding import AT
from volunteer_service import demo
from volunteer_service.db import db, transaction


@pytest.fixture(scope="package")
def seeded(app_of_run: Flask, databases_of_run: databases.Databases) -> Iterator[Flask]:
    """The app over the demo town; seeded once, the tests only look."""
    with app_of_run.app_context():
        db.engine.dispose()
        databases_of_run.refresh()
        with transaction():
            demo.seed(AT)
        db.session.remove()
    yield app_of_run
    with app_of_run.app_context():
        db.engine.dispose()


@pytest.fixture
def town(seeded: Flask) -> Iterator[None]:
    """Looking at the town."""
    with seeded.app_context():
        with transaction(write=False):
            yield
        db.session.remove()
