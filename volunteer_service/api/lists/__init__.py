"""Lists of staff over the API."""

from volunteer_service.api.lists.views import bp

__all__ = ["bp"]
