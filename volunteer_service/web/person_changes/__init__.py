"""Pages on which what is registered about people is changed, and read again."""

from volunteer_service.web.person_changes import deciding, own, views
from volunteer_service.web.person_changes.blueprint import bp

__all__ = ["bp", "deciding", "own", "views"]
