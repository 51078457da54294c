"""Events: the list, one event with its places, and the pages where its leader makes it."""

from volunteer_service.web.events import (
    calendar,
    calendar_feeds,
    changes,
    photos,
    place_offers,
    requirements,
    school_terms,
    series,
    swaps,
)
from volunteer_service.web.events.views import bp

__all__ = [
    "bp",
    "calendar",
    "calendar_feeds",
    "changes",
    "photos",
    "place_offers",
    "requirements",
    "school_terms",
    "series",
    "swaps",
]
