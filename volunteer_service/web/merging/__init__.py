"""Two entries of one person: chosen, compared, merged, undone."""

from volunteer_service.web.merging.views import bp

__all__ = ["bp"]
