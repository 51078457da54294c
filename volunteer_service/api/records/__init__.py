"""Service records and disputes over the API."""

from volunteer_service.api.records import claim_photos
from volunteer_service.api.records.views import bp

__all__ = ["bp", "claim_photos"]
