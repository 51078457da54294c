"""Volunteers, consents, tokens and grants over the API."""

from volunteer_service.api.people.views import bp

__all__ = ["bp"]
