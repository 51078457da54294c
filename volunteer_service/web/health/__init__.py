"""Pages for machines: liveness, readiness, and Prometheus' metrics."""

from volunteer_service.web.health.views import bp

__all__ = ["bp"]
