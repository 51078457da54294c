"""What every writer of one import needs to know."""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from volunteer_service.people.authorization.actor import Actor
from volunteer_service.scoring.rules.policy import Policy


@dataclass(frozen=True)
class Context:
    """The import, the instant, its local day, the policy in force, and who handed it in."""

    import_id: int
    at: datetime
    today: date
    zone: tzinfo
    policy: Policy
    #: Who handed the files in; None for the operator.
    handed_in_by: Actor | None = None
