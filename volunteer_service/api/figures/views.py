"""Figures over the API: what a place did in a period, whole or broken down."""

from typing import Any

from volunteer_service import clock, settings
from volunteer_service.api.figures.shapes import FiguresOfPlaceOut, FiguresQuery
from volunteer_service.api.shared.auth import actor, guarded
from volunteer_service.api.shared.blueprint import Blueprint
from volunteer_service.figures import counting
from volunteer_service.figures.periods import Period
from volunteer_service.scoring.rules.half_years import HalfYear

bp = Blueprint("api_figures", __name__, url_prefix="", description="Figures")


@bp.get("/figures")
@guarded("read")
@bp.arguments(FiguresQuery, location="query")
@bp.response(200, FiguresOfPlaceOut)
def figures(query: dict[str, Any]) -> Any:
    """Return what an area, a team, or everybody whose records the caller sees did in a period."""
    place = counting.place_of(actor(), area_id=query.get("area_id"), team_id=query.get("team_id"))
    today = clock.now()
    running = HalfYear.of(settings.local_day(today))
    period = Period(query.get("from_on", running.starts_on), query.get("to_on", running.ends_on))
    codes, by = query["codes"].split(",") if query.get("codes") else None, query.get("by")
    return {
        "from_on": period.since,
        "to_on": period.until,
        "figures": counting.count(place, period, today=today, codes=codes),
        "parts": counting.split(place, period, by, today=today, codes=codes) if by else [],
    }
