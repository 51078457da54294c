"""Figures of gifts: orders placed, gifts handed over, what waits at the desk."""

from sqlalchemy import ColumnElement, FromClause, join

from volunteer_service.errors import Phrase
from volunteer_service.figures.figure import Asked, Figure, Source
from volunteer_service.scoring.rewards.models import Gift, Redemption


def _orders() -> FromClause:
    return join(Redemption, Gift, Gift.id == Redemption.gift_id)


def _all(_asked: Asked) -> list[ColumnElement[bool]]:
    return []


_LISTED = ("orders", Redemption.id)
ORDERED = Source(_orders, _all, area_id=Gift.area_id, day=Redemption.ordered_at, listed=_LISTED)
HANDED_OVER = Source(
    _orders,
    lambda _asked: [Redemption.state == "handed_over"],
    area_id=Gift.area_id,
    day=Redemption.ended_at,
    listed=_LISTED,
)
READY = Source(
    _orders,
    lambda _asked: [Redemption.state == "ordered"],
    area_id=Gift.area_id,
    counted="now",
    listed=_LISTED,
)

FIGURES = (
    Figure(
        "orders",
        Phrase("礼品订单"),
        Phrase("期内下的礼品订单，后来取消的也算。"),
        "orders",
        ORDERED,
    ),
    Figure(
        "orders_handed_over",
        Phrase("领走的礼品订单"),
        Phrase("期内在兑换点领走的订单，后来退回的不算。"),
        "orders",
        HANDED_OVER,
    ),
    Figure(
        "orders_ready",
        Phrase("待领取的订单"),
        Phrase("现在已下单、还没有领走的订单。"),
        "orders",
        READY,
    ),
)
