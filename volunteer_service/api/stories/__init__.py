"""What happened to one thing, over the API."""

from volunteer_service.api.stories.views import bp

__all__ = ["bp"]
