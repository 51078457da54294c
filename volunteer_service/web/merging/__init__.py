"""Two entries of one person, or two teams: chosen, compared, merged, undone."""

from volunteer_service.web.merging import teams
from volunteer_service.web.merging.views import bp

__all__ = ["bp", "teams"]
