"""Records: my hours, one record explained, what waits for a decision, entering service later."""

from volunteer_service.web.records import claims, missing_ends, papers, sheets
from volunteer_service.web.records.views import bp

__all__ = ["bp", "claims", "missing_ends", "papers", "sheets"]
