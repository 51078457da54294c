"""Opening balances over the API."""

from volunteer_service.api.openings.views import bp

__all__ = ["bp"]
