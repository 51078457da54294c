"""Events, posts, shifts and sign-ups over the API."""

from volunteer_service.api.events import (
    calendar_feeds,
    changes,
    photos,
    place_offers,
    series,
    swaps,
)
from volunteer_service.api.events.views import bp

__all__ = ["bp", "calendar_feeds", "changes", "photos", "place_offers", "series", "swaps"]
