"""Pages that change people's registered data, and show the history."""

from volunteer_service.web.person_changes import deciding, own, views
from volunteer_service.web.person_changes.blueprint import bp

__all__ = ["bp", "deciding", "own", "views"]
