"""A paper sheet entered whole: the event once, then everybody on it; one approval for all of it.

A sheet is entered entirely or not at all. Its records carry one key (``source_key`` begins with the
sheet's), so that a second person approves them in one go.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from volunteer_service import journal
from volunteer_service.attendance import backfill as one_by_one
from volunteer_service.attendance import refusals
from volunteer_service.attendance.backfill import Backfill
from volunteer_service.attendance.entered_by_hand import tell_who_entered
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db, fetch
from volunteer_service.errors import NotFound
from volunteer_service.people import people_lists, person_search
from volunteer_service.people.authorization import rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.models import Volunteer
from volunteer_service.people.person_names import folded
from volunteer_service.teams.models import Membership, Team
from volunteer_service.visible_text import said

#: Names of one sheet, and likely people shown for one name.
MOST_NAMES, MOST_LIKELY = 200, 20
#: What stands before a name in a chat: «1. », «2、», «(3) », «④».
_NUMBERING = re.compile(r"^\s*(?:[(（]?\d{1,3}\s*[.．、)）:：]\s*|[①-⑳]\s*|[-*•·]\s+)")
#: Within a line a new number begins a new name: «1. 张三 2. 李四».
_NEXT = re.compile(r"[\n\r,，;；、]+|\s+(?=[(（]?\d{1,3}\s*[.．、)）])|(?=[①-⑳])")
_KEY = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Line:
    """One name as it was typed, and who it may be; the likeliest first."""

    typed: str
    likely: tuple[Volunteer, ...]

    @property
    def only(self) -> Volunteer | None:
        """The person, where there is no doubt: the whole name or number, and nobody else's."""
        if len(self.likely) != 1:
            return None
        (person,) = self.likely
        is_whole = folded(self.typed) in (folded(person.name), folded(person.number))
        return person if is_whole else None


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


def names_in(text: str) -> list[str]:
    """The names of a pasted list: numbered, by comma or one a line; a name twice is one."""
    # A numbering with 、 («1、张三») is no separator.
    text = re.sub(r"(\d{1,3})\s*、", r"\1.", text)
    parts = (_NUMBERING.sub("", part).strip() for part in _NEXT.split(text))
    return list(dict.fromkeys(part for part in parts if part))


def judged(text: str, *, team_id: int, by: Actor) -> list[Line]:
    """For each name of a pasted list who it may be: of the team first, then of one's places."""
    team = _team(team_id, by)
    known = _members(team)
    return [Line(name, _likely(name, team, known, by)) for name in names_in(text)]


def chosen(lines: Sequence[Line], picks: Mapping[str, int | None]) -> list[int]:
    """Who the lines are: as picked, else the only one it may be; ``None`` leaves a line out."""
    unclear = [line for line in lines if line.only is None and line.typed not in picks]
    if unclear:
        raise refusals.NamesUnclear(field="names", count=len(unclear))
    found = (picks.get(line.typed, line.only.id if line.only else None) for line in lines)
    return [volunteer_id for volunteer_id in found if volunteer_id is not None]


def members(team_id: int, *, by: Actor) -> Sequence[Volunteer]:
    """Who is in the team, by name, to be picked."""
    return _members(_team(team_id, by))


@said("sheet.event_name", "sheet.place", "sheet.content", "sheet.leader_name", "sheet.reason")
def enter_sheet(
    sheet: Sheet, volunteer_ids: Sequence[int], *, by: Actor, at: datetime
) -> list[ServiceRecord]:
    """Enter the whole sheet; each record as by hand (:func:`backfill.backfill`), or none of it."""
    _team(sheet.team_id, by)
    people = sorted(set(volunteer_ids))
    if not 0 < len(people) <= MOST_NAMES:
        raise refusals.SheetOfNobody(most=MOST_NAMES)
    key = uuid4().hex
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
    """The key of the sheet on which this record was entered; None where it was entered alone."""
    key = record.source_key.partition("-")[0]
    is_of_one = record.source_type == "backfill" and "-" in record.source_key
    return key if is_of_one and _KEY.fullmatch(key) else None


def on_sheet(key: str, *, by: Actor) -> list[ServiceRecord]:
    """The records of a sheet by name, for who may see them."""
    if not _KEY.fullmatch(key):
        raise NotFound()
    found = db.session.scalars(
        select(ServiceRecord)
        .join(ServiceRecord.volunteer)
        .options(contains_eager(ServiceRecord.volunteer))
        .where(
            ServiceRecord.source_type == "backfill",
            ServiceRecord.source_key.startswith(f"{key}-"),
        )
        .order_by(Volunteer.name_order, ServiceRecord.id)
    ).all()
    if not found:
        raise NotFound()
    team = found[0].team
    rights.need(by, Right.RECORD_SEE, area_path=team.area.path, team_id=team.id)
    return list(found)


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


def _members(team: Team, typed: str = "") -> Sequence[Volunteer]:
    """Who is in the team; with something typed, whom of them it finds."""
    return db.session.scalars(
        select(Volunteer)
        .join(Membership, Membership.volunteer_id == Volunteer.id)
        .where(
            Membership.team_id == team.id,
            Membership.state == "active",
            Volunteer.state == "active",
            *person_search.by_text(typed),
        )
        .order_by(Volunteer.name_order, Volunteer.id)
    ).all()


def _likely(
    typed: str, team: Team, members: Sequence[Volunteer], by: Actor
) -> tuple[Volunteer, ...]:
    """The one function that asks who a typed name is.

    A whole name comes before a part of one, even where only the part is of the team.
    """
    wanted = folded(typed)
    as_typed = tuple(row for row in members if typed in (row.name, row.number))
    of_team = as_typed or tuple(row for row in members if folded(row.name) == wanted)
    if of_team:
        return of_team[:MOST_LIKELY]
    found = people_lists.volunteers(by=by, q=typed, state="active", limit=MOST_LIKELY).items
    exact = tuple(row for row in found if folded(row.name) == wanted)
    return exact or tuple(_members(team, typed))[:MOST_LIKELY] or tuple(found)
