"""Figures of a place, as a page, a workbook and a report; and a volunteer's own year."""

from volunteer_service.web.figures import own, report
from volunteer_service.web.figures.views import bp

__all__ = ["bp", "own", "report"]
