"""Marshmallow pieces that every operation shares: bodies, list queries, pages."""

from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, fields, validate

from volunteer_service.paging import LARGEST_PAGE
from volunteer_service.shapes import Day, Instant, Text


class In(Schema):
    """A request body: unknown fields are refused by name, so that no typo passes in silence."""

    class Meta:
        unknown = RAISE


class Query(Schema):
    """Query arguments of a list."""

    class Meta:
        unknown = EXCLUDE

    cursor = fields.String(validate=validate.Length(max=400))
    limit = fields.Integer(load_default=50, validate=validate.Range(1, LARGEST_PAGE))


def page_of(item: type[Schema]) -> Schema:
    """The answer of a list: items and the cursor of the next page."""
    name = f"{item.__name__.removesuffix('Out')}Page"
    shape: dict[str, fields.Field[Any]] = {
        "items": fields.List(fields.Nested(item), required=True),
        "next": fields.String(allow_none=True, required=True),
    }
    return Schema.from_dict(shape, name=name)()


__all__ = ["Day", "In", "Instant", "Query", "Text", "page_of"]
