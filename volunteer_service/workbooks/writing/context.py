"""What every writer of one import needs to know."""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from volunteer_service.scoring.rules.policy import Policy


@dataclass(frozen=True)
class Context:
    """The import, the instant, its local day, and the numbers that hold."""

    import_id: int
    at: datetime
    today: date
    zone: tzinfo
    policy: Policy
