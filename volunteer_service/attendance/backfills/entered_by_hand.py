"""Tell the people who entered service by hand what was decided about it."""

from collections.abc import Sequence
from datetime import datetime

from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.messages import messages


def tell_who_entered(records: Sequence[ServiceRecord], *, by: Actor, at: datetime) -> None:
    """Tell each of them once that their records, decided alike, count or were refused."""
    for first in sorted({row.entered_by_id for row in records if row.entered_by_id is not None}):
        theirs = [row for row in records if row.entered_by_id == first]
        shown = theirs[0]
        facts = {
            "record": shown.id,
            "day": shown.served_on.isoformat(),
            "records": len(theirs),
            "outcome": shown.state,
        }
        messages.tell_first(first, "backfill_answered", second=by, at=at, **facts)
