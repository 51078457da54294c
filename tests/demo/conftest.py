"""The demo town, seeded once for all that look at it."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests import databases
from tests.demo.finding import demo_town
from volunteer_service.db import db, transaction


@pytest.fixture(scope="module")
def seeded(app_of_run: Flask, databases_of_run: databases.Databases) -> Iterator[Flask]:
    """The app over the demo town; the tests only look."""
    demo_town(app_of_run, databases_of_run)
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
