"""Points over the API: standing, statement, corrections."""

from volunteer_service.api.points.views import bp

__all__ = ["bp"]
