"""Finds anomalies of the last days; the job may run any number of times."""

from datetime import datetime, timedelta

from volunteer_service import journal
from volunteer_service.attendance.anomalies.anomaly_models import Anomaly
from volunteer_service.attendance.anomalies.kinds import KINDS
from volunteer_service.db import INSERTS, db

#: How far back each run looks; a missed day and phones without network leave no gap.
DAYS = 8


def find(*, at: datetime) -> int:
    """Keep once each what every kind finds in the last days; return how many are new."""
    since = at - timedelta(days=DAYS)
    insert = INSERTS[db.engine.dialect.name]
    new = 0
    for name, kind in KINDS.items():
        for found in kind.find(since) if kind.find else ():
            row = {"kind": name, **vars(found), "found_at": at, "state": "open"}
            kept = db.session.scalar(
                insert(Anomaly)
                .values(row)
                .on_conflict_do_nothing(index_elements=["kind", "key"])
                .returning(Anomaly.id)
            )
            if kept is not None:
                new += 1
                _journal(kept, name, at)
    return new


def _journal(id_: int, kind: str, at: datetime) -> None:
    row = db.session.get_one(Anomaly, id_)
    journal.record("anomalies.find", row, account_id=None, door="job", at=at, kind=kind)
