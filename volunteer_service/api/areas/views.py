"""The tree of areas over the API."""

from typing import Any

from volunteer_service import clock
from volunteer_service.api.areas.shapes import (
    AreaContactIn,
    AreaIn,
    AreaMoveIn,
    AreaOut,
    AreaQuery,
    AreaReasonIn,
    AreaRenameIn,
    OccupancyOut,
)
from volunteer_service.api.shared.auth import actor, guarded
from volunteer_service.api.shared.blueprint import Blueprint
from volunteer_service.api.shared.shapes import page_of
from volunteer_service.areas import desk_contacts, lookup, occupancy, tree
from volunteer_service.areas.models import Area
from volunteer_service.paging import Page
from volunteer_service.people.authorization.rights import Right, need

bp = Blueprint("api_areas", __name__, url_prefix="", description="The tree of areas")


@bp.get("/areas")
@guarded("read")
@bp.arguments(AreaQuery, location="query")
@bp.response(200, page_of(AreaOut))
def list_areas(query: dict[str, Any]) -> Page[Area]:
    """List areas by name, kind, parent or subtree."""
    return lookup.search(**query)


@bp.post("/areas")
@guarded("write")
@bp.arguments(AreaIn)
@bp.response(201, AreaOut)
def add_area(body: dict[str, Any]) -> Area:
    """Add an area below another; a child is of a smaller kind."""
    return tree.add(**body, by=actor(), at=clock.now())


@bp.get("/areas/<int:area_id>")
@guarded("read")
@bp.response(200, AreaOut)
def get_area(area_id: int) -> Area:
    """Return one area."""
    return lookup.of(area_id)


@bp.get("/areas/<int:area_id>/occupancy")
@guarded("read")
@bp.response(200, OccupancyOut)
def get_occupancy(area_id: int) -> occupancy.Occupancy:
    """Count what is in an area and below it: what moves with it, and what prevents closing it."""
    area = lookup.of(area_id)
    need(actor(), Right.AREA_EDIT, area_path=area.path)
    return occupancy.occupancy(area)


@bp.post("/areas/<int:area_id>/rename")
@guarded("write")
@bp.arguments(AreaRenameIn)
@bp.response(200, AreaOut)
def rename_area(body: dict[str, Any], area_id: int) -> Area:
    """Rename an area; what is printed, signed or frozen keeps the old name."""
    return tree.rename(area_id, **body, by=actor(), at=clock.now())


@bp.post("/areas/<int:area_id>/move")
@guarded("write")
@bp.arguments(AreaMoveIn)
@bp.response(200, AreaOut)
def move_area(body: dict[str, Any], area_id: int) -> Area:
    """Move an area with everything below it to another parent; moving it back undoes it."""
    return tree.move(area_id, **body, by=actor(), at=clock.now())


@bp.post("/areas/<int:area_id>/close")
@guarded("write")
@bp.arguments(AreaReasonIn)
@bp.response(200, AreaOut)
def close_area(body: dict[str, Any], area_id: int) -> Area:
    """Take nothing new into an empty area; areas are never deleted."""
    return tree.close(area_id, **body, by=actor(), at=clock.now())


@bp.post("/areas/<int:area_id>/reopen")
@guarded("write")
@bp.arguments(AreaReasonIn)
@bp.response(200, AreaOut)
def reopen_area(body: dict[str, Any], area_id: int) -> Area:
    """Open a closed area again."""
    return tree.reopen(area_id, **body, by=actor(), at=clock.now())


@bp.put("/areas/<int:area_id>/contact")
@guarded("write")
@bp.arguments(AreaContactIn)
@bp.response(200, AreaOut)
def set_area_contact(body: dict[str, Any], area_id: int) -> Area:
    """Set where, when and by which phone its staff are found; all of it is public."""
    contact = desk_contacts.Contact(**body)
    return desk_contacts.set_contact(area_id, contact, by=actor(), at=clock.now())
