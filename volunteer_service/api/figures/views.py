"""Figures over the API: what a place did in a period, and by what it splits."""

from typing import Any

from volunteer_service import clock
from volunteer_service.api.figures.shapes import FiguresOfPlaceOut, FiguresQuery
from volunteer_service.api.shared.auth import actor, guarded
from volunteer_service.api.shared.blueprint import Blueprint
from volunteer_service.figures import counting
from volunteer_service.figures.periods import Period

bp = Blueprint("api_figures", __name__, url_prefix="", description="Figures")


@bp.get("/figures")
@guarded("read")
@bp.arguments(FiguresQuery, location="query")
@bp.response(200, FiguresOfPlaceOut)
def figures(query: dict[str, Any]) -> Any:
    """What a place did: of an area, of a team, or of all whose records the caller sees."""
    place = counting.place_of(actor(), area_id=query.get("area_id"), team_id=query.get("team_id"))
    period = Period(query["from_on"], query["to_on"])
    codes, by, today = query.get("codes"), query.get("by"), clock.now()
    return {
        **query,
        "figures": counting.count(place, period, today=today, codes=codes),
        "parts": counting.split(place, period, by, today=today, codes=codes) if by else [],
    }
