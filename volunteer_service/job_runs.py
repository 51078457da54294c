"""Records of the jobs: their runs, their heartbeat, and the next run of each."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import (
    CheckConstraint,
    CursorResult,
    Float,
    Index,
    LargeBinary,
    String,
    delete,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from volunteer_service.db import Base, Identity, db

OUTCOMES = ("done", "refused", "failed", "cut_off")

#: Runs of one job that are kept; the sealing job alone makes thousands a day.
KEPT = 100

#: A heartbeat older than this means that no process runs the jobs.
FRESH = timedelta(seconds=60)


class JobRun(Base):
    """One run of one job: begun, ended, and what it did in codes and numbers."""

    __tablename__ = "job_runs"
    __table_args__ = (
        CheckConstraint(f"outcome IN {OUTCOMES}", name="outcome"),
        Index("ix_job_runs_name_id", "name", "id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    name: Mapped[str] = mapped_column(String(32))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(8))
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Heartbeat(Base):
    """The last sign of life of the jobs process; one row."""

    __tablename__ = "heartbeat"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]


class ScheduledJob(Base):
    """APScheduler's persistent store, in the shape that its SQLAlchemyJobStore needs."""

    __tablename__ = "scheduled_jobs"

    id: Mapped[str] = mapped_column(String(191), primary_key=True)
    #: Seconds since 1970, UTC.
    next_run_time: Mapped[float | None] = mapped_column(Float(25), index=True)
    job_state: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass(frozen=True)
class Standing:
    """A job as ``jobs list`` shows it: when it runs next, and its last run."""

    name: str
    next_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    outcome: str | None
    result: dict[str, Any]


def begin(name: str, *, at: datetime) -> JobRun:
    """Record that a job began."""
    run = JobRun(name=name, started_at=at, result={})
    db.session.add(run)
    db.session.flush()
    return run


def end(run_id: int, outcome: str, result: dict[str, Any], *, at: datetime) -> JobRun:
    """Record how a run ended; the newest :data:`KEPT` runs of each job are kept."""
    run = db.session.get_one(JobRun, run_id)
    run.finished_at, run.outcome, run.result = at, outcome, result
    oldest = (
        select(JobRun.id)
        .where(JobRun.name == run.name)
        .order_by(JobRun.id.desc())
        .offset(KEPT - 1)
        .limit(1)
        .scalar_subquery()
    )
    db.session.execute(delete(JobRun).where(JobRun.name == run.name, JobRun.id < oldest))
    return run


def cut_off(*, at: datetime) -> int:
    """Mark the runs that a dead process left open; only the holder of the jobs lock may do it."""
    left_open = update(JobRun).where(JobRun.finished_at.is_(None))
    marked = db.session.execute(left_open.values(finished_at=at, outcome="cut_off"))
    return cast("CursorResult[Any]", marked).rowcount


def beat(*, at: datetime) -> None:
    """Record that the jobs process is alive."""
    beaten = db.session.execute(update(Heartbeat).values(at=at))
    if not cast("CursorResult[Any]", beaten).rowcount:
        db.session.add(Heartbeat(id=1, at=at))


def last_beat() -> datetime | None:
    """Return the last sign of life; None before the first."""
    return db.session.scalar(select(Heartbeat.at))


def is_alive(*, at: datetime) -> bool:
    """Tell whether the jobs process gave a sign of life within :data:`FRESH`."""
    last = last_beat()
    return last is not None and at - last < FRESH


def ages(*, at: datetime) -> dict[str, float]:
    """Return the seconds since each job last ended well."""
    rows = db.session.execute(
        select(JobRun.name, db.func.max(JobRun.finished_at))
        .where(JobRun.outcome == "done")
        .group_by(JobRun.name)
    )
    return {name: (at - last).total_seconds() for name, last in rows}


def standings(names: list[str]) -> list[Standing]:
    """Return the standing of each named job, in the order given (two queries however many)."""
    newest = select(db.func.max(JobRun.id)).where(JobRun.name.in_(names)).group_by(JobRun.name)
    last = {
        run.name: run for run in db.session.scalars(select(JobRun).where(JobRun.id.in_(newest)))
    }
    due = dict(db.session.execute(select(ScheduledJob.id, ScheduledJob.next_run_time)).all())
    return [_standing(name, last.get(name), due.get(name)) for name in names]


def _standing(name: str, run: JobRun | None, due: float | None) -> Standing:
    next_at = None if due is None else datetime.fromtimestamp(due, UTC)
    if run is None:
        return Standing(name, next_at, None, None, None, {})
    return Standing(name, next_at, run.started_at, run.finished_at, run.outcome, run.result)
