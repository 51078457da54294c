"""The first page: what this person came for comes first."""

from volunteer_service.web.home.views import bp

__all__ = ["bp"]
