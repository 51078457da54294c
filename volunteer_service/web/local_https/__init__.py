"""How a phone in the network is told to trust this machine, so that it allows camera and
storage.
"""

from volunteer_service.web.local_https.views import bp

__all__ = ["bp"]
