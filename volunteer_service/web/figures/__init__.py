"""Figures of a place, as a page, a workbook and a report; and a volunteer's own year."""

from volunteer_service.web.figures import desk_load, exports, own, public, report
from volunteer_service.web.figures.views import bp

__all__ = ["bp", "desk_load", "exports", "own", "public", "report"]
