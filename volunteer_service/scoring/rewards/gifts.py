"""The catalogue: what is offered, at what price, for which star; stock in and out."""

from datetime import datetime

from sqlalchemy import select

from volunteer_service import journal
from volunteer_service.areas import lookup as areas
from volunteer_service.areas.models import Area
from volunteer_service.bounds import MOST_CENTI, MOST_PIECES, one_of, whole
from volunteer_service.db import db, fetch
from volunteer_service.errors import EditedSince
from volunteer_service.people.authorization import rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.messages import messages
from volunteer_service.scoring.rewards import own_cases, stock
from volunteer_service.scoring.rewards.models import Gift
from volunteer_service.scoring.rewards.refusals import (
    CountBelowReserved,
    NameTaken,
    NothingToMove,
    ReasonNeeded,
)
from volunteer_service.visible_text import said


@said("name")
def add_gift(
    area_id: int,
    name: str,
    *,
    price_centi: int,
    minimum_stars: int = 0,
    picture: str | None = None,
    by: Actor,
    at: datetime,
    handed_in_by: Actor | None = None,
) -> Gift:
    """Offer a gift of this area's desk for ``price_centi`` hundredths; it has no stock yet.

    The person who handed in an import's file (``handed_in_by``) set the terms as well as the one
    who applied it.
    """
    area = fetch(Area, area_id)
    rights.need(by, Right.GIFT_EDIT, area_path=area.path)
    areas.open_at(area_id)
    _check(price_centi, minimum_stars)
    _need_free_name(area_id, name)
    row = Gift(
        area_id=area_id,
        name=name,
        price_centi=price_centi,
        minimum_stars=minimum_stars,
        picture=picture,
    )
    db.session.add(row)
    db.session.flush()
    _record("gifts.add", row, by=by, at=at, price=price_centi, **_handed_in(handed_in_by))
    return row


@said("name")
def edit_gift(
    gift_id: int,
    version: int,
    *,
    name: str,
    price_centi: int,
    minimum_stars: int,
    state: str,
    picture: str | None = None,
    by: Actor,
    at: datetime,
    handed_in_by: Actor | None = None,
) -> Gift:
    """Change what is offered; open orders keep the price they were made at.

    An actor with an open order for it is refused (:class:`OwnGift`); saving confirms the terms that
    another person set. Both rules hold for ``handed_in_by`` too, the account that handed in an
    import's file.
    """
    row = _mine(gift_id, by, at, lock=True, handed_in_by=handed_in_by)
    if row.version != version:
        mine = {"name": name, "price_centi": price_centi, "minimum_stars": minimum_stars}
        mine |= {"state": state, "picture": picture}
        theirs = {each: getattr(row, each) for each in mine}
        raise EditedSince(row.version, theirs=theirs, mine=mine)
    _check(price_centi, minimum_stars)
    one_of(state, ("offered", "withdrawn"), "state")
    if state == "offered":
        areas.open_at(row.area_id, "state")
    if name != row.name:
        _need_free_name(row.area_id, name)
    before, was = _terms(row), _told(row)
    row.name, row.price_centi, row.minimum_stars = name, price_centi, minimum_stars
    row.state, row.picture, row.version = state, picture, version + 1
    db.session.flush()
    terms = _terms(row) != before
    first = own_cases.author_of_terms(row, at=at)
    told = {"gift": row.id, "name": row.name, "outcome": terms}
    messages.tell_first(first, "your_gift_saved", second=by, at=at, **told)
    values = journal.changes(was, _told(row))
    facts = {"price": price_centi, "state": state, "terms": terms, "values": values}
    _record("gifts.edit", row, by=by, at=at, **facts, **_handed_in(handed_in_by))
    return row


@said("reason")
def receive(
    gift_id: int, quantity: int, *, by: Actor, at: datetime, reason: str | None = None
) -> Gift:
    """Add delivered pieces to the stock."""
    whole(quantity, 1, MOST_PIECES, "quantity")
    return _moved(gift_id, quantity, "receive", by=by, at=at, reason=reason)


@said("reason")
def write_off(gift_id: int, quantity: int, reason: str, *, by: Actor, at: datetime) -> Gift:
    """Remove broken, expired or lost pieces from the stock, with the reason; promised ones stay."""
    whole(quantity, 1, MOST_PIECES, "quantity")
    return _moved(gift_id, -quantity, "write_off", by=by, at=at, reason=reason)


@said("reason")
def count(gift_id: int, counted: int, reason: str, *, by: Actor, at: datetime) -> Gift:
    """Set the stock to the counted pieces, ordered ones included."""
    row = _mine(gift_id, by, at, lock=True)
    whole(counted, 0, MOST_PIECES, "quantity")
    if counted < row.reserved:
        raise CountBelowReserved(reserved=row.reserved)
    if counted == row.stock:
        return row
    return _moved(gift_id, counted - row.stock, "count", by=by, at=at, reason=reason)


def move_stock(
    gift_id: int, kind: str, quantity: int, reason: str | None, *, by: Actor, at: datetime
) -> Gift:
    """Return the one of :func:`receive`, :func:`write_off`, :func:`count` that ``kind`` names.

    Writing off and counting need a reason (:class:`ReasonNeeded`).
    """
    one_of(kind, ("receive", "write_off", "count"), "kind")
    if kind == "receive":
        return receive(gift_id, quantity, by=by, at=at, reason=reason or None)
    if not reason:
        raise ReasonNeeded(field="reason")
    verb = count if kind == "count" else write_off
    return verb(gift_id, quantity, reason, by=by, at=at)


def _check(price_centi: int, minimum_stars: int) -> None:
    whole(price_centi, 1, MOST_CENTI, "price_centi")
    whole(minimum_stars, 0, 5, "minimum_stars")


def _moved(
    gift_id: int, quantity: int, kind: str, *, by: Actor, at: datetime, reason: str | None
) -> Gift:
    row = _mine(gift_id, by, at)
    if not quantity:
        raise NothingToMove(field="quantity")
    stock.shift(gift_id, quantity, kind, at=at, account_id=by.account_id, reason=reason)
    db.session.refresh(row)
    # After the move, because another one may have been made since the row was read.
    values = {"stock": [row.stock - quantity, row.stock]}
    _record(f"gifts.{kind}", row, by=by, at=at, quantity=quantity, values=values)
    return row


def _mine(
    gift_id: int,
    by: Actor,
    at: datetime,
    *,
    lock: bool = False,
    handed_in_by: Actor | None = None,
) -> Gift:
    row = fetch(Gift, gift_id)
    if lock:
        # Read again under the lock, because others change the stock without the mapped object.
        db.session.refresh(row, with_for_update=True)
    rights.need(by, Right.GIFT_EDIT, area_path=row.area.path)
    own_cases.need_no_order_of_mine(row, by=by, at=at, handed_in_by=handed_in_by)
    return row


def _handed_in(handed_in_by: Actor | None) -> dict[str, int | None]:
    return {} if handed_in_by is None else {"handed_in_by": handed_in_by.account_id}


def _told(row: Gift) -> dict[str, str | int]:
    return {
        "name": row.name,
        "price_centi": row.price_centi,
        "minimum_stars": row.minimum_stars,
        "state": row.state,
    }


def _terms(row: Gift) -> tuple[int, int, str]:
    return row.price_centi, row.minimum_stars, row.state


def _need_free_name(area_id: int, name: str) -> None:
    same = select(Gift.id).where(Gift.area_id == area_id, Gift.name == name)
    if db.session.scalar(same) is not None:
        raise NameTaken()


def _record(verb: str, row: Gift, *, by: Actor, at: datetime, **facts: object) -> None:
    journal.record(verb, row, account_id=by.account_id, door=by.door, at=at, **facts)
