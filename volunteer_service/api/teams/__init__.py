"""Teams and rosters over the API."""

from volunteer_service.api.teams import robots
from volunteer_service.api.teams.views import bp

__all__ = ["bp", "robots"]
