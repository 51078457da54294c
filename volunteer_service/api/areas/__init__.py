"""The tree of areas over the API."""

from volunteer_service.api.areas.views import bp

__all__ = ["bp"]
