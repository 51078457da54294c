"""What happened to one thing, on a page of its own."""

from volunteer_service.web.stories.views import bp

__all__ = ["bp"]
