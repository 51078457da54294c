"""Shapes of the forms of catalogue, orders and desk."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from volunteer_service.fields import Reason, Text, Whole
from volunteer_service.scoring.rewards.gift_pictures import PICTURES
from volunteer_service.scoring.rewards.models import Gift

MOST_PIECES = 100_000


class GiftForm(Schema):
    """What a gift is called and costs."""

    area_id = Whole()
    version = Whole()
    name = Text(60, required=True)
    points = fields.Decimal(
        required=True, places=2, validate=validate.Range(Decimal("0.01"), Decimal("1000000"))
    )
    minimum_stars = fields.Integer(load_default=0, validate=validate.Range(0, 5))
    state = fields.String(load_default="offered", validate=validate.OneOf(["offered", "withdrawn"]))
    picture = fields.String(load_default=None, validate=validate.OneOf(PICTURES))

    @post_load
    def centi(self, values: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Turn points into hundredths."""
        return values | {"price_centi": int(values.pop("points") * 100)}


def as_typed(gift: Gift) -> dict[str, Any]:
    """Return a gift as its form's fields hold it."""
    return {
        "name": gift.name,
        "points": f"{gift.price_centi / 100:.2f}",
        "minimum_stars": gift.minimum_stars,
        "picture": gift.picture,
        "state": gift.state,
    }


class StockForm(Schema):
    """A change of the stock."""

    kind = fields.String(required=True, validate=validate.OneOf(["receive", "write_off", "count"]))
    quantity = fields.Integer(required=True, validate=validate.Range(0, MOST_PIECES))
    reason = Reason(120, load_default=None)


class OrderForm(Schema):
    """How many pieces."""

    quantity = fields.Integer(load_default=1, validate=validate.Range(1, 1000))


class WalkInForm(OrderForm):
    """A gift for somebody at the counter."""

    gift_id = Whole(required=True)


class HandOverForm(Schema):
    """Who picks it up, if it is not the volunteer."""

    proxy_name = Text(60, load_default=None)


def counts_form(gift_ids: Iterable[int]) -> type[Schema]:
    """Return a form with a whole number for each gift of the desk."""
    return Schema.from_dict(
        {
            f"count-{id_}": fields.Integer(required=True, validate=validate.Range(0, MOST_PIECES))
            for id_ in gift_ids
        }
    )
