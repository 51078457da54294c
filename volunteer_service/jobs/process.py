"""The jobs process: APScheduler over a persistent store, one holder at a time, with a heartbeat."""

import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import tzinfo
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask, current_app
from sqlalchemy.exc import DBAPIError

from volunteer_service import clock, job_runs, settings
from volunteer_service.db import db, transaction
from volunteer_service.db.retry import is_away
from volunteer_service.errors import Away
from volunteer_service.job_runs import ScheduledJob
from volunteer_service.jobs.lock import Held, only_one
from volunteer_service.jobs.work import JOBS, Job, run_job

BEAT_SECONDS = 15
#: How often a process that waits for the lock tries again.
WAIT_SECONDS = 2


class Stopped(threading.Event):
    """The event that SIGTERM, SIGINT or the loss of the lock sets."""

    def on_signals(self) -> None:
        """Handle the signals that end a service; only in the main thread."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: self.set())


def run(app: Flask, stopped: Stopped, say: Callable[[str], None]) -> None:
    """Run the jobs until ``stopped``; wait for another jobs process to end, or for the database.

    ``say`` is called with ``waiting``, ``started`` and ``away``. A missed job runs once.
    """
    last = ""
    with app.app_context():
        while not stopped.is_set():
            state = _try(app, stopped, say)
            if state != last and not stopped.is_set():
                say(state)
            last = state
            stopped.wait(WAIT_SECONDS)


def _try(app: Flask, stopped: Stopped, say: Callable[[str], None]) -> str:
    """Run the jobs as long as possible; return why it ended: ``waiting`` or ``away``."""
    try:
        with only_one(db.engine) as held:
            if held is None:
                return "waiting"
            say("started")
            _run(app, held, stopped)
    except (DBAPIError, Away) as error:
        if not is_away(error):
            raise
        app.logger.warning("the database is away", extra={"facts": {"jobs": "wait"}})
    finally:
        db.session.remove()
    return "away"


def scheduled(name: str) -> None:
    """Run one job once, in a context of its own; the persistent store calls this."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    with app.app_context():
        run_job(name, at=clock.now())


def _run(app: Flask, held: Held, stopped: Stopped) -> None:
    """Record heartbeats and let the scheduler work until ``stopped`` or until the lock is lost."""
    with transaction():
        job_runs.cut_off(at=clock.now())
        job_runs.beat(at=clock.now())
    scheduler = _scheduler(app, settings.current().zone)
    scheduler.start(paused=True)
    _plan(scheduler)
    scheduler.resume()
    try:
        while not stopped.wait(BEAT_SECONDS) and held() and scheduler.is_well:
            with transaction():
                job_runs.beat(at=clock.now())
    finally:
        scheduler.shutdown()


class _Scheduler(BackgroundScheduler):  # type: ignore[misc]  # without types
    """APScheduler's scheduler, which reports when its thread ended because the store did not
    answer.
    """

    def _main_loop(self) -> None:
        # APScheduler handles such a store when it reads what is due, not when it writes.
        try:
            super()._main_loop()
        except DBAPIError as error:
            if not is_away(error):
                raise

    @property
    def is_well(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def shutdown(self, wait: bool = True) -> None:
        """End it; a store that does not answer needs nothing."""
        with suppress(DBAPIError):
            super().shutdown(wait)


def _scheduler(app: Flask, zone: tzinfo) -> _Scheduler:
    # One thread: jobs never wait for each other's locks. A job that asks other machines has a
    # thread of its own, so that no other job waits for those machines. They run inside the
    # application.
    def thread() -> ThreadPoolExecutor:
        return ThreadPoolExecutor(1, {"initializer": lambda: app.app_context().push()})

    store = SQLAlchemyJobStore(engine=db.engine, tablename=ScheduledJob.__tablename__)
    return _Scheduler(
        executors={name: thread() for name in sorted({job.thread for job in JOBS.values()})},
        jobstores={"default": store},
        # A job that is late or was missed several times runs once.
        job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        timezone=zone,
    )


def _plan(scheduler: BackgroundScheduler) -> None:
    """Bring the store to :data:`JOBS`; a job whose plan did not change keeps what it missed."""
    for stored in scheduler.get_jobs():
        if stored.id not in JOBS:
            stored.remove()
    for name, job in JOBS.items():
        trigger = _trigger(job, scheduler.timezone)
        stored = scheduler.get_job(name)
        # Adding it again would move the next run into the future.
        is_same = stored is not None and _words(stored.trigger) == _words(trigger)
        if not is_same or stored.executor != job.thread:
            scheduler.add_job(
                scheduled,
                trigger,
                args=[name],
                id=name,
                name=name,
                executor=job.thread,
                replace_existing=True,
            )


def _words(trigger: Any) -> str:
    return f"{trigger} {trigger.timezone}"


def _trigger(job: Job, zone: Any) -> IntervalTrigger | CronTrigger:
    if job.daily_at is None:
        return IntervalTrigger(seconds=job.every_seconds, timezone=zone)
    hour, minute = job.daily_at
    return CronTrigger(hour=hour, minute=minute, timezone=zone)
