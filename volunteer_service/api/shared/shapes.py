"""Marshmallow pieces that every operation shares: bodies, list queries, orders, pages."""

from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, fields, missing, validate

from volunteer_service.field_messages import Sentence
from volunteer_service.fields import Day, Instant, Text
from volunteer_service.paging import LARGEST_PAGE, Sorts
from volunteer_service.scoring.rules.half_years import HalfYear


class In(Schema):
    """A request body: unknown fields are refused by name, so that no typo passes unnoticed."""

    class Meta:
        unknown = RAISE


class Query(Schema):
    """Query arguments of a list."""

    class Meta:
        unknown = EXCLUDE

    cursor = fields.String(validate=validate.Length(max=800))
    limit = fields.Integer(load_default=50, validate=validate.Range(1, LARGEST_PAGE))


_NO_SUCH_ORDER = Sentence("没有这种顺序。可用的有：%(choices)s。")


class Sort(fields.String):
    """The order of a list: one of the names that ``sorts`` offers; left out, the list's own.

    ``otherwise`` says what that is where it is not one of the names.
    """

    def __init__(self, sorts: Sorts, *, otherwise: str = "") -> None:
        words = "`-` turns an order round; equal ones follow by id, empty ones come last."
        super().__init__(
            load_default=missing if otherwise else sorts.default,
            validate=validate.OneOf(sorts.names, error=_NO_SUCH_ORDER),
            metadata={"description": f"{words} Without it: {otherwise}" if otherwise else words},
        )


class Half(fields.String):
    """A half-year, written ``2026H1``."""

    default_error_messages = {"invalid": Sentence("请写成年份和上下半年，例如 2026H1。")}  # noqa: RUF012

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata={"pattern": "^(19|2[0-9])[0-9]{2}H[12]$"}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            return HalfYear.parse(super()._deserialize(value, attr, data, **kwargs))
        except ValueError:
            raise self.make_error("invalid") from None


def place_in(query: dict[str, Any]) -> dict[str, Any]:
    """Take order, cursor and limit out of a query; the filters remain."""
    return {name: query.pop(name) for name in ("sort", "cursor", "limit") if name in query}


def page_of(item: type[Schema]) -> Schema:
    """Return the answer of a list: items and the cursor of the next page."""
    name = f"{item.__name__.removesuffix('Out')}Page"
    shape: dict[str, fields.Field[Any]] = {
        "items": fields.List(fields.Nested(item), required=True),
        "next": fields.String(allow_none=True, required=True),
    }
    return Schema.from_dict(shape, name=name)()


__all__ = ["Day", "Half", "In", "Instant", "Query", "Sort", "Text", "page_of", "place_in"]
