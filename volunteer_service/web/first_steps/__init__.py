"""The first steps of a new street, with a sample workbook for each list."""

from volunteer_service.web.first_steps.views import bp

__all__ = ["bp"]
