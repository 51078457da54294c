"""Check-ins, rosters and closing over the API."""

from volunteer_service.api.attendance import roster_sheets
from volunteer_service.api.attendance.views import bp

__all__ = ["bp", "roster_sheets"]
