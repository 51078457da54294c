"""Scans as evidence: each is stored once, refused ones too; the same id again gets the same
answer.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from volunteer_service.attendance import refusals
from volunteer_service.attendance.check_ins import late_reviews
from volunteer_service.attendance.check_ins.situation import (
    Kind,
    Place,
    Standing,
)
from volunteer_service.attendance.models import Scan
from volunteer_service.db import INSERTS, db
from volunteer_service.db.prepared_statements import Prepared
from volunteer_service.events.models import Event


@dataclass(frozen=True)
class ScanOutcome:
    """What a scan did: ``in`` or ``out``, when, at which event and shift."""

    scan_id: str
    kind: Kind
    at: datetime
    volunteer_id: int
    event_id: int
    title: str
    place: str
    shift_starts_at: datetime
    shift_ends_at: datetime
    replayed: bool = False


#: A known id inserts nothing.
_KEEP = Prepared(
    {
        dialect: insert(Scan).on_conflict_do_nothing(index_elements=["scan_id"]).returning(Scan.id)
        for dialect, insert in INSERTS.items()
    }
)


def keep(row: dict[str, Any]) -> bool:
    """Insert a scan; return False where its id is known already.

    On PostgreSQL a second request with the same id waits here for the first one's commit.
    """
    return _KEEP.happens(row)


def is_kept(scan_id: str) -> bool:
    """Tell whether this scan was written, by another request that was quicker."""
    query = select(Scan.id).where(Scan.scan_id == scan_id)
    return db.session.scalar(query) is not None


def keep_refused(row: dict[str, Any], review: str | None = None) -> None:
    """Keep a refused scan, unless a scan of its id was accepted in between.

    With ``review``, a kind of anomaly, somebody decides whether it counts.
    """
    if (kept := _KEEP.rows(row)) and review is not None:
        late_reviews.keep(kept[0][0], review)


def replay(scan_id: str, volunteer_id: int, found: Standing) -> ScanOutcome:
    """Return the answer that this scan id got: its outcome, or its refusal again."""
    kept = db.session.execute(
        select(Scan, Event.title, Event.place)
        .join(Event, Event.id == Scan.event_id)
        .where(Scan.scan_id == scan_id)
    ).one_or_none()
    if kept is None or (kept[0].volunteer_id, kept[0].event_id) != (volunteer_id, found.event_id):
        raise refusals.ScanIdReused()
    row: Scan = kept[0]
    if row.outcome != "accepted":
        raise refusals.REFUSED_AT_SCAN[row.reason or ""](**row.numbers)
    place = _scanned_place(found, row)
    if place is None:
        raise refusals.ScanIdReused()
    return ScanOutcome(
        scan_id,
        "in" if row.kind == "in" else "out",
        row.scanned_at,
        volunteer_id,
        found.event_id,
        kept[1],
        kept[2],
        place.starts_at,
        place.ends_at,
        replayed=True,
    )


def _scanned_place(found: Standing, row: Scan) -> Place | None:
    """Return the shift whose entry or exit this scan was."""
    side = 0 if row.kind == "in" else 1
    for place in reversed(found.places):
        if any(pair[side] == row.scanned_at for pair in place.pairs):
            return place
    # A scan that was taken back, and a stay into the next shift, match no pair.
    return found.last or next(iter(found.places), None)
