"""Records that changed after their round was frozen: a final round then needs a supplement."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, select

from volunteer_service import settings
from volunteer_service.attendance.models import RecordChange, ServiceRecord
from volunteer_service.db import db
from volunteer_service.people.changes.change_models import Merging, MergingMove
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Account, Grant, Volunteer
from volunteer_service.scoring.ratings import late_counts
from volunteer_service.scoring.ratings.models import Round, RoundResult
from volunteer_service.scoring.rules.half_years import HalfYear


@dataclass(frozen=True)
class Due:
    """A person whose records differ from the facts of their latest round."""

    result_id: int
    volunteer_id: int
    name: str
    changed_at: datetime


def due(row: Round) -> list[Due]:
    """Return the people who need a supplement of this final round, by name; nobody before it is
    final.
    """
    if row.state != "final":
        return []
    frozen = _frozen(row)
    found = changed(row)
    people = {who: at for who, at in found.items() if who in frozen and at > frozen[who][1]}
    return [Due(frozen[who][0], who, name, people[who]) for who, name in _named(people)]


def tell_due(*, at: datetime) -> int:
    """Tell coordinators in the morning whose final rounds need a supplement, once for each change.

    Only rounds of the last two ended half-years count. Return how many were told.
    """
    told = 0
    for row in _final_rounds(at):
        found = due(row)
        counted = late_counts.waiting_ids(row, with_other_star=True)
        people = {each.volunteer_id for each in found}.union(counted)
        if not people:
            continue
        last = [str(int(max(each.changed_at for each in found).timestamp()))] if found else []
        more = sorted(people.difference(each.volunteer_id for each in found))
        change = "-".join(last + ([_digest(more)] if more else []))
        facts = {"round": row.id, "half_year": row.half_year, "people": len(people)}
        for account_id in _coordinators(row):
            key = f"supplement:{row.id}:{account_id}:{change}"
            told += messages.tell_account_once(account_id, "supplement_due", key, at=at, **facts)
    return told


def _digest(people: Sequence[int]) -> str:
    return hashlib.sha256(" ".join(map(str, people)).encode()).hexdigest()[:12]


def _final_rounds(at: datetime) -> Sequence[Round]:
    last = HalfYear.of(settings.local_day(at)).previous
    ended = [str(last), str(last.previous)]
    query = select(Round).where(
        Round.state == "final", Round.supplement == 0, Round.half_year.in_(ended)
    )
    return db.session.scalars(query.order_by(Round.id)).all()


def _coordinators(row: Round) -> Sequence[int]:
    above = [int(part) for part in row.area.path.split("/") if part]
    query = (
        select(Account.id)
        .join(Grant, Grant.account_id == Account.id)
        .where(
            Grant.role == "coordinator",
            Grant.area_id.in_(above),
            Account.disabled_at.is_(None),
        )
        .distinct()
        .order_by(Account.id)
    )
    return db.session.scalars(query).all()


def _frozen(row: Round) -> dict[int, tuple[int, datetime]]:
    """Return the query for each person's result in the round, and when their facts were last
    frozen.
    """
    query = (
        select(RoundResult.volunteer_id, RoundResult.id, Round.id, Round.frozen_at)
        .join(Round, Round.id == RoundResult.round_id)
        .where(
            Round.area_id == row.area_id,
            Round.half_year == row.half_year,
            Round.frozen_at.is_not(None),
            Round.state != "withdrawn",
        )
        .order_by(Round.supplement)
    )
    found: dict[int, tuple[int, datetime]] = {}
    for who, result_id, round_id, frozen_at in db.session.execute(query):
        own = result_id if round_id == row.id or who not in found else found[who][0]
        if frozen_at is not None:
            found[who] = own, frozen_at
    return found


def changed(row: Round) -> dict[int, datetime]:
    """Return for each person when the worth of a record of the half-year last changed since the
    freeze.
    """
    half = HalfYear.parse(row.half_year)
    within = and_(
        ServiceRecord.served_on >= half.starts_on, ServiceRecord.served_on <= half.ends_on
    )
    amended = (
        select(ServiceRecord.volunteer_id, func.max(RecordChange.at))
        .join(RecordChange, RecordChange.record_id == ServiceRecord.id)
        .where(within, RecordChange.at > row.frozen_at, _counts_other())
        .group_by(ServiceRecord.volunteer_id)
    )
    confirmed = (
        select(ServiceRecord.volunteer_id, func.max(ServiceRecord.confirmed_at))
        .where(
            within, ServiceRecord.state == "confirmed", ServiceRecord.confirmed_at > row.frozen_at
        )
        .group_by(ServiceRecord.volunteer_id)
    )
    found: dict[int, datetime] = {}
    for query in (amended, confirmed, _merged(within, row.frozen_at)):
        for who, at in db.session.execute(query):
            if at is not None:
                found[who] = max(at, found.get(who, at))
    return found


def _merged(within: ColumnElement[bool], since: datetime | None) -> Select[int, datetime | None]:
    """Return the query for when a merging last gave a person records of another entry."""
    return (
        select(Merging.kept_id, func.max(Merging.done_at))
        .join(MergingMove, MergingMove.merging_id == Merging.id)
        .join(ServiceRecord, ServiceRecord.id == MergingMove.row_id)
        .where(
            within,
            MergingMove.table_name == ServiceRecord.__tablename__,
            ServiceRecord.state == "confirmed",
            Merging.state == "done",
            Merging.done_at > since,
        )
        .group_by(Merging.kept_id)
    )


def _counts_other() -> ColumnElement[bool]:
    was, now = (
        RecordChange.before["minutes"].as_integer(),
        RecordChange.after["minutes"].as_integer(),
    )
    return and_(was.is_not(None), was != now)


def _named(people: Collection[int]) -> list[tuple[int, str]]:
    query = select(Volunteer.id, Volunteer.name).where(Volunteer.id.in_(people))
    rows = db.session.execute(query.order_by(Volunteer.name_order, Volunteer.id))
    return [(id_, name) for id_, name in rows]
