"""Tells everybody whose hours, points or entry an import changed, on their own page."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select

from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db
from volunteer_service.openings.models import (
    OpeningHours,
    OpeningPaper,
    OpeningPoints,
    OpeningStar,
)
from volunteer_service.people import merged_entries
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.points.models import Transfer
from volunteer_service.teams.models import Membership
from volunteer_service.workbooks.models import ImportChange

_AT_A_TIME = 1000

Told = tuple[int, dict[str, int]]
#: Each fact of the message: its table, and what is summed for a person.
_OPENED: tuple[tuple[str, Any, Any], ...] = (
    ("points", OpeningPoints, func.sum(OpeningPoints.amount)),
    ("minutes", OpeningHours, func.sum(OpeningHours.minutes)),
    ("stars", OpeningStar, func.count()),
    ("papers", OpeningPaper, func.count()),
)


def brought_in(import_id: int, *, at: datetime) -> None:
    """Tell people with records their sums, and people who were only registered that they were."""
    messages.tell_each("import_changed_you", _sums(import_id), at=at)
    messages.tell_each("import_entered_you", _entered(import_id), at=at)
    messages.tell_each("import_opened_you", _opened(import_id), at=at)


def taken_back(import_id: int, *, at: datetime) -> None:
    """Tell people what is deleted; call it before anything of the import is deleted.

    The reversals tell people of their points.
    """
    gone = (
        (person, {"records": sums["records"], "minutes": sums["minutes"]})
        for person, sums in _sums(import_id)
    )
    messages.tell_each("import_taken_back", gone, at=at)
    messages.tell_each("opening_taken_back", _opened(import_id), at=at)


def _sums(import_id: int) -> Iterator[Told]:
    """Sum records, minutes and points of each person, a page of people at a time."""
    earned = and_(
        Transfer.source_type == "record",
        Transfer.source_id == ServiceRecord.id,
        Transfer.kind == "earn",
    )
    query = (
        select(
            ServiceRecord.volunteer_id,
            func.count(),
            func.sum(ServiceRecord.minutes),
            func.coalesce(func.sum(Transfer.amount), 0),
        )
        .outerjoin(Transfer, earned)
        .where(ServiceRecord.import_id == import_id)
        .group_by(ServiceRecord.volunteer_id)
    )
    for person, records, minutes, points in _pages(query, ServiceRecord.volunteer_id):
        facts = {"records": records, "minutes": int(minutes), "points": int(points)}
        yield person, facts


def _entered(import_id: int) -> Iterator[Told]:
    """Find people who were registered or joined a team, and got no record; a move has its own
    message.
    """
    moved = select(ImportChange.target_id).where(
        ImportChange.import_id == import_id,
        ImportChange.field == "team",
        ImportChange.state == "done",
    )
    members = select(Membership.volunteer_id).where(
        Membership.import_id == import_id, Membership.volunteer_id.not_in(moved)
    )
    with_records = select(ServiceRecord.volunteer_id).where(ServiceRecord.import_id == import_id)
    query = select(Volunteer.id).where(
        or_(Volunteer.import_id == import_id, Volunteer.id.in_(members)),
        Volunteer.id.not_in(with_records),
    )
    for (person,) in _pages(query, Volunteer.id):
        yield person, {}


def _opened(import_id: int) -> Iterator[Told]:
    """Sum what was taken over for each person, for the kept entry."""
    of_each: dict[int, Counter[str]] = {}
    for name, table, worth in _OPENED:
        query = select(table.volunteer_id, worth).where(table.import_id == import_id)
        for person, amount in db.session.execute(query.group_by(table.volunteer_id)):
            of_each.setdefault(person, Counter())[name] += int(amount)
    heirs = merged_entries.heirs(of_each) if of_each else {}
    nothing = {name: 0 for name, _table, _worth in _OPENED}
    for person, sums in of_each.items():
        yield heirs[person], nothing | sums


def _pages(query: Any, person: Any) -> Iterator[Any]:
    """Return the rows by person, a page at a time: messages are written in between."""
    last = 0
    while rows := db.session.execute(
        query.where(person > last).order_by(person).limit(_AT_A_TIME)
    ).all():
        yield from rows
        last = rows[-1][0]
