"""Circulars over the API."""

from volunteer_service.api.circulars.views import bp

__all__ = ["bp"]
