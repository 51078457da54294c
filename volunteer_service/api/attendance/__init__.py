"""Check-ins, rosters and closing over the API."""

from volunteer_service.api.attendance import anomalies, roster_sheets
from volunteer_service.api.attendance.views import bp

__all__ = ["anomalies", "bp", "roster_sheets"]
