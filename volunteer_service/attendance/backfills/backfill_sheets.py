"""A paper sheet entered whole: the event once, then everybody on it; one approval for all of it.

A sheet is entered entirely or not at all. Its records carry one key (``source_key`` begins with the
sheet's), so that a second person approves them in one go.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from volunteer_service import journal
from volunteer_service.attendance import refusals
from volunteer_service.attendance.backfills import backfill as one_by_one
from volunteer_service.attendance.backfills.backfill import Backfill
from volunteer_service.attendance.backfills.entered_by_hand import tell_who_entered
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db, fetch
from volunteer_service.errors import NotFound
from volunteer_service.people.authorization import rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.models import Volunteer
from volunteer_service.teams import findable, pasted_names
from volunteer_service.teams.models import Team
from volunteer_service.teams.pasted_names import Line
from volunteer_service.visible_text import said

#: Names of one sheet.
MOST_NAMES = pasted_names.MOST_NAMES
#: What ends the source key of a sheet's first record.
FIRST = "-000"
_KEY = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What all records of the sheet have in common."""

    team_id: int
    event_name: str
    place: str
    content: str
    starts_at: datetime
    ends_at: datetime
    minutes: int
    leader_name: str
    reason: str


def judged(text: str, *, team_id: int, by: Actor, at: datetime) -> list[Line]:
    """Return for each name of a pasted list who it may be: members of the team first, then
    others.
    """
    return pasted_names.judged(text, _team(team_id, by), by=by, at=at)


def members(team_id: int, *, by: Actor) -> Sequence[Volunteer]:
    """Return the team's members by name, to choose from."""
    return findable.members_of(_team(team_id, by))


@said("sheet.event_name", "sheet.place", "sheet.content", "sheet.leader_name", "sheet.reason")
def enter_sheet(
    sheet: Sheet,
    volunteer_ids: Sequence[int],
    *,
    key: str | None = None,
    by: Actor,
    at: datetime,
) -> list[ServiceRecord]:
    """Enter the whole sheet; each record as by hand (:func:`backfill.backfill`), or none of it.

    ``key`` is that under which its papers were kept aside; without papers, a new one.
    """
    _team(sheet.team_id, by)
    people = sorted(set(volunteer_ids))
    if not 0 < len(people) <= MOST_NAMES:
        raise refusals.SheetOfNobody(most=MOST_NAMES)
    key = key or uuid4().hex
    records: list[ServiceRecord] = []
    common = {each.name: getattr(sheet, each.name) for each in fields(sheet)}
    for n, volunteer_id in enumerate(people):
        plan = Backfill(volunteer_id=volunteer_id, **common)
        records.append(one_by_one.backfill(plan, source_key=f"{key}-{n:03d}", by=by, at=at))
    journal.record(
        "attendance.enter_sheet",
        fetch(Team, sheet.team_id),
        account_id=by.account_id,
        door=by.door,
        at=at,
        sheet=key,
        people=len(people),
    )
    return records


def sheet_of(record: ServiceRecord) -> str | None:
    """Return the key of the sheet on which this record was entered; None where it was entered
    alone.
    """
    key = record.source_key.partition("-")[0]
    is_of_one = record.source_type == "backfill" and "-" in record.source_key
    return key if is_of_one and _KEY.fullmatch(key) else None


def on_sheet(key: str, *, by: Actor) -> list[ServiceRecord]:
    """Return the records of a sheet by name, for an actor who may see them."""
    found = records_of(key)
    if not found:
        raise NotFound()
    team = found[0].team
    rights.need(by, Right.RECORD_SEE, area_path=team.area.path, team_id=team.id)
    return list(found)


def records_of(key: str) -> Sequence[ServiceRecord]:
    """Return the records of a sheet by name, without a guard; none if there is no such sheet."""
    if not _KEY.fullmatch(key):
        return []
    return db.session.scalars(
        select(ServiceRecord)
        .join(ServiceRecord.volunteer)
        .options(contains_eager(ServiceRecord.volunteer))
        .where(
            ServiceRecord.source_type == "backfill",
            ServiceRecord.source_key.startswith(f"{key}-"),
        )
        .order_by(Volunteer.name_order, ServiceRecord.id)
    ).all()


def approve_sheet(key: str, *, by: Actor, at: datetime) -> list[ServiceRecord]:
    """Let every waiting record of a sheet count: a second person, on nobody of their own."""
    waiting = [row for row in on_sheet(key, by=by) if row.waits_for == "second"]
    if not waiting:
        raise refusals.RecordNotWaiting()
    approved = [
        one_by_one.let_count(row.id, by=by, at=at)
        for row in sorted(waiting, key=lambda row: row.id)
    ]
    tell_who_entered(approved, by=by, at=at)
    return approved


def _team(team_id: int, by: Actor) -> Team:
    team = fetch(Team, team_id)
    rights.need(by, Right.RECORD_CONFIRM, area_path=team.area.path, team_id=team.id)
    return team
