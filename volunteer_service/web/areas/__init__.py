"""Areas: the tree, new, renamed, moved, closed, and where their staff are found."""

from volunteer_service.web.areas.views import bp

__all__ = ["bp"]
