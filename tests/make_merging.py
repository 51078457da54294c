"""Merging two entries in tests."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from tests import make
from tests.make_attendance import record
from tests.make_points import FRIDAY
from volunteer_service import clock
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.attendance.records import record_points
from volunteer_service.db import Base, db
from volunteer_service.merging import steps, undoing
from volunteer_service.merging.teams.steps import merge_teams
from volunteer_service.people.changes.change_models import Merging
from volunteer_service.people.models import Account, Volunteer

DAY = timedelta(days=1)
#: What an undo leaves behind: that it was done, and what is append-only or a running number.
TRACES = {
    *("mergings", "merging_moves", "points_passings", "journal", "messages", "transfers"),
    *("lot_moves", "points_accounts", "lots", "record_changes", "sessions", "devices"),
}


def merge(
    cast: make.Cast,
    kept: Volunteer,
    other: Volunteer,
    *,
    by: Account | None = None,
    at: datetime = FRIDAY,
    **fields: Any,
) -> Merging:
    """Merge ``other`` into ``kept``."""
    actor = make.acting(by or cast.coordinator)
    return steps.merge(kept.id, other.id, reason="登记了两次", by=actor, at=at, **fields)


def teams(cast: make.Cast) -> int:
    """A team that was merged into the cast's: the id of the merging."""
    merged = make.team(f"旧队{make.next_number()}", area=cast.community)
    by, at = make.acting(cast.coordinator), clock.now()
    return merge_teams(cast.team.id, merged.id, reason="人少了", by=by, at=at).id


def undo(
    cast: make.Cast, row: Merging, *, by: Account | None = None, at: datetime = FRIDAY + DAY
) -> Merging:
    """Take it back: alone, or by two what two agreed."""
    actor, reason = make.acting(by or cast.coordinator), "不是一个人"
    if undoing.why_two(row, by=actor) is None:
        return undoing.undo_merging(row.id, reason=reason, by=actor, at=at)
    undoing.ask_undo(row.id, reason=reason, by=actor, at=at)
    return undoing.undo_merging(row.id, by=make.acting(cast.second), at=at)


def served(
    volunteer: Volunteer, cast: make.Cast, *, day: int = 0, minutes: int = 60, **fields: Any
) -> ServiceRecord:
    """A confirmed record of so many days ago, with its points."""
    starts_at = make.MORNING - day * DAY
    row = record(volunteer, team=cast.team, starts_at=starts_at, minutes=minutes, **fields)
    record_points.grant([row], by=make.acting(cast.coordinator), at=FRIDAY)
    return row


def picture() -> dict[str, list[str]]:
    """Every row of the database that an undo must give back."""
    db.session.flush()
    db.session.expire_all()
    return {
        table.name: sorted(map(repr, db.session.execute(select(table)).all()))
        for table in Base.metadata.sorted_tables
        if table.name not in TRACES
    }
