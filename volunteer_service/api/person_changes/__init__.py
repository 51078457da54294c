"""Changes of people's registered data over the API."""

from volunteer_service.api.person_changes.views import bp

__all__ = ["bp"]
