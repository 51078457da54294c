"""The life of an order: it reserves points and stock, and it ends once.

It is handed over, cancelled or lapsed; a hand-over is undone the same day by a second person.
"""

from datetime import datetime, timedelta
from secrets import token_hex

from sqlalchemy import ColumnElement, func, or_, select, update

from volunteer_service import journal, policies, settings
from volunteer_service.areas import lookup as areas
from volunteer_service.areas.models import Area
from volunteer_service.bounds import MOST_PIECES, whole
from volunteer_service.db import db, fetch, fit
from volunteer_service.errors import NotFound, told_to
from volunteer_service.people.authorization import conflicts, rights, rights_over_people
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.conflicts import OwnCase, Who
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import living_under, may_on_person
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Volunteer
from volunteer_service.people.registrations.registration_state import need_registered
from volunteer_service.people.search.person_names import folded
from volunteer_service.scoring.points import holds, reversals
from volunteer_service.scoring.points.accounts import run
from volunteer_service.scoring.rewards import own_cases, pick_up_codes, stock
from volunteer_service.scoring.rewards.models import COUNTED, Gift, Redemption
from volunteer_service.scoring.rewards.refusals import (
    AlreadyHandedOver,
    GiftNotOffered,
    HomeNeeded,
    NotReturnable,
    OrderedThisMonth,
    OrderNotOpen,
    StarNeeded,
    TooManyPieces,
)
from volunteer_service.scoring.rules.policy import Policy
from volunteer_service.visible_text import said

#: How many orders lapse in one transaction; the job calls again until none is left.
BATCH = 200


def order(
    gift_id: int,
    quantity: int,
    volunteer_id: int,
    *,
    stars: int,
    by: Actor,
    at: datetime,
) -> tuple[Redemption, str]:
    """Order a gift: reserve points and stock for 14 days; return the order and its code.

    The actor orders for themself or for somebody at the desk, but never at terms that the customer
    set (:class:`OwnTerms`). ``stars`` is the star of the last final round.
    """
    gift, policy = _offered(gift_id, volunteer_id, by), policies.active()
    own_cases.need_terms_of_others(gift, volunteer_id, at=at)
    whole(quantity, 1, MOST_PIECES, "quantity")
    if quantity > policy.pieces_an_order:
        raise TooManyPieces(most=policy.pieces_an_order)
    if stars < gift.minimum_stars:
        with told_to(is_person=by.volunteer_id == volunteer_id):
            raise StarNeeded(needed=gift.minimum_stars, stars=stars)
    row = _written(gift, quantity, volunteer_id, at, policy)
    holds.hold(volunteer_id, row.points_centi, "redemption", row.id, at=at)
    # The hold locks the member's row, so from here on this member's other orders wait.
    _need_quota(row, policy)
    stock.reserve(gift.id, quantity)
    if by.volunteer_id != volunteer_id:
        worth = row.points_centi
        messages.tell(volunteer_id, "order_made_at_desk", at=at, order=row.id, points=worth)
    until = settings.local_day(row.last_moment).isoformat()
    messages.tell(volunteer_id, "order_ready", at=at, order=row.id, until=until)
    _record("orders.order", row, by=by, at=at, gift=gift.id, quantity=quantity)
    return row, pick_up_codes.code_of(row)


def order_at_counter(
    gift_id: int,
    quantity: int,
    volunteer_id: int,
    *,
    stars: int,
    by: Actor,
    at: datetime,
) -> tuple[Redemption, str]:
    """Order as :func:`order` does, at the desk for a customer, never for oneself."""
    path = fetch(Gift, gift_id).area.path
    rights.need(by, Right.DESK, area_path=path)
    who = conflicts.others(Right.DESK, path, [volunteer_id], at=at)
    conflicts.need_other(by, [volunteer_id], at=at, who=who)
    return order(gift_id, quantity, volunteer_id, stars=stars, by=by, at=at)


def cancel(redemption_id: int, *, by: Actor, at: datetime) -> Redemption:
    """Give an open order's points and stock back; by the volunteer or the desk."""
    row = of(redemption_id, by=by)
    _end(row.id, "cancelled", at=at, account_id=by.account_id)
    holds.release("redemption", row.id, at=at, account_id=by.account_id)
    stock.unreserve(row.gift_id, row.quantity)
    _record("orders.cancel", row, by=by, at=at)
    return row


def lapse_due(*, at: datetime) -> int:
    """Give back the points and stock of orders past their last day; return how many.

    One transaction handles at most :data:`BATCH`: call again until it returns 0.
    """
    due = db.session.scalars(
        select(Redemption)
        .where(Redemption.state == "ordered", Redemption.lapses_at <= at)
        .order_by(Redemption.lapses_at)
        .limit(BATCH)
    ).all()
    # Lock order: every member's account first, then the gifts.
    ended = [row for row in sorted(due, key=lambda row: row.volunteer_id) if _lapsed(row.id, at)]
    for row in ended:
        holds.release("redemption", row.id, at=at)
    for row in sorted(ended, key=lambda row: row.gift_id):
        stock.unreserve(row.gift_id, row.quantity)
        _record("orders.lapse", row, by=Actor.system(), at=at)
    return len(ended)


@said("proxy_name")
def hand_over(
    redemption_id: int, *, by: Actor, at: datetime, proxy_name: str | None = None
) -> Redemption:
    """Hand the gift over: spend the points and take the stock, exactly once.

    ``proxy_name`` is the person who picks it up for the volunteer. Nobody hands anything to
    themself (:class:`OwnCase`). A second tap raises :class:`AlreadyHandedOver`.
    """
    row = fetch(Redemption, redemption_id)
    rights.need(by, Right.DESK, area_path=row.gift.area.path)
    _need_not_to_me(row, proxy_name, by=by, at=at)
    if row.state == "ordered" and row.lapses_at <= at:
        raise OrderNotOpen()
    try:
        _end(row.id, "handed_over", at=at, account_id=by.account_id, proxy_name=proxy_name)
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
    """Undo a hand-over of today: the points return to their lots, the gift to the stock.

    The actor is a second person to the one who handed it over, and not its volunteer.
    """
    row = fetch(Redemption, redemption_id)
    rights.need(by, Right.GIFT_EDIT, area_path=row.gift.area.path)
    if row.state != "handed_over" or row.ended_at is None:
        raise NotReturnable()
    if settings.local_day(row.ended_at) != settings.local_day(at):
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
    messages.tell_first(row.ended_by_id, "your_hand_over_undone", second=by, at=at, order=row.id)
    _record("desk.return", row, by=by, at=at, reason=reason)
    return row


def of(redemption_id: int, *, by: Actor) -> Redemption:
    """Return one order, if it is the actor's own or belongs to a desk that the actor serves."""
    row = fetch(Redemption, redemption_id)
    if by.volunteer_id != row.volunteer_id and not _serves(by, row.gift):
        raise NotFound()
    return row


def seen(redemption_id: int, *, by: Actor) -> Redemption:
    """Return as :func:`of`, also for actors who audit the desk or see the points of its
    volunteer.
    """
    row = fetch(Redemption, redemption_id)
    if rights.may(by, Right.AUDIT, area_path=row.gift.area.path):
        return row
    if may_on_person(by, Right.POINTS_SEE, row.volunteer):
        return row
    return of(redemption_id, by=by)


def seen_by(by: Actor) -> ColumnElement[bool]:
    """Return the WHERE of orders that :func:`seen` gives staff; joined to gift and volunteer."""
    desks = [
        path
        for right in (Right.DESK, Right.GIFT_EDIT, Right.AUDIT)
        for path in rights.places(by, right)[0]
    ]
    return or_(
        Redemption.volunteer_id == (by.volunteer_id or 0),
        areas.within(Gift.area_id, desks),
        living_under(by, Right.POINTS_SEE),
    )


def _end(
    redemption_id: int,
    state: str,
    *,
    at: datetime,
    account_id: int | None,
    proxy_name: str | None = None,
) -> None:
    """End an order in state ``ordered``, exactly once, or raise :class:`OrderNotOpen`."""
    fit(Redemption, proxy_name=proxy_name)
    ended = run(
        update(Redemption)
        .where(Redemption.id == redemption_id, Redemption.state == "ordered")
        .values(state=state, ended_at=at, ended_by_id=account_id, proxy_name=proxy_name)
    ).rowcount
    row = fetch(Redemption, redemption_id)
    db.session.refresh(row)
    if not ended:
        raise OrderNotOpen()


def _need_not_to_me(row: Redemption, proxy_name: str | None, *, by: Actor, at: datetime) -> None:
    """Pass for an actor who hands the order to somebody else: neither its volunteer nor
    the proxy.
    """

    def who() -> Who:
        path = row.gift.area.path
        return conflicts.who_may(Right.DESK, path, None, at=at, but=[row.volunteer_id])

    conflicts.need_other(by, [row.volunteer_id], at=at, who=who)
    if proxy_name and folded(proxy_name) == folded(by.name):
        raise OwnCase(who().worded())


def _need_second(row: Redemption, *, by: Actor, at: datetime) -> None:
    def who() -> Who:
        where = (Right.GIFT_EDIT, row.gift.area.path, row.ended_by_id)
        return conflicts.who_may(*where, at=at, but=[row.volunteer_id])

    conflicts.need_other(by, [row.volunteer_id], at=at, who=who)
    conflicts.need_second(by, row.ended_by_id, at=at, who=who)


def _line(row: Redemption) -> str:
    return f"{row.gift.name} × {row.quantity}"


def _lapsed(redemption_id: int, at: datetime) -> bool:
    try:
        _end(redemption_id, "lapsed", at=at, account_id=None)
    except OrderNotOpen:
        return False
    return True


def _offered(gift_id: int, volunteer_id: int, by: Actor) -> Gift:
    gift = fetch(Gift, gift_id)
    person = db.session.execute(
        select(Volunteer.state, Area.path)
        .select_from(Volunteer)
        .outerjoin(Area, Area.id == Volunteer.area_id)
        .where(Volunteer.id == volunteer_id)
    ).one_or_none()
    if person is None or not (person.path or gift.area.path).startswith(gift.area.path):
        raise NotFound()
    if by.volunteer_id != volunteer_id:
        rights.need(by, Right.DESK, area_path=gift.area.path)
        rights_over_people.need_at_home(by, Right.DESK, person.path)
    need_registered(volunteer_id, person.state)
    if person.path is None:
        raise HomeNeeded()
    if gift.state != "offered":
        raise GiftNotOffered()
    return gift


def _written(
    gift: Gift, quantity: int, volunteer_id: int, at: datetime, policy: Policy
) -> Redemption:
    last_day = settings.local_day(at) + timedelta(days=policy.order_days)
    row = Redemption(
        volunteer_id=volunteer_id,
        gift_id=gift.id,
        quantity=quantity,
        points_centi=gift.price_centi * quantity,
        # Replaced below, once the order has the number from which its code is made.
        code_hash=token_hex(32),
        month=f"{settings.local_day(at):%Y-%m}",
        ordered_at=at,
        # The whole last day counts.
        lapses_at=settings.day_ends(last_day),
    )
    db.session.add(row)
    db.session.flush()
    row.code_hash = pick_up_codes.hash_of(pick_up_codes.new_code(row.id))
    db.session.flush()
    return row


def _need_quota(row: Redemption, policy: Policy) -> None:
    orders = db.session.scalar(
        select(func.count())
        .select_from(Redemption)
        .where(
            Redemption.volunteer_id == row.volunteer_id,
            Redemption.month == row.month,
            Redemption.state.in_(COUNTED),
            Redemption.id != row.id,
        )
    )
    if (orders or 0) >= policy.orders_a_month:
        raise OrderedThisMonth(most=policy.orders_a_month)


def _serves(by: Actor, gift: Gift) -> bool:
    return rights.may(by, Right.DESK, area_path=gift.area.path) or rights.may(
        by, Right.GIFT_EDIT, area_path=gift.area.path
    )


def _record(verb: str, row: Redemption, *, by: Actor, at: datetime, **facts: object) -> None:
    journal.record(verb, row, account_id=by.account_id, door=by.door, at=at, **facts)
