"""Returns the time that a service record occupies: another record of the person over it would count
that time twice.

A person who left between two entries may have served elsewhere meanwhile, so those gaps are free. A
record with more minutes than its entries hold, by a person's decision, occupies its whole time.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from volunteer_service.attendance.check_ins import pairs
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.events.models import Attendance
from volunteer_service.scoring.rules.recognised_minutes import Span


def of_record(record: ServiceRecord, minutes: int | None = None) -> list[Span]:
    """Return the times that a record occupies, or would occupy with these minutes."""
    given = within(record.starts_at, record.ends_at, pairs.of_record(record))
    lasted = sum(((last - first) for first, last in given), timedelta())
    claimed = record.minutes if minutes is None else minutes
    is_more = timedelta(minutes=claimed) > lasted
    return [(record.starts_at, record.ends_at)] if is_more else given


def within(first: datetime, last: datetime, rows: Sequence[Attendance]) -> list[Span]:
    """Return a time without the gaps between its pairs of entry and exit."""
    found, begins = [], first
    for row, after in pairwise(rows):
        left = row.checked_out_at
        if left is not None and begins < left and after.checked_in_at < last:
            found.append((begins, left))
            begins = after.checked_in_at
    return [*found, (begins, last)]


def meet(one: Iterable[Span], other: Sequence[Span]) -> bool:
    """Tell whether some of these times overlap."""
    return any(a < d and c < b for a, b in one for c, d in other)
