"""Mergings over the API: two entries of one person, two teams."""

from volunteer_service.api.merging import teams
from volunteer_service.api.merging.views import bp

__all__ = ["bp", "teams"]
