"""The counter: one input, a big result, one tap, the next person; and the end of the day."""

from volunteer_service.web.desk import sheets
from volunteer_service.web.desk.views import bp

__all__ = ["bp", "sheets"]
