"""Takes back what was carried over to a series, as a whole, on the same day."""

from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select

from volunteer_service import journal, settings
from volunteer_service.db import db
from volunteer_service.errors import Conflict, WrittenByNewerProgram
from volunteer_service.events import (
    change_undoing,
    refusals,
    rescheduling,
    series_changes,
    series_snapshots,
)
from volunteer_service.events.models import Event
from volunteer_service.events.series_changes import ChangedSeries, People
from volunteer_service.events.series_models import SeriesChange
from volunteer_service.events.settled_places import Touched
from volunteer_service.people.authorization.actor import Actor

#: The reason that people read.
REASON = "撤销这一系列的改动"


def undo_carry_over(event_id: int, *, by: Actor, at: datetime) -> ChangedSeries:
    """Restore every event of the last carrying over, on the day of that change.

    The verbs that change a single event restore each of them, so that their people are told and
    keep their minutes. One that was changed since, or has begun, stays as it is, and the answer
    says why. Raises :class:`refusals.NothingToUndo` if there is none, or if none can be restored.
    """
    event, series_id = series_changes.in_series(event_id, by)
    row = last_carried(event, series_id, at=at)
    if row is None:
        raise refusals.NothingToUndo()
    WrittenByNewerProgram.unless(row.format, known=series_snapshots.FORMAT)
    events = [db.session.get_one(Event, int(id_)) for id_ in row.before]
    events.sort(key=lambda each: each.starts_at)
    found = series_changes.each(events, partial(_back, row, by, at))
    if not found.done:
        raise found.left[0].refusal
    row.undone_at, row.undone_by_id = at, by.account_id
    journal.record(
        "events.undo_carry_over",
        event,
        account_id=by.account_id,
        door=by.door,
        at=at,
        series=series_id,
        events=len(found.done),
        left=len(found.left),
    )
    db.session.flush()
    return found


def last_carried(event: Event, series_id: int, *, at: datetime) -> SeriesChange | None:
    """Return the change of the series that may be taken back now, if any."""
    query = select(SeriesChange).where(
        SeriesChange.series_id == series_id, SeriesChange.undone_at.is_(None)
    )
    row = db.session.scalars(query.order_by(SeriesChange.id.desc()).limit(1)).first()
    if row is None or settings.local_day(row.at) != settings.local_day(at):
        return None
    return row


def _back(row: SeriesChange, by: Actor, at: datetime, event: Event) -> People:
    was: dict[str, Any] = row.before[str(event.id)]
    if event.version != was["version"]:
        raise Conflict()
    if event.state == "draft":
        series_snapshots.draft_back(event, was)
    elif was["change"] is not None:
        change_undoing.undo_change(event.id, version=event.version, by=by, at=at)
    people: tuple[Touched, ...] = ()
    if event.state == "published":
        for shift_id in was["added"]:
            gone = rescheduling.remove_shift(shift_id, reason=REASON, by=by, at=at)
            people = (*people, *gone.touched)
        series_snapshots.span_back(event, was)
    series_snapshots.words_back(event, was, by=by, at=at)
    return people
