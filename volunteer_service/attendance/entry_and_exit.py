"""Writing one entry or exit: the scan, then the presence it proves, each a single statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, NoReturn

from sqlalchemy import bindparam, exists, select, update

from volunteer_service.attendance import refusals, scan_log, walk_ins
from volunteer_service.attendance.scan_log import ScanOutcome
from volunteer_service.attendance.situation import (
    Kind,
    Place,
    Standing,
)
from volunteer_service.db import INSERTS, after_rollback, db, fetch
from volunteer_service.db.prepared_statements import Prepared
from volunteer_service.errors import Refused
from volunteer_service.events import sign_ups
from volunteer_service.events.models import Attendance, Event, Shift
from volunteer_service.events.refusals import AlreadySignedUp, ShiftFull
from volunteer_service.people.authorization.actor import Actor

_ENTRY = ("shift_id", "sign_up_id", "volunteer_id", "checked_in_at", "grade")
# From SELECT: a close that won the race leaves no row to insert from.
_OPEN = select(
    Event.id, *(bindparam(name, type_=Attendance.__table__.c[name].type) for name in _ENTRY)
).where(Event.id == bindparam("event"), Event.state == "published")
_ENTER = Prepared(
    {
        dialect: insert(Attendance)
        .from_select(["event_id", *_ENTRY], _OPEN)
        .on_conflict_do_nothing()
        .returning(Attendance.id)
        for dialect, insert in INSERTS.items()
    }
)
_LEAVE = Prepared(
    update(Attendance)
    .where(
        Attendance.id == bindparam("attendance"),
        Attendance.checked_out_at.is_(None),
        exists().where(Event.id == bindparam("event"), Event.state == "published"),
    )
    .returning(Attendance.id)
)


@dataclass(frozen=True)
class Act:
    """One scan that is about to be written."""

    scan_id: str
    volunteer_id: int
    found: Standing
    source: str
    grade: str
    by: Actor
    #: When it was made, and when it reached us; the same unless the phone had no network.
    at: datetime
    received_at: datetime

    def go(self, kind: Kind, shifts: Sequence[Place]) -> ScanOutcome | None:
        """Write it for one of these shifts, the first choice first; None where its id is known.

        The scan comes first, because its foreign key waits for a close that is under way.
        """
        place, sign_up_id = self._place(shifts) if kind == "in" else (shifts[0], 0)
        if not scan_log.keep(self.row(kind, "accepted")):
            return None
        if kind == "in":
            self._enter(place, sign_up_id)
        else:
            self._leave(place)
        return ScanOutcome(
            self.scan_id,
            kind,
            self.at,
            self.volunteer_id,
            self.found.event_id,
            self.found.title,
            self.found.place,
            place.starts_at,
            place.ends_at,
        )

    def row(self, kind: str, outcome: str) -> dict[str, Any]:
        """The scan as it is kept."""
        return {
            "scan_id": self.scan_id,
            "event_id": self.found.event_id,
            "volunteer_id": self.volunteer_id,
            "kind": kind,
            "source": self.source,
            "scanned_at": self.at,
            "received_at": self.received_at,
            "account_id": self.by.account_id,
            "outcome": outcome,
            "numbers": {},
        }

    def remember(self, refusal: Refused, kind: str) -> None:
        """Keep the refused scan, though all else is rolled back."""
        if refusal.code() not in refusals.REFUSED_AT_SCAN:
            return
        row = self.row(kind, "refused") | {
            "reason": refusal.code(),
            "numbers": refusal.numbers,
        }
        after_rollback(partial(scan_log.keep_refused, row))

    def _place(self, shifts: Sequence[Place]) -> tuple[Place, int]:
        """The shift and the sign-up of a check-in; a walk-in gets the one with a free place."""
        if choices := walk_ins.to_choose_from(shifts):
            said = "、".join(walk_ins.words(shift) for shift in choices)
            raise refusals.ShiftNeeded(field="shift_id", shifts=said)
        # The place that somebody waited for comes before any other.
        for place in sorted(shifts, key=lambda each: each.sign_up_state != "waiting"):
            if place.is_confirmed and place.sign_up_id is not None:
                return place, place.sign_up_id
            shift = fetch(Shift, place.shift_id)
            try:
                row = sign_ups.place(
                    shift, self.volunteer_id, source="walk_in", by=self.by, at=self.at
                )
            except ShiftFull:
                continue
            except AlreadySignedUp:
                # The person's other phone was quicker by a moment.
                raise refusals.AlreadyCheckedIn() from None
            return place, row.id
        raise refusals.NotSignedUp()

    def _enter(self, place: Place, sign_up_id: int) -> None:
        values = {
            "event": self.found.event_id,
            "shift_id": place.shift_id,
            "sign_up_id": sign_up_id,
            "volunteer_id": self.volunteer_id,
            "checked_in_at": self.at,
            "grade": self.grade,
        }
        if not _ENTER.happens(values):
            self._lost(refusals.AlreadyCheckedIn())

    def _leave(self, place: Place) -> None:
        values: dict[str, Any] = {
            "event": self.found.event_id,
            "attendance": place.attendance_id,
            "checked_out_at": self.at,
        }
        if self.is_lower:
            values["grade"] = "leader"
        if not _LEAVE.happens(values):
            self._lost(refusals.AlreadyCheckedOut())

    @property
    def is_lower(self) -> bool:
        """A leader did it by hand, or the phone says when: the evidence grade drops."""
        return self.grade == "leader"

    def _lost(self, refusal: Refused) -> NoReturn:
        """Somebody was quicker: the other phone, or the leader who closed the event."""
        state = db.session.scalar(select(Event.state).where(Event.id == self.found.event_id))
        raise refusal if state == "published" else refusals.EventOver()
