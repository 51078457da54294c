"""Figures of a place: the page with its charts, and the same as a workbook."""

from volunteer_service.web.figures.views import bp

__all__ = ["bp"]
