"""Finds the scans behind a list of records: the times in and out, and who ticked."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from volunteer_service.attendance.models import Scan, ServiceRecord
from volunteer_service.db import db
from volunteer_service.people.merged_entries import entries_of
from volunteer_service.people.models import Account


@dataclass(frozen=True)
class Scanned:
    """One accepted scan; ``ticked_by`` names the leader of a manual tick."""

    scan: Scan
    ticked_by: str


def of(records: Sequence[ServiceRecord]) -> dict[int, list[Scanned]]:
    """Return accepted scans by record id, oldest first, in one query; imports have none."""
    known: dict[tuple[int | None, int | None], int] = {
        (row.event_id, row.volunteer_id): row.id
        for row in records
        if row.source_type == "attendance"
    }
    found: dict[int, list[Scanned]] = {row.id: [] for row in records}
    if not known:
        return found
    # A scan keeps the entry with which it was made, even after that was merged into another.
    entries = entries_of({who for _event_id, who in known if who is not None})
    query = (
        select(Scan, Account.name)
        .outerjoin(Account, Account.id == Scan.account_id)
        .where(
            Scan.event_id.in_({event_id for event_id, _who in known}),
            Scan.volunteer_id.in_(entries),
            Scan.outcome == "accepted",
        )
        .order_by(Scan.scanned_at, Scan.id)
    )
    for scan, name in db.session.execute(query):
        record_id = known.get((scan.event_id, entries.get(scan.volunteer_id or 0)))
        if record_id is not None:
            by_hand = name or "" if scan.source == "roster" else ""
            found[record_id].append(Scanned(scan, by_hand))
    return found
