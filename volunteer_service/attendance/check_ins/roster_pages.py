"""A leader's list of an event in pages, and how many people each part of it has.

A phone at a gate does not load fifteen hundred people on one page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, true

from volunteer_service.attendance.check_ins import pairs
from volunteer_service.attendance.check_ins.rosters import Row
from volunteer_service.bounds import one_of
from volunteer_service.db import db
from volunteer_service.events import event_lists, stays
from volunteer_service.events.models import Attendance, SignUp
from volunteer_service.paging import page
from volunteer_service.people.authorization.actor import Actor

#: Lines of a page.
LINES = 50

_pair = select(Attendance.id).where(Attendance.sign_up_id == SignUp.id).correlate(SignUp)
_came = _pair.exists()
_is_in = _pair.where(Attendance.checked_out_at.is_(None)).exists()
#: The parts of a roster. A cancelled sign-up is listed only if it was used.
PARTS: Mapping[str, ColumnElement[bool]] = {
    "all": or_(SignUp.state != "cancelled", _came),
    "expected": and_(SignUp.state == "confirmed", ~_came),
    "present": _is_in,
    "left": and_(_came, ~_is_in),
    "waiting": and_(SignUp.state == "waiting", ~_came),
    "no_show": SignUp.state == "no_show",
}


@dataclass(frozen=True)
class RosterPage:
    """Some lines of a roster, and how many people each part holds."""

    rows: list[Row]
    #: The cursor of the next page; None after the last line.
    next: str | None
    counts: Mapping[str, int]

    @property
    def came(self) -> int:
        """Return the head count: everybody who checked in."""
        return self.counts["present"] + self.counts["left"]

    @property
    def version(self) -> str:
        """Return a mark that changes as soon as somebody comes, leaves or gets a place."""
        return "-".join(str(self.counts[part]) for part in PARTS)


def roster_page(
    event_id: int,
    *,
    shift_id: int | None = None,
    part: str = "all",
    cursor: str | None = None,
    by: Actor,
    at: datetime,
) -> RosterPage:
    """Return a page of an event's roster, or of one shift's, by shift and name: five queries."""
    one_of(part, tuple(PARTS), "part")
    of_shift = true() if shift_id is None else SignUp.shift_id == shift_id
    query = event_lists.signed_up(event_id, by).where(of_shift, PARTS[part])
    found = page(query, event_lists.SIGN_UP_SORTS, sort="shift", cursor=cursor, limit=LINES)
    came = pairs.of_places([each.id for each in found.items])
    stay = stays.staying(event_id, {each.volunteer_id for each in found.items}, at)
    rows = [Row(each, came.get(each.id, ()), each.id in stay) for each in found.items]
    return RosterPage(rows, found.next, counts(event_id, of_shift))


def counts(event_id: int, of_shift: ColumnElement[bool]) -> Mapping[str, int]:
    """Return how many sign-ups each part holds."""
    columns = [func.count().filter(condition) for condition in PARTS.values()]
    query = select(*columns).select_from(SignUp).where(SignUp.event_id == event_id, of_shift)
    return dict(zip(PARTS, db.session.execute(query).one(), strict=True))
