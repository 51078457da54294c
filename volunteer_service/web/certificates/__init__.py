"""Pages of certificates: the volunteer's own, pictures and PDF, the public check, revoking."""

from volunteer_service.web.certificates import offline
from volunteer_service.web.certificates.views import bp

__all__ = ["bp", "offline"]
