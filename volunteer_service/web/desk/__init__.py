"""The counter: one input, a big result, one tap, next; and the day's end."""

from volunteer_service.web.desk import sheets
from volunteer_service.web.desk.views import bp

__all__ = ["bp", "sheets"]
