"""For machines: does the process answer, may it get requests, and Prometheus' figures."""

from volunteer_service.web.health.views import bp

__all__ = ["bp"]
