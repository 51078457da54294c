"""Later acts that depend on a merging: they block its undoing, and the refusal names them."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import func, select

from volunteer_service import policies
from volunteer_service.attendance.models import Dispute, ServiceRecord
from volunteer_service.certificates.models import Certificate
from volunteer_service.db import db
from volunteer_service.errors import Counts, Refused, refusal_of
from volunteer_service.merging import entries, moved_rows, refusals, words
from volunteer_service.people import merged_entries
from volunteer_service.people.changes.change_models import Merging, MergingMove
from volunteer_service.scoring.ratings.models import Round, RoundResult


def need_undoable(row: Merging, moves: Collection[MergingMove], *, at: datetime) -> None:
    """Refuse, with the reason, a merging that can no longer be undone."""
    days = policies.active().merge_undo_days
    if row.state != "done" or row.done_at is None:
        raise refusals.MergingDecided()
    if at > row.done_at + timedelta(days=days):
        raise refusals.TooLateToUndo(days=days)
    later = row.kept.merged_into_id
    if later is not None:
        number = merged_entries.number_of(later)
        raise refusals.LaterMergingFirst(kept=row.kept.number, number=number)
    found = moved_rows.changed_since(moves) + _built_since(row, row.done_at, moves)
    if found:
        raise refusals.ChangedSince(what=Counts(_worded(found)))


def why_not(row: Merging, moves: Collection[MergingMove], *, at: datetime) -> Refused | None:
    """Return why :func:`need_undoable` would refuse, for a page; None where it would not."""
    return refusal_of(lambda: need_undoable(row, moves, at=at))


def _built_since(row: Merging, done_at: datetime, moves: Collection[MergingMove]) -> Counter[str]:
    records = {move.row_id for move in moves if move.table_name == "service_records"}
    came = {str(move.row_id) for move in moves if move.table_name == "attendances"}
    made = select(ServiceRecord.id).where(
        ServiceRecord.source_type == "attendance", ServiceRecord.source_key.in_(came)
    )
    rated = select(func.count(RoundResult.id)).join(Round, Round.id == RoundResult.round_id)
    issued = select(func.count(Certificate.id))
    disputed = select(func.count(Dispute.id))
    counts = {
        # Presences that moved and became records since: their event was closed.
        "service_records": len(set(db.session.scalars(made)) - records) + _overlaps_changed(moves),
        "round_results": db.session.scalar(
            rated.where(RoundResult.volunteer_id == row.kept_id, Round.frozen_at >= done_at)
        ),
        "certificates": db.session.scalar(
            issued.where(Certificate.volunteer_id == row.kept_id, Certificate.issued_at > done_at)
        ),
        "disputes": db.session.scalar(
            disputed.where(Dispute.record_id.in_(records), Dispute.opened_at > done_at)
        ),
        "volunteers": int(entries.exchanged_since(row)),
    }
    return +Counter({name: count or 0 for name, count in counts.items()})


def _overlaps_changed(moves: Collection[MergingMove]) -> int:
    found = 0
    for move in moves:
        if move.table_name == moved_rows.OVERLAP:
            record = db.session.get(ServiceRecord, move.row_id)
            now = None if record is None else {"state": record.state, "version": record.version}
            found += now != move.stood
    return found


def _worded(found: Counter[str]) -> dict[str, int]:
    named: Counter[str] = Counter()
    for name, count in found.items():
        named[words.TABLES.get(name, words.OTHER)] += count
    return dict(named)
