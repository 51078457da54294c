"""While the database is away, pages and API answer 503 with a time to retry; afterwards everything
works.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import Connection, event, select
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from tests import make_doors
from tests.conftest import settings_for
from tests.doors import address
from tests.jobs_process import jobs_process
from tests.postgres import start
from tests.signing import hidden, sign_in, token_for
from volunteer_service import clock, job_runs
from volunteer_service.app import create_app
from volunteer_service.db import db, schema, transaction
from volunteer_service.db.retry import again_on_conflict
from volunteer_service.errors import Away
from volunteer_service.jobs import process
from volunteer_service.teams.models import Team


def is_quiet(answer: TestResponse) -> bool:
    """Check a 503 that says when to retry: a page in both languages, or a problem document."""
    said = answer.get_data(as_text=True)
    if answer.request.path.startswith("/api/"):
        words = (
            answer.mimetype == "application/problem+json" and answer.get_json()["code"] == "away"
        )
    else:
        words = "服务暂时不可用" in said and "not available right now" in said
    return answer.status_code == 503 and int(answer.headers.get("Retry-After", 0)) > 0 and words


class Town:
    """The application over a database that can go away, 周静 signed in, and her token."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            with transaction():
                self.things = make_doors.things()[1]
                self.token = token_for(make_doors.account_of("c"), "read", "write")
            db.session.remove()
        self.client = app.test_client()
        sign_in(self.client, "zhoujing")
        self.csrf = hidden(self.client, "/teams/new")

    def new_team(self, name: str) -> TestResponse:
        form = {"name": name, "area_id": str(self.things.area_id), "recording_unit": "居委会"}
        return self.client.post(
            "/teams/new", data=form | self.csrf | {"idempotency_key": uuid4().hex}
        )

    def doors(self) -> Iterator[TestResponse]:
        """What every address answers that asks the database anything."""
        for rule in self.app.url_map.iter_rules():
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                headers = {"Idempotency-Key": "k", "X-CSRFToken": self.csrf["csrf_token"]}
                if rule.rule.startswith("/api/"):
                    headers |= self.token
                path = address(self.app, rule, self.things)
                yield self.client.open(path, method=method, headers=headers, buffered=True)

    def names(self) -> set[str]:
        with self.app.app_context():
            with transaction(write=False):
                found = set(db.session.scalars(select(Team.name)))
            db.session.remove()
        return found


def test_every_door_is_quiet_while_nothing_can_be_reached(town: Town, cut: Any) -> None:
    with cut():
        loud = {
            (answer.request.method, answer.request.path, answer.status_code)
            for answer in town.doors()
            if answer.status_code >= 500 and not is_quiet(answer)
        }
        assert {path for _method, path, _status in loud} <= {"/readyz"}
        assert town.client.get("/healthz").status_code == 200
        with town.client.get("/static/icons.svg") as file:
            assert file.status_code == 200
        assert town.client.get("/readyz").status_code == 503
        assert is_quiet(town.new_team("停电队"))
    assert town.new_team("来电队").status_code == 303
    assert town.names() & {"停电队", "来电队"} == {"来电队"}


def test_a_dead_connection_in_the_pool_costs_nobody_an_answer(town: Town, cut: Any) -> None:
    assert town.client.get("/teams").status_code == 200
    with cut():
        pass
    assert town.new_team("第一队").status_code == 303
    assert "第一队" in town.names()


def test_a_commit_that_was_cut_off_is_not_done_again(town: Town) -> None:
    tries: list[int] = []

    def work() -> None:
        with transaction():
            tries.append(db.session.scalar(select(Team.id)) or 0)
            event.listen(db.engine, "commit", lose, once=True)

    with town.app.app_context(), pytest.raises(Away):
        again_on_conflict(work)
    assert len(tries) == 1


def lose(connection: Connection) -> None:
    """The connection breaks while the COMMIT is under way."""
    lost = connection.dialect.loaded_dbapi.OperationalError("disk I/O error")
    connection.invalidate(lost)
    raise OperationalError("COMMIT", None, lost, connection_invalidated=True)


def full(connection: Any, _entry: Any) -> None:
    """No page more than there are."""
    [(pages,)] = connection.execute("PRAGMA page_count").fetchall()
    connection.execute(f"PRAGMA max_page_count = {pages}")


def test_a_full_disk_is_told_and_leaves_nothing_half_done(town: Town, sqlite_only: None) -> None:
    with town.app.app_context():
        engine = db.engine
    dispose(town.app)
    event.listen(engine, "connect", full)
    answers = [town.new_team(f"第{number}队" + "长" * 20) for number in range(60)]
    event.remove(engine, "connect", full)
    dispose(town.app)
    done = [number for number, answer in enumerate(answers) if answer.status_code == 303]
    assert len(done) < len(answers)
    assert all(is_quiet(answers[n]) for n in range(len(answers)) if n not in done)
    assert town.client.get("/teams").status_code == 200
    kept = {name for name in town.names() if name.startswith("第")}
    assert kept == {f"第{number}队" + "长" * 20 for number in done}
    assert town.new_team("后来队").status_code == 303


def test_who_keeps_sqlite_busy_is_waited_for_and_then_told(town: Town, sqlite_only: None) -> None:
    with town.app.app_context():
        path, engine = db.engine.url.database, db.engine
    dispose(town.app)
    event.listen(engine, "connect", _hurried)
    with closing(sqlite3.connect(str(path))) as other:
        other.execute("BEGIN IMMEDIATE")
        assert is_quiet(town.new_team("等待队"))
        other.rollback()
    assert town.new_team("等待队").status_code == 303
    event.remove(engine, "connect", _hurried)


def _hurried(connection: Any, _entry: Any) -> None:
    connection.execute("PRAGMA busy_timeout = 50")


@pytest.fixture
def sqlite_only(request: pytest.FixtureRequest) -> None:
    """What only a file can suffer."""
    if request.config.getoption("--database") != "sqlite":
        pytest.skip("a file's trouble")


def test_the_jobs_process_waits_for_the_database_and_goes_on(
    town: Town, cut: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "BEAT_SECONDS", 0.1)
    monkeypatch.setattr(process, "WAIT_SECONDS", 0.1)
    with jobs_process(town.app) as running:
        assert running.until(lambda: "started" in running.said)
        with cut():
            assert running.until(lambda: "away" in running.said)
        assert running.until(lambda: running.said[-1] == "started")
        since = clock.now()
        assert running.until(lambda: beaten(town.app, since))


def beaten(app: Flask, since: datetime) -> bool:
    with app.app_context():
        with transaction(write=False):
            found = job_runs.last_beat()
        db.session.remove()
    return found is not None and found > since


@pytest.fixture
def town(away: tuple[Flask, Any]) -> Town:
    return Town(away[0])


@pytest.fixture
def cut(away: tuple[Flask, Any]) -> Any:
    return away[1]


@pytest.fixture
def away(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[tuple[Flask, Callable[[], Any]]]:
    """An application of its own and what takes its database away for a block."""
    kind = request.config.getoption("--database")
    with (of_sqlite if kind == "sqlite" else of_postgres)(tmp_path) as found:
        yield found


@contextmanager
def of_sqlite(folder: Path) -> Iterator[tuple[Flask, Callable[[], Any]]]:
    path = folder / "work.db"
    app = migrated(create_app(settings_for(f"sqlite:///{path}", folder / "var")))

    @contextmanager
    def cut() -> Iterator[None]:
        dispose(app)
        shutil.move(folder / "work.db", folder / "kept.db")
        path.mkdir()
        yield
        dispose(app)
        path.rmdir()
        shutil.move(folder / "kept.db", path)

    yield app, cut
    dispose(app)


@contextmanager
def of_postgres(folder: Path) -> Iterator[tuple[Flask, Callable[[], Any]]]:
    # Not pytest's folder: the server runs as another user, who may not enter root's.
    data = Path(tempfile.mkdtemp(prefix="volunteer-service-pg-"))
    server = start(data)
    try:
        socket = quote(str(server.get_postmaster_info().socket_dir), safe="")
        url = f"postgresql://postgres@/postgres?host={socket}"
        app = migrated(create_app(settings_for(url, folder / "var")))

        @contextmanager
        def cut() -> Iterator[None]:
            # Pooled connections are left as they are: dead.
            server.cleanup()
            yield
            server.ensure_postgres_running()

        yield app, cut
        dispose(app)
    finally:
        server.cleanup()
        shutil.rmtree(data, ignore_errors=True)


def migrated(app: Flask) -> Flask:
    with app.app_context():
        schema.upgrade(db.engine)
    return app


def dispose(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("state", ["40001", "40P01", "55P03"])
def test_who_waits_for_a_lock_too_long_is_told_to_come_again(state) -> None:
    busy = OperationalError("UPDATE", {}, Held(state))
    tries: list[int] = []

    def work() -> None:
        tries.append(1)
        raise busy

    with pytest.raises(Away):
        again_on_conflict(work)
    assert len(tries) == 5


class Held(Exception):
    """What a driver says of a row that others hold."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__("canceling statement due to lock timeout")
        self.sqlstate = sqlstate
