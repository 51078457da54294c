"""Messages to the caller over the API."""

from volunteer_service.api.messages.views import bp

__all__ = ["bp"]
