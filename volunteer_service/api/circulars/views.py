"""Circulars over the API: writers draft, preview and send them once; receivers read them."""

from typing import Any

from volunteer_service import clock
from volunteer_service.api.circulars import shapes
from volunteer_service.api.shared.auth import actor, guarded
from volunteer_service.api.shared.blueprint import Blueprint
from volunteer_service.api.shared.idempotent import idempotent
from volunteer_service.api.shared.shapes import page_of
from volunteer_service.circulars import audiences, reading, writing
from volunteer_service.circulars.models import Circular
from volunteer_service.paging import Page

bp = Blueprint(
    "api_circulars", __name__, url_prefix="", description="Circulars to teams and events"
)


@bp.get("/circulars")
@guarded("read")
@bp.arguments(shapes.CircularQuery, location="query")
@bp.response(200, page_of(shapes.CircularOut))
def list_circulars(query: dict[str, Any]) -> Page[Circular]:
    """List the caller's circulars, newest first."""
    return reading.sent_by(actor(), **query)


@bp.post("/teams/<int:team_id>/circulars")
@guarded("write")
@idempotent
@bp.arguments(shapes.TeamCircularIn)
@bp.response(201, shapes.CircularReachOut)
def write_to_team(body: dict[str, Any], team_id: int) -> dict[str, Any]:
    """Write to a team's members; nothing is sent yet."""
    return _with_reach(writing.write_to_team(team_id, **body, by=actor(), at=clock.now()))


@bp.post("/events/<int:event_id>/circulars")
@guarded("write")
@idempotent
@bp.arguments(shapes.EventCircularIn)
@bp.response(201, shapes.CircularReachOut)
def write_to_event(body: dict[str, Any], event_id: int) -> dict[str, Any]:
    """Write to an event's people; nothing is sent yet."""
    return _with_reach(writing.write_to_event(event_id, **body, by=actor(), at=clock.now()))


@bp.get("/circulars/<int:circular_id>")
@guarded("read")
@bp.response(200, shapes.CircularReachOut)
def get_circular(circular_id: int) -> dict[str, Any]:
    """Return one circular: whom it would reach, or how many have read it."""
    return _with_reach(reading.written(circular_id, by=actor()))


@bp.post("/circulars/<int:circular_id>/send")
@guarded("write")
@idempotent
@bp.response(200, shapes.CircularReachOut)
def send_circular(circular_id: int) -> dict[str, Any]:
    """Send it, once."""
    return _with_reach(writing.send(circular_id, by=actor(), at=clock.now()))


@bp.delete("/circulars/<int:circular_id>")
@guarded("write")
@bp.response(204)
def discard_circular(circular_id: int) -> None:
    """Discard a circular that was not sent."""
    writing.discard(circular_id, by=actor(), at=clock.now())


@bp.get("/messages/circulars/<int:received_id>")
@guarded("read")
@bp.response(200, shapes.ReceivedOut)
def get_received_circular(received_id: int) -> Circular:
    """Return a circular that the caller received, by the ``circular`` of its message."""
    return reading.received(received_id, by=actor())


def _with_reach(row: Circular) -> dict[str, Any]:
    found = {name: getattr(row, name) for name in shapes.CircularOut().fields}
    return found | {"reach": audiences.reach_of(row), "read_count": reading.read_count(row)}
