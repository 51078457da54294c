"""Shapes of lists over the API: minutes, hundredths of points, masked phones."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, pre_dump, validate

from volunteer_service.identifiers.masks import mask_phone
from volunteer_service.lists.asking import SIZES, Asked
from volunteer_service.lists.declaration import Column, StaffList
from volunteer_service.lists.exports.export_models import KINDS, STATES
from volunteer_service.lists.filters import LONGEST_TEXT
from volunteer_service.lists.finding import Section
from volunteer_service.lists.reading import Found, Row


class ListQuery(Schema):
    """What every list takes beside its own filters."""

    class Meta:
        unknown = EXCLUDE

    page = fields.Integer(load_default=1, validate=validate.Range(1, 10**6))
    size = fields.Integer(load_default=SIZES[0], validate=validate.OneOf(SIZES))
    sort = fields.String(metadata={"description": "A column's name, or that with `-`."})
    col = fields.List(
        fields.String(), metadata={"description": "Columns; without it, those of the page."}
    )
    sums = fields.Boolean(load_default=False)
    count = fields.String(
        validate=validate.OneOf(["all"]),
        metadata={"description": "`all`: exact beyond 10,000 too."},
    )


class ListColumnOut(Schema):
    """A column; ``kind`` says the unit: hours are minutes, points are hundredths."""

    name = fields.String(required=True)
    label = fields.String(required=True)
    kind = fields.String(required=True)


class ListFilterOut(Schema):
    """A filter and the parameters that set it."""

    name = fields.String(required=True)
    label = fields.String(required=True)
    keys = fields.List(fields.String(), required=True)


class ListDeclarationOut(Schema):
    """A list: what may be asked of it."""

    name = fields.String(required=True)
    title = fields.String(required=True)
    columns = fields.List(fields.Nested(ListColumnOut), required=True)
    filters = fields.List(fields.Nested(ListFilterOut), required=True)
    sorts = fields.List(fields.String(), required=True)
    order = fields.String(
        required=True, metadata={"description": "How it is sorted unless a sort is asked for."}
    )

    @pre_dump
    def with_sorts(self, found: StaffList, **_kwargs: Any) -> dict[str, Any]:
        """Return the names of the orders, ascending; each may be reversed."""
        names = [name for name in found.sorts.names if not name.startswith("-")]
        plain = {name: getattr(found, name) for name in ("name", "title", "filters", "order")}
        return plain | {"columns": found.columns, "sorts": names}


class ListsOut(Schema):
    """The lists that the caller reads."""

    items = fields.List(fields.Nested(ListDeclarationOut), required=True)


class ListOut(Schema):
    """One page of a list."""

    count = fields.Integer(required=True)
    is_exact = fields.Boolean(
        required=True, metadata={"description": "False: more match than were counted."}
    )
    page = fields.Integer(required=True)
    size = fields.Integer(required=True)
    sums = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    items = fields.List(
        fields.Dict(keys=fields.String()),
        required=True,
        metadata={"description": "`id`, and the value of each column by its name."},
    )


class ExportIn(Schema):
    """Which kind of file."""

    kind = fields.String(required=True, validate=validate.OneOf(KINDS))


class ExportOut(Schema):
    """One export: how many rows of how many are written, until when the file is kept."""

    id = fields.Integer(required=True)
    list_name = fields.String(required=True)
    kind = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    total = fields.Integer(required=True)
    written = fields.Integer(required=True)
    created_at = fields.AwareDateTime(required=True)
    kept_until = fields.AwareDateTime(required=True)


class FindQuery(Schema):
    """What is looked for."""

    q = fields.String(
        load_default="",
        validate=validate.Length(max=LONGEST_TEXT),
        metadata={"description": "A name, a number or code, or a half-year such as `2026H1`."},
    )


class SectionOut(Schema):
    """What one list has."""

    name = fields.String(
        required=True, metadata={"description": "A list of `GET /lists`, or `rounds`."}
    )
    title = fields.String(required=True)
    is_more = fields.Boolean(required=True)
    items = fields.List(
        fields.Dict(keys=fields.String()),
        required=True,
        metadata={"description": "At most five: `id`, and the value of each column by its name."},
    )

    @pre_dump
    def with_items(self, found: Section, **_kwargs: Any) -> dict[str, Any]:
        """Return the rows by the names of their columns."""
        plain = {name: getattr(found, name) for name in ("name", "title", "is_more")}
        return plain | {"items": [_item(found.columns, row) for row in found.rows]}


class FoundOut(Schema):
    """What was found, by list."""

    sections = fields.List(fields.Nested(SectionOut), required=True)


def as_answer(asked: Asked, found: Found, rows: list[Row], sums: dict[str, int]) -> dict[str, Any]:
    """Return one page as :class:`ListOut` shows it."""
    return {
        "count": found.count,
        "is_exact": found.is_exact,
        "page": asked.page,
        "size": asked.size,
        "sums": sums,
        "items": [_item(asked.columns, row) for row in rows],
    }


def _item(columns: Sequence[Column], row: Row) -> dict[str, Any]:
    named = zip(columns, row.values, strict=True)
    return {"id": row.id} | {each.name: _plain(each.kind, value) for each, value in named}


def _plain(kind: str, value: Any) -> Any:
    if kind == "phone" and value is not None:
        return mask_phone(value)
    return value.isoformat() if isinstance(value, date) else value
