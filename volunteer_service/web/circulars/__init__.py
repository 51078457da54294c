"""Circulars: written, previewed, sent, read."""

from volunteer_service.web.circulars.views import bp

__all__ = ["bp"]
