"""Writing one entry or exit: the scan, then the presence it proves, each a single statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NoReturn

from sqlalchemy import bindparam, exists, select, update

from volunteer_service import journal
from volunteer_service.attendance import refusals
from volunteer_service.attendance.check_ins import late_duplicates, late_reviews, scan_log, walk_ins
from volunteer_service.attendance.check_ins.current_shift import Fit, Stay
from volunteer_service.attendance.check_ins.late_duplicates import Better
from volunteer_service.attendance.check_ins.scan_log import ScanOutcome
from volunteer_service.attendance.check_ins.situation import Kind, Place, Standing
from volunteer_service.db import INSERTS, after_rollback, db, fetch
from volunteer_service.db.prepared_statements import Prepared
from volunteer_service.errors import Refused
from volunteer_service.events import sign_ups
from volunteer_service.events.models import Attendance, Event, Shift, SignUp
from volunteer_service.events.refusals import AlreadySignedUp, ShiftFull
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Volunteer

_ENTRY = ("shift_id", "sign_up_id", "volunteer_id", "checked_in_at", "checked_out_at", "grade")
# From SELECT: a close or a withdrawal that won the race leaves no row to insert from. Both hold the
# event, for which the scan's foreign key waits, so that this statement sees what they did. Moving
# the shift holds the event too, so the times are still those by which the scan was judged.
_GIVEN = {name: bindparam(name, type_=Attendance.__table__.c[name].type) for name in _ENTRY}
_OPEN = (
    select(Event.id, *_GIVEN.values())
    .join(Shift, Shift.event_id == Event.id)
    .join(SignUp, SignUp.shift_id == Shift.id)
    .where(
        Event.id == bindparam("event"),
        Event.state == "published",
        Shift.closed_at.is_(None),
        Shift.starts_at == bindparam("judged_from", type_=Shift.__table__.c.starts_at.type),
        Shift.ends_at == bindparam("judged_to", type_=Shift.__table__.c.ends_at.type),
        SignUp.id == _GIVEN["sign_up_id"],
        SignUp.state == "confirmed",
    )
)
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
        Attendance.checked_in_at <= bindparam("left_at"),
        exists().where(
            Event.id == bindparam("event"),
            Event.state == "published",
            Shift.id == bindparam("open_shift"),
            Shift.closed_at.is_(None),
        ),
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
    #: By how much the phone's clock was wrong, if it was (:func:`late_scans.skew_of`).
    skew_seconds: int | None = None

    def go(self, fit: Fit) -> ScanOutcome | None:
        """Write it for one of its shifts, the first choice first; None where its id is known.

        The scan comes first, because its foreign key waits for a close that is under way.
        """
        found = self._place(fit.places) if fit.kind == "in" else (fit.places[0], 0)
        if found is None or not scan_log.keep(self.row(fit.kind, "accepted")):
            return None
        place, sign_up_id = found
        if fit.stay is not None:
            self._carry_on(fit.stay, place, sign_up_id, is_out=fit.kind == "out")
        else:
            self._enter(place, sign_up_id, self.at)
        return self._outcome(fit.kind, place)

    def widen(self, end: Better) -> ScanOutcome | None:
        """Write a late scan that moves an end of a presence; return None if its id is known."""
        row = end.pair()
        if not scan_log.keep(self.row(end.kind, "accepted")):
            return None
        if not end.move(row, self.at, "leader" if self.is_lower else None):
            is_in = end.kind == "in"
            self._lost(refusals.AlreadyCheckedIn() if is_in else refusals.AlreadyCheckedOut())
        db.session.expire(row)
        journal.record(
            end.verb,
            row,
            account_id=self.by.account_id,
            door=self.by.door,
            at=self.received_at,
            was=end.was.isoformat(),
            now=self.at.isoformat(),
        )
        return self._outcome(end.kind, end.place)

    def _outcome(self, kind: Kind, place: Place) -> ScanOutcome:
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
        """Return the scan as it is kept."""
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
        } | ({} if self.skew_seconds is None else {"skew_seconds": self.skew_seconds})

    def remember(self, refusal: Refused, kind: str) -> None:
        """Keep the refused scan, although everything else is rolled back."""
        if refusal.code() not in refusals.REFUSED_AT_SCAN:
            return
        is_double = late_duplicates.is_double(self.found, self.at, self.received_at, kind)
        row = self.row(kind, "duplicate" if is_double else "refused") | {
            "reason": refusal.code(),
            "numbers": refusal.numbers,
        }
        after_rollback(partial(scan_log.keep_refused, row, late_reviews.kind_of(refusal)))

    def _place(self, shifts: Sequence[Place]) -> tuple[Place, int] | None:
        """Return the shift and the sign-up of a check-in; None where the same scan was quicker."""
        try:
            return self._free_place(shifts)
        except Refused:
            # The same scan, sent twice at once, took the place a moment ago: both get one answer.
            if scan_log.is_kept(self.scan_id):
                return None
            raise

    def _free_place(self, shifts: Sequence[Place]) -> tuple[Place, int]:
        """Return the shift and the sign-up of a check-in; a walk-in gets the one with a
        free place.
        """
        if choices := walk_ins.to_choose_from(shifts):
            said = "、".join(walk_ins.words(shift) for shift in choices)
            raise refusals.ShiftNeeded(field="shift_id", shifts=said)
        # Ending and taking a place both lock the event first and then the shift.
        if not shifts[0].is_confirmed:
            sign_ups.hold_event(self.found.event_id)
        # The place that somebody waited for comes before any other.
        for place in sorted(shifts, key=lambda each: each.sign_up_state != "waiting"):
            if place.is_confirmed and place.sign_up_id is not None:
                if place.pairs:
                    # A person who left may have gone elsewhere meanwhile, or return to both places
                    # at once.
                    sign_ups.hold_event(self.found.event_id)
                    fetch(Volunteer, self.volunteer_id, lock=True)
                    sign_ups.need_nowhere_else(self.volunteer_id, fetch(Shift, place.shift_id))
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

    def _carry_on(self, stay: Stay, to: Place, sign_up_id: int, *, is_out: bool) -> None:
        """End the stay here, or begin its next shift; each shift between lasts as long as it lasts.

        What came before is as well proved as this scan and the one before are together.
        """
        if to is stay.entered:
            self._leave(stay.entered, self.at, to)
            return
        own = to in stay.then
        late = timedelta(minutes=self.found.policy.late_minutes)
        # The scan itself, where it is on time for the shift that ends, so that the same tap is
        # recognised.
        ended = self.at if self.at <= stay.entered.ends_at + late else stay.entered.ends_at
        self._leave(stay.entered, stay.entered.ends_at if is_out else ended, to)
        between = stay.then[: stay.then.index(to)] if own else stay.up_to(self.at)
        for place in between:
            self._enter(place, place.sign_up_id or 0, place.starts_at, place.ends_at)
        first = min(to.starts_at, self.at) if own else self.at
        self._enter(to, sign_up_id or to.sign_up_id or 0, first, self.at if is_out else None)

    def _enter(
        self, place: Place, sign_up_id: int, first: datetime, last: datetime | None = None
    ) -> None:
        values = {
            "event": self.found.event_id,
            "shift_id": place.shift_id,
            "sign_up_id": sign_up_id,
            "volunteer_id": self.volunteer_id,
            "checked_in_at": first,
            "checked_out_at": last,
            "grade": self.grade,
            "judged_from": place.starts_at,
            "judged_to": place.ends_at,
        }
        if not _ENTER.happens(values):
            times = select(Shift.starts_at, Shift.ends_at).where(Shift.id == place.shift_id)
            stands = tuple(db.session.execute(times).one()) == (place.starts_at, place.ends_at)
            self._lost(refusals.AlreadyCheckedIn() if stands else refusals.ShiftJustMoved())

    def _leave(self, place: Place, last: datetime, until: Place) -> None:
        """End the pair that is open; it counts while the shift is open to which the stay came."""
        values: dict[str, Any] = {
            "event": self.found.event_id,
            "attendance": place.attendance_id,
            "checked_out_at": last,
            "left_at": last,
            "open_shift": until.shift_id,
        }
        if self.is_lower:
            values["grade"] = "leader"
        if not _LEAVE.happens(values):
            self._lost(refusals.AlreadyCheckedOut())

    @property
    def is_lower(self) -> bool:
        """Tell whether the evidence grade drops: a leader did it by hand, or only the phone says
        when.
        """
        return self.grade == "leader"

    def _lost(self, refusal: Refused) -> NoReturn:
        """Return the refusal after a lost race: with another phone, or with the leader who closed
        the event.
        """
        state = db.session.scalar(select(Event.state).where(Event.id == self.found.event_id))
        raise refusal if state == "published" else refusals.EventOver()
