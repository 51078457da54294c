"""A member's points and statement; for coordinators what is outstanding, and corrections."""

from volunteer_service.web.points.views import bp

__all__ = ["bp"]
