"""Lists of staff over the API."""

from volunteer_service.api.lists import exports, views
from volunteer_service.api.lists.blueprint import bp

__all__ = ["bp", "exports", "views"]
