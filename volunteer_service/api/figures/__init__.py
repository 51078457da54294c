"""Figures over the API: what a place did in a period, whole or broken down."""

from volunteer_service.api.figures.views import bp

__all__ = ["bp"]
