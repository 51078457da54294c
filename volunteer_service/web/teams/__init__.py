"""Teams: find one, ask to join; for leaders the roster, for coordinators creating and editing."""

from volunteer_service.web.teams import cards, members, robots
from volunteer_service.web.teams.views import bp

__all__ = ["bp", "cards", "members", "robots"]
