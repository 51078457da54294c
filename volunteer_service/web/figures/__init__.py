"""Figures of a place: the page with its charts, a workbook, and the report for the leadership."""

from volunteer_service.web.figures import report
from volunteer_service.web.figures.views import bp

__all__ = ["bp", "report"]
