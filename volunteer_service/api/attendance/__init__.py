"""Check-ins, rosters and closing over the API."""

from volunteer_service.api.attendance import anomalies, line_ticks, roster_sheets
from volunteer_service.api.attendance.views import bp

__all__ = ["anomalies", "bp", "line_ticks", "roster_sheets"]
