"""Reading attendance: rosters with ticks, lists of records, one record down to its scans."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, false, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from volunteer_service import paging
from volunteer_service.areas.models import Area
from volunteer_service.attendance import worth
from volunteer_service.attendance.models import (
    Attendance,
    Dispute,
    Evaluation,
    RecordChange,
    Scan,
    ServiceRecord,
)
from volunteer_service.db import db, fetch
from volunteer_service.errors import NotFound
from volunteer_service.events import queries as events
from volunteer_service.events.models import Event, SignUp
from volunteer_service.people import rights
from volunteer_service.people.actor import Actor
from volunteer_service.people.rights import Right
from volunteer_service.teams.models import Team


@dataclass(frozen=True)
class Row:
    """One line of a leader's list: the sign-up and the presence, if any."""

    sign_up: SignUp
    attendance: Attendance | None

    @property
    def is_present(self) -> bool:
        """In, and not yet out."""
        return self.attendance is not None and self.attendance.checked_out_at is None


@dataclass(frozen=True)
class Roster:
    """Who signed up, who came, who is still here."""

    event: Event
    rows: list[Row]

    @property
    def came(self) -> int:
        """Head count: everybody who checked in."""
        return sum(row.attendance is not None for row in self.rows)

    @property
    def present(self) -> int:
        """Everybody who has not left yet."""
        return sum(row.is_present for row in self.rows)


@dataclass(frozen=True)
class Explanation:
    """A record and the whole way to it: scans, shift, amendments, disputes, points."""

    record: ServiceRecord
    attendance: Attendance | None
    scans: Sequence[Scan]
    changes: Sequence[RecordChange]
    disputes: Sequence[Dispute]
    evaluation: Evaluation | None
    points: int | None
    is_own: bool


@dataclass(frozen=True, kw_only=True)
class RecordFilter:
    """Which records a list shows; days are local and both count."""

    volunteer_id: int | None = None
    team_id: int | None = None
    event_id: int | None = None
    state: str | None = None
    waits_for: str | None = None
    from_on: date | None = None
    to_on: date | None = None


def roster(event_id: int, *, by: Actor) -> Roster:
    """The leader's list of an event in two queries; cancelled sign-ups are left out."""
    sign_ups = [row for row in events.roster(event_id, by=by) if row.state != "cancelled"]
    presences = db.session.scalars(select(Attendance).where(Attendance.event_id == event_id))
    came = {presence.sign_up_id: presence for presence in presences}
    event = fetch(Event, event_id)
    return Roster(event, [Row(sign_up, came.get(sign_up.id)) for sign_up in sign_ups])


def records_of(
    volunteer_id: int, *, cursor: str | None = None, limit: int = 50
) -> paging.Page[ServiceRecord]:
    """A person's records, newest first."""
    query = select(ServiceRecord).where(ServiceRecord.volunteer_id == volunteer_id)
    return _page(query, cursor, limit)


def listing(
    by: Actor, wanted: RecordFilter, *, cursor: str | None = None, limit: int = 50
) -> paging.Page[ServiceRecord]:
    """Records that the reader may see, own ones included, newest first."""
    query = (
        select(ServiceRecord)
        .join(ServiceRecord.team)
        .join(Team.area)
        .join(ServiceRecord.volunteer)
        .options(
            contains_eager(ServiceRecord.volunteer),
            contains_eager(ServiceRecord.team).contains_eager(Team.area),
        )
        .where(
            or_(_places(by, Right.RECORD_SEE), ServiceRecord.volunteer_id == by.volunteer_id),
            *_wanted(wanted),
        )
    )
    return _page(query, cursor, limit)


def disputes(
    by: Actor, *, state: str | None = "open", cursor: str | None = None, limit: int = 50
) -> paging.Page[Dispute]:
    """Disputes of records that the reader may see, own ones included, oldest first."""
    seen = or_(_places(by, Right.RECORD_SEE), Dispute.volunteer_id == by.volunteer_id)
    query = (
        select(Dispute)
        .join(Dispute.record)
        .join(ServiceRecord.team)
        .join(Team.area)
        .options(contains_eager(Dispute.record).joinedload(ServiceRecord.volunteer))
        .where(seen, *([Dispute.state == state] if state else []))
    )
    return paging.page(query, Dispute.opened_at, Dispute.id, cursor=cursor, limit=limit)


def explain(record_id: int, *, by: Actor) -> Explanation:
    """A record from scan to minutes to points, for its volunteer and those who may see it."""
    record = fetch(ServiceRecord, record_id)
    is_own = by.volunteer_id is not None and by.volunteer_id == record.volunteer_id
    if not is_own:
        team = record.team
        rights.need(by, Right.RECORD_SEE, area_path=team.area.path, team_id=team.id)
    presence = _attendance(record)
    earned = worth.earning_of(record)
    return Explanation(
        record,
        presence,
        _scans(presence) if presence else [],
        _changes(record),
        _disputes(record),
        db.session.scalars(select(Evaluation).where(Evaluation.record_id == record.id)).first(),
        earned.amount if earned else None,
        is_own,
    )


def record_of(dispute_id: int) -> int:
    """Id of the record that a dispute is about."""
    return fetch(Dispute, dispute_id).record_id


def may_decide(record: ServiceRecord, *, by: Actor) -> frozenset[str]:
    """What this reader may do about a record: ``confirm``, ``decide``."""
    path, team_id = record.team.area.path, record.team_id
    known = {"confirm": Right.RECORD_CONFIRM, "decide": Right.RECORD_DECIDE}
    return frozenset(
        name
        for name, right in known.items()
        if rights.may(by, right, area_path=path, team_id=team_id)
    )


def _attendance(record: ServiceRecord) -> Attendance | None:
    if record.source_type != "attendance":
        return None
    found = db.session.get(
        Attendance, int(record.source_key), options=[joinedload(Attendance.shift)]
    )
    if found is None:
        raise NotFound()
    return found


def _scans(presence: Attendance) -> Sequence[Scan]:
    return db.session.scalars(
        select(Scan)
        .where(Scan.event_id == presence.event_id, Scan.volunteer_id == presence.volunteer_id)
        .order_by(Scan.scanned_at, Scan.id)
    ).all()


def _changes(record: ServiceRecord) -> Sequence[RecordChange]:
    query = select(RecordChange).where(RecordChange.record_id == record.id)
    return db.session.scalars(query.order_by(RecordChange.id)).all()


def _disputes(record: ServiceRecord) -> Sequence[Dispute]:
    query = select(Dispute).where(Dispute.record_id == record.id)
    return db.session.scalars(query.order_by(Dispute.id)).all()


def _page(
    query: Select[ServiceRecord], cursor: str | None, limit: int
) -> paging.Page[ServiceRecord]:
    return paging.page(
        query,
        ServiceRecord.starts_at,
        ServiceRecord.id,
        descending=True,
        cursor=cursor,
        limit=limit,
    )


def _places(by: Actor, right: Right) -> ColumnElement[bool]:
    paths, teams = rights.places(by, right)
    found = [Area.path.startswith(path, autoescape=True) for path in paths]
    return or_(false(), ServiceRecord.team_id.in_(teams), *found)


def _wanted(wanted: RecordFilter) -> list[ColumnElement[bool]]:
    equal = {
        ServiceRecord.volunteer_id: wanted.volunteer_id,
        ServiceRecord.team_id: wanted.team_id,
        ServiceRecord.event_id: wanted.event_id,
        ServiceRecord.state: wanted.state,
        ServiceRecord.waits_for: wanted.waits_for,
    }
    found: list[ColumnElement[bool]] = [
        column == value for column, value in equal.items() if value is not None
    ]
    if wanted.from_on is not None:
        found.append(ServiceRecord.served_on >= wanted.from_on)
    if wanted.to_on is not None:
        found.append(ServiceRecord.served_on <= wanted.to_on)
    return found
