"""Lists of staff that have no page of their own, and every list as a file."""

from volunteer_service.web.lists.views import bp

__all__ = ["bp"]
