"""Prints the roster of an event: numbered sheets, shift by shift, with blank lines at the end."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.interfaces import ORMOption

from volunteer_service import journal
from volunteer_service.attendance import refusals
from volunteer_service.attendance.check_ins import check_in
from volunteer_service.attendance.roster_sheets.refusals import NothingToPrint, SheetUnknown
from volunteer_service.attendance.roster_sheets.roster_sheet_models import RosterLine, RosterSheet
from volunteer_service.db import db
from volunteer_service.events.models import Shift, SignUp
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Volunteer

#: Lines of a sheet in large type, and the fewest blank ones of a shift.
LINES, BLANK = 16, 4


def print_sheets(event_id: int, *, by: Actor, at: datetime) -> Sequence[RosterSheet]:
    """Make the sheets of every shift that is open, in the order of names; each printing has numbers
    of its own.

    Sheets of an earlier printing stay valid: what is entered twice is told at its line.
    """
    event = check_in.need_gate(event_id, by)
    if event.state != "published":
        raise refusals.EventNotRunning()
    query = select(Shift).where(
        Shift.event_id == event.id, Shift.removed_at.is_(None), Shift.closed_at.is_(None)
    )
    shifts = db.session.scalars(query.order_by(Shift.starts_at, Shift.id)).all()
    if not shifts:
        raise NothingToPrint()
    sheets = _new_sheets(shifts, by, at)
    db.session.add_all(sheets)
    db.session.flush()
    journal.record(
        "attendance.print_sheets",
        event,
        account_id=by.account_id,
        door=by.door,
        at=at,
        sheets=[sheet.id for sheet in sheets],
    )
    return sheets


def _new_sheets(shifts: Sequence[Shift], by: Actor, at: datetime) -> list[RosterSheet]:
    return [
        RosterSheet(
            event_id=shift.event_id,
            shift_id=shift.id,
            page=page,
            printed_at=at,
            printed_by_id=by.account_id,
            lines=[RosterLine(line=n, sign_up_id=id_) for n, id_ in enumerate(ids, start=1)],
        )
        for shift in shifts
        for page, ids in enumerate(_pages(shift), start=1)
    ]


def sheets_of(event_id: int, *, by: Actor) -> Sequence[RosterSheet]:
    """Return the event's sheets, the newest printing first."""
    check_in.need_gate(event_id, by)
    query = select(RosterSheet).where(RosterSheet.event_id == event_id)
    query = query.options(_with_lines()).order_by(RosterSheet.printed_at.desc(), RosterSheet.id)
    return db.session.scalars(query).all()


def newest_sheets(event_id: int, *, by: Actor) -> Sequence[RosterSheet]:
    """Return the sheets of the newest printing, to put on paper."""
    check_in.need_gate(event_id, by)
    newest = select(func.max(RosterSheet.printed_at)).where(RosterSheet.event_id == event_id)
    query = select(RosterSheet).where(
        RosterSheet.event_id == event_id, RosterSheet.printed_at == newest.scalar_subquery()
    )
    found = db.session.scalars(query.options(_with_lines()).order_by(RosterSheet.id)).all()
    if not found:
        raise SheetUnknown()
    return found


def _with_lines() -> ORMOption:
    return selectinload(RosterSheet.lines).joinedload(RosterLine.sign_up)


def _pages(shift: Shift) -> list[list[int | None]]:
    query = (
        select(SignUp.id)
        .join(Volunteer, Volunteer.id == SignUp.volunteer_id)
        .where(SignUp.shift_id == shift.id, SignUp.state.in_(("confirmed", "waiting")))
        .order_by(Volunteer.name_order, Volunteer.id)
    )
    lines: list[int | None] = [*db.session.scalars(query), *[None] * BLANK]
    lines += [None] * (-len(lines) % LINES)
    return [lines[n : n + LINES] for n in range(0, len(lines), LINES)]
