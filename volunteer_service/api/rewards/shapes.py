"""Shapes of gifts, orders, stock and the desk's day over the API."""

from typing import Any

from marshmallow import Schema, fields, pre_dump, validate

from volunteer_service.api.shared.shapes import (
    Day,
    In,
    Instant,
    Query,
    Sort,
    Text,
)
from volunteer_service.fields import LARGEST, Reason
from volunteer_service.scoring.rewards import catalogue, day_sheets
from volunteer_service.scoring.rewards.desk_days import lines_of
from volunteer_service.scoring.rewards.gift_pictures import PICTURES
from volunteer_service.scoring.rewards.models import REDEMPTION_STATES, Redemption

GIFT_STATES = ("offered", "withdrawn")
MOST_PIECES = 100_000
MOST_CENTI = 100_000_000


def _id(**kwargs: Any) -> fields.Integer:
    return fields.Integer(required=True, strict=True, validate=validate.Range(1, LARGEST), **kwargs)


def _pieces(least: int) -> fields.Integer:
    return fields.Integer(required=True, strict=True, validate=validate.Range(least, MOST_PIECES))


class GiftQuery(Query):
    """Filters of the gifts that the caller keeps, or else may order."""

    state = fields.String(validate=validate.OneOf(GIFT_STATES))
    area_id = fields.Integer(
        validate=validate.Range(1, LARGEST),
        metadata={"description": "This area and everything below it."},
    )
    sort = Sort(catalogue.GIFT_SORTS, otherwise="`state` for who keeps them, or `price_centi`.")


class GiftEdit(In):
    """What is offered."""

    name = Text(60, required=True)
    price_centi = fields.Integer(required=True, strict=True, validate=validate.Range(1, MOST_CENTI))
    minimum_stars = fields.Integer(load_default=0, strict=True, validate=validate.Range(0, 5))
    picture = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(PICTURES))
    state = fields.String(load_default="offered", validate=validate.OneOf(GIFT_STATES))


class GiftIn(In):
    """A new gift."""

    area_id = _id()
    name = Text(60, required=True)
    price_centi = fields.Integer(required=True, strict=True, validate=validate.Range(1, MOST_CENTI))
    minimum_stars = fields.Integer(load_default=0, strict=True, validate=validate.Range(0, 5))
    picture = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(PICTURES))


class GiftOut(Schema):
    """A gift with its stock; ``reserved`` pieces are promised to open orders."""

    id = fields.Integer(required=True)
    area_id = fields.Integer(required=True)
    name = fields.String(required=True)
    price_centi = fields.Integer(required=True)
    minimum_stars = fields.Integer(required=True)
    state = fields.String(required=True)
    stock = fields.Integer(required=True)
    reserved = fields.Integer(required=True)
    version = fields.Integer(required=True)


class StockMoveIn(In):
    """Pieces received or written off, or the number counted on the shelf."""

    kind = fields.String(required=True, validate=validate.OneOf(["receive", "write_off", "count"]))
    quantity = _pieces(0)
    reason = Reason(120, load_default=None, allow_none=True)


class RedemptionIn(In):
    """An order; the desk may order for somebody else."""

    gift_id = _id()
    quantity = fields.Integer(load_default=1, strict=True, validate=validate.Range(1, 1000))
    volunteer_id = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=validate.Range(1, LARGEST),
    )


class RedemptionOut(Schema):
    """An order."""

    id = fields.Integer(required=True)
    gift_id = fields.Integer(required=True)
    gift_name = fields.String(required=True, attribute="gift.name")
    volunteer_id = fields.Integer(required=True)
    quantity = fields.Integer(required=True)
    points_centi = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf(REDEMPTION_STATES))
    ordered_at = Instant(required=True)
    lapses_at = Instant(required=True)
    ended_at = Instant(required=True, allow_none=True)
    proxy_name = fields.String(required=True, allow_none=True)


class OrderedOut(RedemptionOut):
    """A fresh order with its pick-up code."""

    code = fields.String(required=True)

    @pre_dump
    def joined(self, ordered: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Return the order's columns and its code side by side."""
        row: Redemption = ordered["row"]
        columns = {column.key: getattr(row, column.key) for column in Redemption.__table__.c}
        return columns | {"gift": row.gift, "code": ordered["code"]}


class RedemptionQuery(Query):
    """By pick-up code; without one, the caller's own orders, by the local day they were made."""

    code = fields.String(validate=validate.Length(1, 400))
    state = fields.String(validate=validate.OneOf(REDEMPTION_STATES))
    from_on = Day(data_key="from")
    to_on = Day(data_key="to")
    sort = Sort(catalogue.ORDER_SORTS)


class HandOverIn(In):
    """Who picks it up, if it is not the volunteer."""

    proxy_name = Text(60, load_default=None, allow_none=True)


class ReturnIn(In):
    """Why a hand-over is undone."""

    reason = Reason(120, required=True)


class GiftCountIn(In):
    """One gift's count."""

    gift_id = _id()
    counted = _pieces(0)


class DayCloseIn(In):
    """The count of every gift of a desk."""

    area_id = _id()
    counts = fields.List(
        fields.Nested(GiftCountIn), required=True, validate=validate.Length(0, 2000)
    )


class RunningDayQuery(Schema):
    """Which desk."""

    area_id = fields.Integer(required=True, validate=validate.Range(1, LARGEST))


class DayLineOut(Schema):
    """One gift's day in pieces."""

    gift_id = fields.Integer(required=True)
    name = fields.String(required=True)
    opening = fields.Integer(required=True)
    received = fields.Integer(required=True)
    handed_over = fields.Integer(required=True)
    returned = fields.Integer(required=True)
    written_off = fields.Integer(required=True)
    corrected = fields.Integer(required=True)
    closing = fields.Integer(required=True)
    reserved = fields.Integer(required=True)
    counted = fields.Integer(required=True, allow_none=True)
    difference = fields.Integer(required=True)


class DaySheetQuery(Query):
    """Closed days by the local day."""

    from_on = Day(data_key="from")
    to_on = Day(data_key="to")
    sort = Sort(day_sheets.SORTS)


class DaySheetOut(Schema):
    """A closed day with the head of the ledger's seal."""

    id = fields.Integer(required=True)
    area_id = fields.Integer(required=True)
    day = fields.Date(required=True)
    seal_head = fields.String(required=True)
    closed_at = Instant(required=True)
    lines = fields.Function(
        lambda sheet: DayLineOut(many=True).dump(lines_of(sheet)),
        required=True,
        metadata={"type": "array", "items": {"type": "object"}},
    )
