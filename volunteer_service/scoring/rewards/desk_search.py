"""The searches of the desk: an order by its code, people, waiting orders, today's hand-overs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import joinedload, undefer

from volunteer_service import settings
from volunteer_service.areas.models import Area
from volunteer_service.db import db
from volunteer_service.errors import Phrase
from volunteer_service.people.authorization import conflicts, rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import living_under, need_on_person
from volunteer_service.people.models import Volunteer
from volunteer_service.people.search import person_search
from volunteer_service.scoring.rewards import pick_up_codes
from volunteer_service.scoring.rewards.models import Gift, Redemption
from volunteer_service.scoring.rewards.refusals import CodeUnknown

#: The most people on one screen; of more the page says how many, and asks for the last digits.
_MOST = 30


@dataclass(frozen=True)
class Found:
    """One order, or people; a miss when something was asked and nothing found."""

    order: Redemption | None = None
    people: Sequence[Volunteer] = field(default=())
    orders: Sequence[Redemption] = field(default=())
    #: How many people were found; the first of them are in ``people``.
    count: int = 0
    is_miss: bool = False


def find(text: str, *, by: Actor) -> Found:
    """Find what was typed or scanned: an order by its code, else people."""
    if not text:
        return Found()
    if pick_up_codes.read(text):
        row = seek(text, by=by)
        return Found(order=row, is_miss=row is None)
    people, count = find_people(text, by=by)
    if count != 1:
        return Found(people=people, count=count, is_miss=not people)
    return Found(people=people, count=1, orders=open_orders_of(people[0].id, by=by))


def find_by_code(text: str, *, by: Actor) -> Redemption:
    """Return as :func:`seek` does, or raise :class:`CodeUnknown`."""
    row = seek(text, by=by)
    if row is None:
        raise CodeUnknown()
    return row


def seek(text: str, *, by: Actor) -> Redemption | None:
    """Return the order of a pick-up code, typed or scanned, at a desk that the actor serves."""
    code = pick_up_codes.read(text)
    return db.session.scalars(
        select(Redemption)
        .join(Redemption.gift)
        .join(Gift.area)
        .where(Redemption.code_hash == pick_up_codes.hash_of(code or ""), _desks(by))
    ).one_or_none()


def find_people(text: str, *, by: Actor) -> tuple[Sequence[Volunteer], int]:
    """Return the first people found at the actor's desks, by pinyin, and how many there are."""
    served = living_under(by, Right.DESK)
    query = select(Volunteer).where(Volunteer.state == "active", served)
    query = query.where(*person_search.by_text(text))
    query = query.order_by(Volunteer.name_order, Volunteer.id).limit(_MOST)
    found = db.session.scalars(query.options(undefer(Volunteer.phone))).all()
    return found, len(found) if len(found) < _MOST else person_search.count(query)


def need_customer(person: Volunteer, *, by: Actor) -> None:
    """Pass for a person whom the actor's desk serves; refuse others."""
    need_on_person(by, Right.DESK, person)


def open_orders_of(volunteer_id: int, *, by: Actor) -> Sequence[Redemption]:
    """Return the orders that wait for this volunteer at the actor's desks, the oldest first."""
    return db.session.scalars(
        select(Redemption)
        .join(Redemption.gift)
        .join(Gift.area)
        .options(joinedload(Redemption.volunteer))
        .where(Redemption.volunteer_id == volunteer_id, Redemption.state == "ordered", _desks(by))
        .order_by(Redemption.id)
    ).all()


def waiting(*, by: Actor, at: datetime, limit: int) -> Sequence[Redemption]:
    """Return the orders that can be picked up at the actor's desks, the oldest first."""
    return db.session.scalars(
        select(Redemption)
        .join(Redemption.gift)
        .join(Gift.area)
        .options(joinedload(Redemption.volunteer), joinedload(Redemption.gift))
        .where(Redemption.state == "ordered", Redemption.lapses_at > at, _desks(by))
        .order_by(Redemption.ordered_at, Redemption.id)
        .limit(max(limit, 0))
    ).all()


def handed_over_today(*, by: Actor, at: datetime) -> Sequence[Redemption]:
    """Return what the actor's desks handed over this local day, the latest first."""
    begin = settings.day_begins(settings.local_day(at))
    return db.session.scalars(
        select(Redemption)
        .join(Redemption.gift)
        .join(Gift.area)
        .options(joinedload(Redemption.volunteer), joinedload(Redemption.gift))
        .where(
            Redemption.state == "handed_over",
            Redemption.ended_at >= begin,
            _kept_by(by, Right.GIFT_EDIT),
        )
        .order_by(Redemption.ended_at.desc())
        .limit(100)
    ).all()


def why_not_undone(
    rows: Sequence[Redemption], *, by: Actor, at: datetime
) -> Mapping[int, Phrase | None]:
    """Return by order why the actor may not undo its hand-over; None where they may."""
    first = {row.ended_by_id for row in rows}
    reasons = conflicts.why_not_each(by, first, at=at)
    tied = conflicts.reasons(by, {row.volunteer_id for row in rows}, at=at)
    return {
        row.id: Phrase("这是您自己的订单")
        if row.volunteer_id == by.volunteer_id
        else tied.get(row.volunteer_id) or reasons[row.ended_by_id]
        for row in rows
    }


def _desks(by: Actor) -> ColumnElement[bool]:
    return _kept_by(by, Right.DESK)


def _kept_by(by: Actor, right: Right) -> ColumnElement[bool]:
    paths, _teams = rights.places(by, right)
    return or_(false(), *(Area.path.startswith(path) for path in paths))
