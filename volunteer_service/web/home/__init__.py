"""The first page: what this person came for stands first."""

from volunteer_service.web.home.views import bp

__all__ = ["bp"]
