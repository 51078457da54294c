"""Pages about people for staff: volunteers, and the accounts and roles of everybody."""

from volunteer_service.web.people import (
    accounts,
    blocks,
    complaints,
    households,
    purpose,
    reinstating,
    volunteers,
)
from volunteer_service.web.people.blueprint import bp

__all__ = [
    "accounts",
    "blocks",
    "bp",
    "complaints",
    "households",
    "purpose",
    "reinstating",
    "volunteers",
]
