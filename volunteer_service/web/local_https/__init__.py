"""How a phone in the network comes to trust this machine, so that it gives camera and storage."""

from volunteer_service.web.local_https.views import bp

__all__ = ["bp"]
