"""The jobs: each catches up and may run twice; one process runs them, the next one waits."""

import pickle
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from tests import make, make_ratings
from tests.jobs_process import jobs_process
from volunteer_service import clock, idempotency, job_runs
from volunteer_service.db import db, transaction
from volunteer_service.errors import NotFound
from volunteer_service.events.models import Event
from volunteer_service.job_runs import JobRun, ScheduledJob
from volunteer_service.jobs import JOBS, Job, UnknownJob, process, run_job
from volunteer_service.scoring.ratings import round_steps
from volunteer_service.scoring.ratings.models import LateChange

NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)


@pytest.fixture
def inside(app: Flask) -> Iterator[None]:
    """An app context without a transaction: a job opens its own."""
    with app.app_context():
        yield


@pytest.fixture(autouse=True)
def jobs_in_their_order() -> Iterator[None]:
    """The jobs stand after a test as before it; ``monkeypatch`` puts them back, but last first."""
    before = dict(JOBS)
    yield
    JOBS.clear()
    JOBS.update(before)


@pytest.mark.parametrize("name", JOBS)
def test_every_job_has_nothing_to_do_in_an_empty_service(inside: None, name: str) -> None:
    for _ in range(2):
        run = run_job(name, at=NOON)
        assert run.outcome == "done", run.result
        assert not any(run.result.values())


def test_a_run_is_written_down(inside: None) -> None:
    run_job("forget_keys", at=NOON)
    with transaction(write=False):
        (run,) = db.session.scalars(select(JobRun)).all()
        assert (run.name, run.started_at, run.outcome) == ("forget_keys", NOON, "done")
        assert run.finished_at is not None


def test_an_unknown_job_is_refused_and_leaves_no_run(inside: None) -> None:
    with pytest.raises(UnknownJob):
        run_job("nope", at=NOON)
    assert db.session.scalars(select(JobRun)).all() == []


def test_an_event_that_nobody_closed_is_closed_after_half_an_hour(inside: None) -> None:
    with transaction():
        cast = make.cast()
        event_id = make.event(team=cast.team, leader=cast.li_mei).id
    ends_at = make.MORNING + timedelta(minutes=120)

    assert run_job("close_events", at=ends_at + timedelta(minutes=29)).result == {"closed": 0}
    assert db.session.get_one(Event, event_id).state == "published"
    assert run_job("close_events", at=ends_at + timedelta(minutes=30)).result == {"closed": 1}
    db.session.expire_all()
    assert db.session.get_one(Event, event_id).state == "closed"
    assert run_job("close_events", at=ends_at + timedelta(hours=9)).result == {"closed": 0}


def test_keys_are_forgotten_after_seven_days(inside: None) -> None:
    with transaction():
        for days in (6, 8):
            db.session.add(
                idempotency.Key(
                    actor="account:1",
                    key=f"{days} days",
                    request_hash="-",
                    at=NOON - timedelta(days=days),
                )
            )
    assert run_job("forget_keys", at=NOON).result == {
        "forgotten": 1,
        "sessions": 0,
        "devices": 0,
        "tries": 0,
    }
    assert db.session.scalars(select(idempotency.Key.key)).all() == ["6 days"]


def breaks(_at: datetime) -> dict[str, int]:
    db.session.add(make.Area(kind="subdistrict", name="半途", path="/1/"))
    db.session.flush()
    raise ZeroDivisionError("王建国 13800001111")


def is_refused(_at: datetime) -> dict[str, int]:
    raise NotFound()


def test_a_crash_is_written_down_and_undone(
    inside: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(JOBS, "breaks", Job(breaks, every_seconds=60))
    run = run_job("breaks", at=NOON)
    assert (run.outcome, run.result) == ("failed", {"error": "ZeroDivisionError"})
    assert db.session.scalars(select(make.Area)).all() == []


def test_a_refusal_is_written_down_by_its_code(
    inside: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(JOBS, "is_refused", Job(is_refused, every_seconds=60))
    run = run_job("is_refused", at=NOON)
    assert (run.outcome, run.result) == ("refused", {"code": "not_found"})


def test_batches_go_on_until_nothing_is_left(inside: None, monkeypatch: pytest.MonkeyPatch) -> None:
    left = [3, 3, 1, 0]
    job = Job(lambda _at: {"rows": left.pop(0)}, every_seconds=60, in_batches=True)
    monkeypatch.setitem(JOBS, "batches", job)
    assert run_job("batches", at=NOON).result == {"rows": 7}


def test_only_the_newest_runs_are_kept(session: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_runs, "KEPT", 3)
    for minute in range(5):
        run = job_runs.begin("seal", at=NOON + timedelta(minutes=minute))
        job_runs.end(run.id, "done", {}, at=run.started_at)
    other = job_runs.begin("doctor", at=NOON)
    job_runs.end(other.id, "done", {}, at=NOON)
    kept = db.session.scalars(select(JobRun.started_at).where(JobRun.name == "seal"))
    assert sorted(at.minute for at in kept) == [2, 3, 4]
    assert job_runs.standings(["seal", "doctor", "other"])[1].finished_at == NOON


# The process


def standing(app: Flask, name: str) -> job_runs.Standing:
    with app.app_context(), transaction(write=False):
        return job_runs.standings([name])[0]


@pytest.fixture
def one_job(monkeypatch: pytest.MonkeyPatch) -> str:
    """A table with one job that is due in an hour."""
    for name in list(JOBS):
        monkeypatch.delitem(JOBS, name)
    monkeypatch.setitem(JOBS, "hourly", Job(lambda _at: {"rows": 0}, every_seconds=3600))
    return "hourly"


def test_the_process_beats_and_plans(app: Flask, one_job: str) -> None:
    with jobs_process(app) as running:
        assert running.until(lambda: standing(app, one_job).next_at is not None)
        with app.app_context(), transaction(write=False):
            assert job_runs.is_alive(at=clock.now())
    assert running.said == ["started"]


def test_a_second_process_waits_and_then_takes_over(
    app: Flask, one_job: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "WAIT_SECONDS", 0.05)
    with ExitStack() as stack:
        first = stack.enter_context(jobs_process(app))
        assert first.until(lambda: first.said == ["started"])
        with jobs_process(app) as second:
            assert second.until(lambda: second.rounds == 5)
            assert second.said == ["waiting"]
            stack.close()
            assert second.until(lambda: second.said == ["waiting", "started"])


def test_what_was_missed_while_nobody_ran_the_jobs_is_run_once_at_the_start(
    app: Flask, one_job: str
) -> None:
    with jobs_process(app) as running:
        assert running.until(lambda: standing(app, one_job).next_at is not None)
    assert standing(app, one_job).started_at is None
    make_due(app, one_job, clock.now() - timedelta(days=3))

    with jobs_process(app) as running:
        assert running.until(lambda: standing(app, one_job).outcome == "done")
    with app.app_context(), transaction(write=False):
        assert len(db.session.scalars(select(JobRun)).all()) == 1
    assert standing(app, one_job).next_at > clock.now()


def test_a_store_that_is_away_when_a_job_is_due_is_waited_for(
    app: Flask, one_job: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The scheduler's thread ends without a fault that nobody catches; the next one goes on."""
    with jobs_process(app) as running:
        assert running.until(lambda: standing(app, one_job).next_at is not None)
    make_due(app, one_job, clock.now())
    away = [OperationalError("UPDATE", None, sqlite3.OperationalError("disk I/O error"))]
    update = SQLAlchemyJobStore.update_job

    def update_job(store: Any, job: Any) -> None:
        if away:
            raise away.pop()
        update(store, job)

    monkeypatch.setattr(SQLAlchemyJobStore, "update_job", update_job)
    monkeypatch.setattr(process, "BEAT_SECONDS", 0.05)
    monkeypatch.setattr(process, "WAIT_SECONDS", 0.05)
    with jobs_process(app) as running:
        assert running.until(lambda: running.said == ["started", "away", "started"])
        assert running.until(lambda: standing(app, one_job).outcome == "done")


def make_due(app: Flask, name: str, at: datetime) -> None:
    with app.app_context(), transaction():
        row = db.session.get_one(ScheduledJob, name)
        state = pickle.loads(row.job_state) | {"next_run_time": at}
        row.next_run_time, row.job_state = at.timestamp(), pickle.dumps(state)


def test_a_job_that_is_no_longer_in_the_table_leaves_the_plan(
    app: Flask, one_job: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with jobs_process(app) as running:
        assert running.until(lambda: standing(app, one_job).next_at is not None)
    monkeypatch.delitem(JOBS, one_job)
    monkeypatch.setitem(JOBS, "another", Job(lambda _at: {}, daily_at=(3, 0)))
    with jobs_process(app) as running:
        assert running.until(lambda: standing(app, "another").next_at is not None)
    assert standing(app, one_job).next_at is None


def test_a_run_that_a_dead_process_left_open_is_marked(app: Flask, one_job: str) -> None:
    with app.app_context(), transaction():
        job_runs.begin(one_job, at=NOON)
    with jobs_process(app) as running:
        assert running.until(lambda: standing(app, one_job).outcome == "cut_off")


def test_the_night_counts_final_rounds_and_no_other(inside: None) -> None:
    with transaction():
        cast = make.cast()
        make_ratings.record(cast.wang, cast.team, 5000)
        row = make_ratings.round_at("final", cast)
        make_ratings.complaint(cast.wang)
        by = make.acting(cast.coordinator)
        round_steps.open_round(cast.town.id, "2025H2", by=by, at=make_ratings.AFTER_NOTICE)
        round_id, wang_id = row.id, cast.wang.id
    assert run_job("late_changes", at=NOON).result == {"rounds": 1, "people": 1}
    found = db.session.execute(select(LateChange.round_id, LateChange.volunteer_id)).all()
    assert [tuple(each) for each in found] == [(round_id, wang_id)]
