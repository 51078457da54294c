"""Enters what stands on a printed sheet, each line by the verb of ticks, each once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import select

from volunteer_service import journal, settings
from volunteer_service.attendance.check_ins import check_in, late_reviews
from volunteer_service.attendance.check_ins.situation import Kind
from volunteer_service.attendance.refusals import TimeAhead
from volunteer_service.attendance.roster_sheets.printing import LINES
from volunteer_service.attendance.roster_sheets.refusals import (
    ExitBeforeEntry,
    LineEntered,
    LineOfAnother,
    SheetUnknown,
)
from volunteer_service.attendance.roster_sheets.roster_sheet_models import RosterLine, RosterSheet
from volunteer_service.bounds import whole
from volunteer_service.db import db, fetch, settle_refusal
from volunteer_service.errors import Refused
from volunteer_service.events.models import SignUp
from volunteer_service.identifiers import check_characters
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Account

#: A written time this long before the shift belongs to the next day.
_BEFORE = timedelta(hours=6)


@dataclass(frozen=True)
class Written:
    """What somebody wrote on a line; the number of a volunteer only on a blank one."""

    line: int
    came_at: datetime | None = None
    left_at: datetime | None = None
    number: str = ""


@dataclass(frozen=True)
class Entered:
    """What an entry did: how many lines are new, and by line why others are not."""

    new: int
    refused: dict[int, Refused]


def sheet(event_id: int, sheet_id: int, *, by: Actor) -> RosterSheet:
    """Return a sheet of the event."""
    check_in.need_gate(event_id, by)
    row = db.session.get(RosterSheet, sheet_id)
    if row is None or row.event_id != event_id:
        raise SheetUnknown(field="number")
    return row


def sheet_numbered(event_id: int, text: str, *, by: Actor) -> RosterSheet:
    """Return the sheet of the event with this number, as it is typed from the paper."""
    return sheet(event_id, check_characters.read_sheet_number(text) or 0, by=by)


def enter_roster_sheet(
    event_id: int, sheet_id: int, written: Sequence[Written], *, by: Actor, at: datetime
) -> Entered:
    """Check in and out who stands on the sheet, at the times written there.

    Each line counts or is refused for itself (:func:`check_in.tick`): a time that is older than a
    day, or of a closed shift, waits on the anomaly desk. What was entered before stays: the same
    times again are nothing new, other times are :class:`LineEntered`.
    """
    row = sheet(event_id, sheet_id, by=by)
    whole(len(written), 1, LINES, "lines")
    # Two who enter the same sheet at once do it one after the other.
    fetch(RosterSheet, row.id, lock=True)
    lines = {line.line: line for line in row.lines}
    refused: dict[int, Refused] = {}
    new = 0
    for each in written:
        whole(each.line, 1, len(lines), "line")
        done, refusal = _enter(row, lines[each.line], each, by, at)
        new += done
        if refusal is not None:
            refused[each.line] = refusal
    journal.record(
        "attendance.enter_roster_sheet",
        row.event,
        account_id=by.account_id,
        door=by.door,
        at=at,
        sheet=row.id,
        new=new,
        refused=len(refused),
    )
    db.session.flush()
    return Entered(new, refused)


def _enter(
    row: RosterSheet, line: RosterLine, written: Written, by: Actor, at: datetime
) -> tuple[bool, Refused | None]:
    """Enter one line: its entry, then its exit; tell whether anything is new, and why not all."""
    new, waits = False, None
    try:
        for kind, time in _told(line, written, at).items():
            try:
                with db.session.begin_nested():
                    _tick(row, line, written, kind, time, by, at)
            except Refused as refusal:
                settle_refusal()
                if late_reviews.kind_of(refusal) is None:
                    raise
                # The time waits on the anomaly desk, once.
                waits = waits or refusal
            if line.sign_up_id is None:
                place = (
                    SignUp.shift_id == row.shift_id,
                    SignUp.volunteer_id == _who(line, written),
                )
                line.sign_up_id = db.session.scalars(select(SignUp.id).where(*place)).first()
            _keep(line, kind, time, by, at)
            new = True
    except Refused as refusal:
        return new, refusal
    return new, waits


def _told(line: RosterLine, written: Written, at: datetime) -> dict[Kind, datetime]:
    """Return the new times of a line, where they have come and are of the line's own person."""
    times = _new_times(line, written)
    if any(time > at for time in times.values()):
        raise TimeAhead()
    if line.sign_up is None and line.entered_at and times:
        # Whose first time waits on the anomaly desk; the line does not say who that was.
        raise _entered(line)
    person = line.sign_up.volunteer_id if line.sign_up else None
    if person and written.number and check_in.numbered(written.number) != person:
        raise LineOfAnother()
    return times


def _tick(
    row: RosterSheet,
    line: RosterLine,
    written: Written,
    kind: Kind,
    time: datetime,
    by: Actor,
    at: datetime,
) -> None:
    who = _who(line, written)
    # The same sheet sent twice is the same scans; a time that was mistyped is another one.
    what = f"roster-sheet/{row.id}/{line.line}/{who}/{kind}/{time.isoformat()}"
    check_in.tick(
        row.event_id,
        volunteer_id=who,
        kind=kind,
        scan_id=sha256(what.encode()).hexdigest()[:32],
        shift_id=row.shift_id if kind == "in" else None,
        tapped_at=time,
        sent_at=at,
        numbered=who if line.sign_up_id is None else None,
        by=by,
        at=at,
    )


def _new_times(line: RosterLine, written: Written) -> dict[Kind, datetime]:
    """Return which of the written times were not entered yet."""
    pairs: dict[Kind, tuple[datetime | None, datetime | None]] = {
        "in": (line.came_at, written.came_at),
        "out": (line.left_at, written.left_at),
    }
    if any(known and said not in (None, known) for known, said in pairs.values()):
        raise _entered(line)
    came_at, left_at = (known or said for known, said in pairs.values())
    if came_at and left_at and left_at < came_at:
        raise ExitBeforeEntry()
    return {kind: said for kind, (known, said) in pairs.items() if said and not known}


def _entered(line: RosterLine) -> LineEntered:
    name = db.session.scalar(select(Account.name).where(Account.id == line.entered_by_id))
    when = line.entered_at.astimezone(settings.current().zone) if line.entered_at else None
    return LineEntered(name=name or "—", when=f"{when:%Y-%m-%d %H:%M}" if when else "—")


def _who(line: RosterLine, written: Written) -> int:
    if line.sign_up is not None:
        return line.sign_up.volunteer_id
    return check_in.numbered(written.number)


def _keep(line: RosterLine, kind: Kind, time: datetime, by: Actor, at: datetime) -> None:
    if kind == "in":
        line.came_at = time
    else:
        line.left_at = time
    line.entered_at, line.entered_by_id = at, by.account_id


def time_on(sheet: RosterSheet, hour: int, minute: int) -> datetime:
    """Return the instant of a time that stands on the sheet without its day."""
    starts_at = sheet.shift.starts_at.astimezone(settings.current().zone)
    found = starts_at.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return found + timedelta(days=1) if found < starts_at - _BEFORE else found
