"""Pages that merge two entries of one person, or two teams: choose, compare, merge, undo."""

from volunteer_service.web.merging import teams
from volunteer_service.web.merging.views import bp

__all__ = ["bp", "teams"]
