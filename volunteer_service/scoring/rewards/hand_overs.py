"""At the counter: find the order, hand it over once, undo it the same day with a second person."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time

from sqlalchemy import ColumnElement, false, or_, select, update
from sqlalchemy.orm import joinedload

from volunteer_service import journal, settings
from volunteer_service.areas.models import Area
from volunteer_service.db import db, fetch
from volunteer_service.errors import Phrase
from volunteer_service.identifiers import check_characters
from volunteer_service.people import messages
from volunteer_service.people.authorization import conflicts, rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.conflicts import Who
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.points import accounts, holds, reversals
from volunteer_service.scoring.points.accounts import area_paths, run
from volunteer_service.scoring.rewards import (
    orders,
    own_cases,
    pick_up_codes,
    stock,
)
from volunteer_service.scoring.rewards.models import Gift, Redemption
from volunteer_service.scoring.rewards.refusals import (
    AlreadyHandedOver,
    CodeUnknown,
    NotReturnable,
    OrderNotOpen,
)
from volunteer_service.visible_text import said

#: People of one name with the same last four digits: more than a screen shows is a mistake.
_MOST = 20


def find_by_code(text: str, *, by: Actor) -> Redemption:
    """As :func:`seek`, or :class:`CodeUnknown`."""
    row = seek(text, by=by)
    if row is None:
        raise CodeUnknown()
    return row


def seek(text: str, *, by: Actor) -> Redemption | None:
    """The order of a pick-up code, typed or scanned, at a desk that the actor serves."""
    code = pick_up_codes.read(text)
    return db.session.scalars(
        select(Redemption)
        .join(Redemption.gift)
        .join(Gift.area)
        .where(Redemption.code_hash == pick_up_codes.hash_of(code or ""), _desks(by))
    ).one_or_none()


def find_people(text: str, *, by: Actor, last4: str = "") -> Sequence[Volunteer]:
    """Who this card number is, or this name with the last four digits of the phone."""
    number = check_characters.read_volunteer_number(text)
    query = select(Volunteer).outerjoin(Area, Area.id == Volunteer.area_id)
    query = query.where(Volunteer.state == "active", _homes(by)).limit(_MOST)
    # A card of another make has a number of its own; it is compared as it is.
    found = db.session.scalars(
        query.where(or_(Volunteer.number == (number or ""), Volunteer.number == text.strip()))
    ).all()
    if found or len(last4) != 4:
        return found
    named = query.where(Volunteer.name == text.strip())
    return [row for row in db.session.scalars(named) if (row.phone or "").endswith(last4)]


def need_customer(person: Volunteer, *, by: Actor) -> None:
    """The desk serves the people of its places; others are not there."""
    for path in area_paths([person.id]):
        rights.need(by, Right.DESK, area_path=path)


def open_orders_of(volunteer_id: int, *, by: Actor) -> Sequence[Redemption]:
    """The orders that wait for this volunteer at the actor's desks, the oldest first."""
    return db.session.scalars(
        select(Redemption)
        .join(Redemption.gift)
        .join(Gift.area)
        .options(joinedload(Redemption.volunteer))
        .where(Redemption.volunteer_id == volunteer_id, Redemption.state == "ordered", _desks(by))
        .order_by(Redemption.id)
    ).all()


def waiting(*, by: Actor, at: datetime, limit: int) -> Sequence[Redemption]:
    """The orders that can be picked up at the actor's desks, the oldest first."""
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
    """What the actor's desks handed over this local day, the latest first."""
    begin = datetime.combine(accounts.local_day(at), time(), settings.current().zone)
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
    """By order, why the actor may not undo its hand-over; None where they may."""
    first = {row.ended_by_id for row in rows}
    reasons = {id_: conflicts.why_not(by, id_, at=at) for id_ in first}
    return {
        row.id: Phrase("这是您自己的订单")
        if row.volunteer_id == by.volunteer_id
        else reasons[row.ended_by_id]
        for row in rows
    }


@said("proxy_name")
def hand_over(
    redemption_id: int, *, by: Actor, at: datetime, proxy_name: str | None = None
) -> Redemption:
    """Give the gift out: spends the points and takes the stock, exactly once.

    ``proxy_name`` is who picks it up for the volunteer. Nobody hands anything to themself
    (:class:`OwnCase`). A second tap is told :class:`AlreadyHandedOver`.
    """
    row = fetch(Redemption, redemption_id)
    rights.need(by, Right.DESK, area_path=row.gift.area.path)
    own_cases.need_not_to_me(row, proxy_name, by=by, at=at)
    if row.state == "ordered" and row.lapses_at <= at:
        raise OrderNotOpen()
    try:
        orders.end(row.id, "handed_over", at=at, account_id=by.account_id, proxy_name=proxy_name)
    except OrderNotOpen:
        if row.state == "handed_over":
            raise AlreadyHandedOver() from None
        raise
    holds.capture("redemption", row.id, at=at, account_id=by.account_id, reason=_line(row))
    stock.shift(
        row.gift_id,
        -row.quantity,
        "hand_over",
        at=at,
        account_id=by.account_id,
        reserved=-row.quantity,
        redemption_id=row.id,
    )
    by_proxy = proxy_name is not None
    messages.tell(row.volunteer_id, "gift_handed_over", at=at, order=row.id, proxy=by_proxy)
    _record("desk.hand_over", row, by=by, at=at, proxy=by_proxy)
    return row


@said("reason")
def return_same_day(redemption_id: int, reason: str, *, by: Actor, at: datetime) -> Redemption:
    """Undo a hand-over of today: points to their own lots, the gift back on the shelf.

    By a second person to the one who handed it over, and not by its volunteer.
    """
    row = fetch(Redemption, redemption_id)
    rights.need(by, Right.GIFT_EDIT, area_path=row.gift.area.path)
    if row.state != "handed_over" or row.ended_at is None:
        raise NotReturnable()
    if accounts.local_day(row.ended_at) != accounts.local_day(at):
        raise NotReturnable()
    _need_second(row, by=by, at=at)
    returned = run(
        update(Redemption)
        .where(Redemption.id == row.id, Redemption.state == "handed_over")
        .values(state="returned")
    ).rowcount
    if not returned:
        raise NotReturnable()
    db.session.refresh(row)
    reversals.give_back("redemption", row.id, reason, at=at, account_id=by.account_id)
    stock.shift(
        row.gift_id,
        row.quantity,
        "return",
        at=at,
        account_id=by.account_id,
        redemption_id=row.id,
        reason=reason,
    )
    messages.tell(row.volunteer_id, "hand_over_undone", at=at, order=row.id)
    _record("desk.return", row, by=by, at=at, reason=reason)
    return row


def _need_second(row: Redemption, *, by: Actor, at: datetime) -> None:
    def who() -> Who:
        where = (Right.GIFT_EDIT, row.gift.area.path, row.ended_by_id)
        return conflicts.who_may(*where, at=at, but=[row.volunteer_id])

    conflicts.need_other(by, [row.volunteer_id], at=at, who=who)
    conflicts.need_second(by, row.ended_by_id, at=at, who=who)


def _line(row: Redemption) -> str:
    return f"{row.gift.name} × {row.quantity}"


def _desks(by: Actor) -> ColumnElement[bool]:
    return _kept_by(by, Right.DESK)


def _kept_by(by: Actor, right: Right) -> ColumnElement[bool]:
    paths, _teams = rights.places(by, right)
    return or_(false(), *(Area.path.startswith(path) for path in paths))


def _homes(by: Actor) -> ColumnElement[bool]:
    paths, _teams = rights.places(by, Right.DESK)
    if not paths:
        return Volunteer.id.is_(None)
    return or_(Volunteer.area_id.is_(None), *(Area.path.startswith(path) for path in paths))


def _record(verb: str, row: Redemption, *, by: Actor, at: datetime, **facts: object) -> None:
    journal.record(verb, row, account_id=by.account_id, door=by.door, at=at, **facts)
