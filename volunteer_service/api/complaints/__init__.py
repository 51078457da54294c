"""Complaints about volunteers over the API: written down, told, answered, decided."""

from volunteer_service.api.complaints.views import bp

__all__ = ["bp"]
