"""Figures over the API: what a place did in a period, and by what it splits."""

from volunteer_service.api.figures.views import bp

__all__ = ["bp"]
