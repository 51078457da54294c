"""Pages about people for staff: volunteers, and the accounts and roles of everybody."""

from volunteer_service.web.people import (
    account_people,
    accounts,
    blocks,
    cards,
    checks,
    complaints,
    departures,
    households,
    purpose,
    reinstating,
    volunteers,
)
from volunteer_service.web.people.blueprint import bp

__all__ = [
    "account_people",
    "accounts",
    "blocks",
    "bp",
    "cards",
    "checks",
    "complaints",
    "departures",
    "households",
    "purpose",
    "reinstating",
    "volunteers",
]
