"""Two entries of one person over the API: compare, merge, decide, undo."""

from volunteer_service.api.merging.views import bp

__all__ = ["bp"]
