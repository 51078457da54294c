"""The jobs: each is an idempotent verb that catches up on what was missed while no process ran
it.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app

from volunteer_service import clock, idempotency, job_runs
from volunteer_service.attendance import closing, staff_digest
from volunteer_service.attendance.anomalies import finding as anomalies
from volunteer_service.attendance.backfills import sheet_papers
from volunteer_service.db import db, transaction
from volunteer_service.errors import Refused
from volunteer_service.events import place_offers, shift_reminders
from volunteer_service.job_runs import JobRun
from volunteer_service.jobs import sending_office
from volunteer_service.jobs.doctor import doctor
from volunteer_service.lists.exports import kept_exports
from volunteer_service.outbox import sending
from volunteer_service.people.authentication import known_devices, sessions, sign_in_tries
from volunteer_service.people.authorization import whole_service_admins as admins
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.scoring.points import expiry, seals
from volunteer_service.scoring.ratings import (
    late_changes,
    late_counts,
    opening_rounds,
    policy_versions,
    round_steps,
)
from volunteer_service.scoring.rewards import order_reminders, orders
from volunteer_service.teams import placing
from volunteer_service.workbooks import receiving
from volunteer_service.workbooks.handing_in import uploads

#: Days that the answers of idempotent calls are kept for a retry.
KEY_DAYS = 7

#: Differences that a run names; the doctor command lists them all.
NAMED = 20

BY = Actor.system("job")

Result = dict[str, Any]


class UnknownJob(Refused):
    """There is no job of this name."""

    status = 404
    message = "没有名为“%(name)s”的任务。可用的任务：%(names)s。"


@dataclass(frozen=True)
class Job:
    """What is done, and how often: every so many seconds, or daily at a local (hour, minute)."""

    work: Callable[[datetime], Result]
    every_seconds: int | None = None
    daily_at: tuple[int, int] | None = None
    #: Jobs that repeat in transactions of their own until nothing is left; their counts are summed.
    in_batches: bool = False
    #: Its steps have transactions of their own, because it asks other machines between them.
    is_stepwise: bool = False
    #: Jobs of one thread run one after the other.
    thread: str = "default"


def run_job(name: str, *, at: datetime) -> JobRun:
    """Run a job now and record how it went; a crash is recorded too, never raised."""
    if name not in JOBS:
        raise UnknownJob(name=name, names=", ".join(JOBS))
    with transaction():
        run_id = job_runs.begin(name, at=at).id
    outcome, result = _attempt(JOBS[name], at)
    with transaction():
        run = job_runs.end(run_id, outcome, result, at=clock.now())
        db.session.flush()
        # Reading it after the commit would begin a transaction that nobody ends.
        db.session.expunge(run)
    return run


def _attempt(job: Job, at: datetime) -> tuple[str, Result]:
    try:
        return "done", _ways(job)(job, at)
    except Refused as refused:
        return "refused", {"code": refused.code()}
    except Exception as error:
        current_app.logger.exception("job failed", exc_info=error)
        return "failed", {"error": type(error).__name__}


def _ways(job: Job) -> Callable[[Job, datetime], Result]:
    if job.is_stepwise:
        return lambda job, at: job.work(at)
    return _batches if job.in_batches else _once


def _once(job: Job, at: datetime) -> Result:
    with transaction():
        return job.work(at)


def _batches(job: Job, at: datetime) -> Result:
    done = Counter[str]()
    while True:
        batch = _once(job, at)
        done.update(batch)
        if not any(batch.values()):
            return dict(done)


def _lapse_orders(at: datetime) -> Result:
    return {"lapsed": orders.lapse_due(at=at)}


def _expire_points(at: datetime) -> Result:
    return {"members": expiry.expire_due(at=at)}


def _seal(at: datetime) -> Result:
    sealed = seals.seal(at=at)
    return {"upto": sealed.upto_id, "count": sealed.count} if sealed else {}


def _close_events(at: datetime) -> Result:
    return {"closed": closing.close_due(by=BY, at=at)}


def _begin_policies(at: datetime) -> Result:
    return {"begun": policy_versions.begin_due(at=at)}


def _end_notices(at: datetime) -> Result:
    return {"closed": round_steps.close_due(by=BY, at=at)}


def _lapse_offers(at: datetime) -> Result:
    return {"lapsed": place_offers.lapse_due(by=BY, at=at)}


def _team_places(at: datetime) -> Result:
    return dict(placing.begin_due(at=at))


def _drop_papers(at: datetime) -> Result:
    return {
        "dropped": sheet_papers.drop_unused(at=at),
        "exports": kept_exports.drop_old(at=at),
        "imports": receiving.drop_old(at=at),
        "uploads": uploads.drop_old_uploads(at=at),
    }


def _forget_keys(at: datetime) -> Result:
    return {
        "forgotten": idempotency.forget(at - timedelta(days=KEY_DAYS)),
        "sessions": sessions.forget_sessions(at - timedelta(days=sessions.LIFE_DAYS)),
        "devices": known_devices.forget_devices(at),
        "tries": sign_in_tries.forget_tries(at - sign_in_tries.FORGOTTEN_AFTER),
    }


def _reminders(at: datetime) -> Result:
    return {
        "shifts": shift_reminders.remind(at=at),
        "orders": order_reminders.remind(at=at),
        "points": expiry.remind(at=at),
    }


def _find_anomalies(at: datetime) -> Result:
    return {"found": anomalies.find(at=at)}


def _open_rounds(at: datetime) -> Result:
    return {"opened": opening_rounds.open_due(by=BY, at=at)}


def _count_late(at: datetime) -> Result:
    with transaction():
        ids = late_counts.rounds_to_count()
    found = 0
    for round_id in ids:
        # A transaction a round, so that none waits for the count of the others.
        with transaction():
            found += late_counts.count_late(round_id, at=at)
    return {"rounds": len(ids), "people": found}


def _digest(at: datetime) -> Result:
    return {
        "told": staff_digest.tell_waiting(at=at),
        "supplements": late_changes.tell_due(at=at),
    }


def _doctor(at: datetime) -> Result:
    found = doctor()
    if found:
        admins.tell_whole_service("doctor_found", at=at, differences=len(found))
    return {
        "differences": len(found),
        "named": [f"{each.check}: {each.subject}" for each in found[:NAMED]],
    }


def _send_messages(_at: datetime) -> Result:
    return dict(sending.send_due(sending_office.office()))


JOBS: dict[str, Job] = {
    "begin_policies": Job(_begin_policies, every_seconds=300),
    "seal": Job(_seal, every_seconds=15),
    "send_messages": Job(_send_messages, every_seconds=15, is_stepwise=True, thread="sending"),
    "close_events": Job(_close_events, every_seconds=300, in_batches=True),
    "lapse_orders": Job(_lapse_orders, every_seconds=300, in_batches=True),
    "lapse_offers": Job(_lapse_offers, every_seconds=300, in_batches=True),
    "end_notices": Job(_end_notices, every_seconds=3600),
    "drop_papers": Job(_drop_papers, every_seconds=3600, in_batches=True),
    "team_places": Job(_team_places, daily_at=(0, 5), in_batches=True),
    "expire_points": Job(_expire_points, daily_at=(0, 10), in_batches=True),
    "find_anomalies": Job(_find_anomalies, daily_at=(4, 10)),
    "open_rounds": Job(_open_rounds, daily_at=(0, 20)),
    "late_changes": Job(_count_late, daily_at=(4, 30), is_stepwise=True),
    "reminders": Job(_reminders, every_seconds=300),
    "digest": Job(_digest, daily_at=(8, 5)),
    "forget_keys": Job(_forget_keys, daily_at=(3, 20)),
    "doctor": Job(_doctor, daily_at=(3, 40)),
}
