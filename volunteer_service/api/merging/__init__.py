"""Two entries of one person over the API: compared, merged, decided, undone."""

from volunteer_service.api.merging.views import bp

__all__ = ["bp"]
