"""The catalogue, ordering, and one's own orders; keeping the catalogue."""

from volunteer_service.web.gifts.views import bp

__all__ = ["bp"]
