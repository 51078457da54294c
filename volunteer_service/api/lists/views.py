"""Lists of staff over the API: which there are, and the rows of one as its page shows them."""

from typing import Any

from flask import request

from volunteer_service.api.lists.blueprint import bp
from volunteer_service.api.lists.shapes import (
    FindQuery,
    FoundOut,
    ListOut,
    ListQuery,
    ListsOut,
    as_answer,
)
from volunteer_service.api.shared.auth import actor, guarded
from volunteer_service.lists import asking, finding, reading, registry


@bp.get("/lists")
@guarded("read")
@bp.response(200, ListsOut)
def lists() -> Any:
    """Return the lists that the caller may read, with their columns, filters and orders."""
    return {"items": registry.all_open_to(by=actor())}


@bp.get("/lists/<list_name>")
@guarded("read")
@bp.arguments(ListQuery, location="query")
@bp.response(200, ListOut)
def rows(query: dict[str, Any], list_name: str) -> Any:
    """Return one page of a list; the filters of `GET /lists` are parameters too, as on the page."""
    declared = registry.open_to(list_name, by=actor())
    asked = asking.read(declared, request.args, request.args.getlist("col"), by=actor())
    sums = reading.sums(asked) if query["sums"] else {}
    return as_answer(asked, reading.count(asked), reading.rows(asked), sums)


@bp.get("/find")
@guarded("read")
@bp.arguments(FindQuery, location="query")
@bp.response(200, FoundOut)
def find(query: dict[str, Any]) -> Any:
    """Find people, teams, events, certificates, orders and rounds by one text, within one's
    rights.
    """
    return {"sections": finding.find(query["q"], by=actor())}
