"""Certificates over the API."""

from volunteer_service.api.certificates.views import bp

__all__ = ["bp"]
