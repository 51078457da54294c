"""Says what undoing an import takes from whom, before anybody undoes it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, union

from volunteer_service import settings
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db, in_lists
from volunteer_service.openings.models import OPENING, TABLES, OpeningPoints
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.points import bulk_reversals
from volunteer_service.scoring.rewards.models import Redemption
from volunteer_service.workbooks.import_states import allowed
from volunteer_service.workbooks.models import ImportChange
from volunteer_service.workbooks.refusals import ImportNotReady
from volunteer_service.workbooks.taking_back import changed_since
from volunteer_service.workbooks.writing.changes import is_as_made

#: The most people who are named: those who lose most.
NAMED = 10


@dataclass(frozen=True)
class Loser:
    """The loss of one person: points and the remaining debt (hundredths), and open orders."""

    volunteer_id: int
    number: str
    name: str
    points: int
    debt: int
    orders: int


@dataclass(frozen=True)
class Forecast:
    """The effect of undoing an import.

    ``orders`` are open orders of people who would then owe points, because this import pays for
    them. ``people`` are deleted entries, ``members`` people who lose records or points and stay.
    """

    people: int
    members: int
    records: int
    minutes: int
    points: int
    debt: int
    in_debt: int
    orders: int
    #: Changes that are undone, and those that stay because of a later change.
    changes: int
    kept: int
    #: What was changed since and therefore stays, by table.
    changed_since: Mapping[str, int]
    largest: tuple[Loser, ...]


def forecast(import_id: int, *, by: Actor, at: datetime) -> Forecast:
    """Return what :func:`undoing.undo` would take now; refused of what is not applied."""
    row = allowed(import_id, by)
    if row.state != "applied":
        raise ImportNotReady(state=row.state)
    mine = ServiceRecord.import_id == row.id
    openings = select(OpeningPoints.id).where(OpeningPoints.import_id == row.id)
    sources = {
        "record": db.session.scalars(select(ServiceRecord.id).where(mine)).all(),
        OPENING: db.session.scalars(openings).all(),
    }
    losses = bulk_reversals.foretold(sources, on=settings.local_day(at))
    orders = _open_orders({loss.volunteer_id for loss in losses if loss.debt})
    sums = select(func.count(), func.coalesce(func.sum(ServiceRecord.minutes), 0))
    records, minutes = db.session.execute(sums.where(mine)).one()
    changes, kept = _changes(row.id)
    return Forecast(
        people=_brought(row.id),
        members=_staying(row.id),
        records=records,
        minutes=int(minutes),
        points=sum(loss.points for loss in losses),
        debt=sum(loss.debt for loss in losses),
        in_debt=sum(1 for loss in losses if loss.debt),
        orders=sum(orders.values()),
        changes=changes,
        kept=kept,
        changed_since=dict(sorted(changed_since.count(row).items())),
        largest=_named(losses[:NAMED], orders),
    )


def _brought(import_id: int) -> int:
    query = select(func.count()).where(Volunteer.import_id == import_id)
    return db.session.scalar(query) or 0


def _staying(import_id: int) -> int:
    owners = union(
        *(
            select(table.volunteer_id).where(table.import_id == import_id)
            for table in (ServiceRecord, *TABLES)
        )
    )
    query = select(func.count()).where(
        Volunteer.id.in_(owners), Volunteer.import_id.is_distinct_from(import_id)
    )
    return db.session.scalar(query) or 0


def _open_orders(people: set[int]) -> Counter[int]:
    found: Counter[int] = Counter()
    for ids in in_lists(sorted(people)):
        query = (
            select(Redemption.volunteer_id, func.count())
            .where(Redemption.volunteer_id.in_(ids), Redemption.state == "ordered")
            .group_by(Redemption.volunteer_id)
        )
        found.update({row[0]: row[1] for row in db.session.execute(query)})
    return found


def _changes(import_id: int) -> tuple[int, int]:
    query = select(ImportChange).where(
        ImportChange.import_id == import_id, ImportChange.state == "done"
    )
    found = [is_as_made(row) for row in db.session.scalars(query)]
    return sum(found), len(found) - sum(found)


def _named(losses: list[bulk_reversals.Loss], orders: Counter[int]) -> tuple[Loser, ...]:
    ids = [loss.volunteer_id for loss in losses]
    rows = db.session.execute(
        select(Volunteer.id, Volunteer.number, Volunteer.name).where(Volunteer.id.in_(ids))
    )
    people = {row.id: row for row in rows}
    return tuple(
        Loser(
            loss.volunteer_id,
            people[loss.volunteer_id].number,
            people[loss.volunteer_id].name,
            loss.points,
            loss.debt,
            orders[loss.volunteer_id],
        )
        for loss in losses
    )
