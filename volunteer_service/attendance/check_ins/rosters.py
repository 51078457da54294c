"""Reading attendance: rosters with ticks, one record down to its scans."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from volunteer_service.attendance.check_ins import pairs
from volunteer_service.attendance.models import (
    Correction,
    Dispute,
    Evaluation,
    RecordChange,
    Scan,
    ServiceRecord,
)
from volunteer_service.attendance.records import (
    corrections,
    record_deciders,
    record_decisions,
    record_points,
)
from volunteer_service.db import db, fetch
from volunteer_service.errors import WrittenByNewerProgram
from volunteer_service.events import event_lists as events
from volunteer_service.events.models import Attendance, Event, SignUp
from volunteer_service.journal import Entry
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.merged_entries import is_entry_of
from volunteer_service.people.models import Account


@dataclass(frozen=True)
class Row:
    """One line of a leader's list: the sign-up and the pairs of entry and exit, if any."""

    sign_up: SignUp
    pairs: Sequence[Attendance] = ()
    #: Whether they are on this shift without an entry of its own: they stay from the one before.
    stays: bool = False

    @property
    def attendance(self) -> Attendance | None:
        """Return the last pair."""
        return self.pairs[-1] if self.pairs else None

    @property
    def is_present(self) -> bool:
        """Tell whether the person is in, and not yet out."""
        return self.attendance is not None and self.attendance.checked_out_at is None

    @property
    def may_move(self) -> bool:
        """Tell whether a leader may move the person to another shift: they came without signing
        up.
        """
        return self.attendance is not None and self.sign_up.source == "walk_in"


@dataclass(frozen=True)
class Roster:
    """Who signed up, who came, who is still here."""

    event: Event
    rows: list[Row]

    @property
    def came(self) -> int:
        """Return the head count: everybody who checked in."""
        return sum(row.attendance is not None for row in self.rows)

    @property
    def present(self) -> int:
        """Return how many have not left yet."""
        return sum(row.is_present for row in self.rows)


@dataclass(frozen=True)
class Explanation:
    """A record and everything that led to it: scans, shift, amendments, disputes, points."""

    record: ServiceRecord
    #: Its pairs of entry and exit; empty for a record without scans.
    pairs: Sequence[Attendance]
    scans: Sequence[Scan]
    #: Check-outs that were taken back: when, and which.
    taken_back: Sequence[Entry]
    #: Moves of walk-ins: when, from which shift to which.
    moves: Sequence[Entry]
    changes: Sequence[RecordChange]
    disputes: Sequence[Dispute]
    corrections: Sequence[Correction]
    #: Names of the accounts that changed the record, asked or decided.
    names: Mapping[int, str]
    evaluation: Evaluation | None
    points: int | None
    is_own: bool
    #: Ends of presences that a late scan moved: when, which, and the time before.
    moved_ends: Sequence[Entry] = ()

    def lost(self, scan: Scan) -> bool:
        """Tell whether a scan is a duplicate: it came late and changed nothing, or an end was
        moved.
        """
        was = {entry.facts["was"] for entry in self.moved_ends}
        is_moved = scan.outcome == "accepted" and scan.scanned_at.isoformat() in was
        return scan.outcome == "duplicate" or is_moved

    @property
    def attendance(self) -> Attendance | None:
        """Return the last pair."""
        return self.pairs[-1] if self.pairs else None


def roster(event_id: int, *, shift_id: int | None = None, by: Actor) -> Roster:
    """Return the leader's list of an event, or of one shift, in two queries.

    A cancelled sign-up is listed only if it was used.
    """
    came = {rows[0].sign_up_id: rows for rows in pairs.of_event(event_id)}
    event = fetch(Event, event_id)
    rows = [Row(sign_up, came.get(sign_up.id, ())) for sign_up in events.roster(event_id, by=by)]
    shown = [row for row in rows if row.attendance or row.sign_up.state != "cancelled"]
    return Roster(event, [row for row in shown if shift_id in (None, row.sign_up.shift_id)])


def explain(record_id: int, *, by: Actor) -> Explanation:
    """Return a record from scan to minutes to points, for its volunteer and those who may
    see it.
    """
    record = fetch(ServiceRecord, record_id)
    is_own = by.volunteer_id is not None and by.volunteer_id == record.volunteer_id
    if not is_own:
        record_deciders.need(by, Right.RECORD_SEE, record)
    counted = pairs.of_record(record)
    earned = record_points.earning_of(record)
    changes, asked = _changes(record), corrections.corrections_of(record.id)
    return Explanation(
        record,
        counted,
        _scans_of(counted) if counted else [],
        _acts(counted, "attendance.take_back_check_out"),
        _acts(counted, "attendance.move"),
        changes,
        _disputes(record),
        asked,
        _names(changes, asked),
        db.session.scalars(select(Evaluation).where(Evaluation.record_id == record.id)).first(),
        earned.amount if earned else None,
        is_own,
        _acts(counted, "attendance.earlier_entry", "attendance.later_exit"),
    )


def record_of(dispute_id: int) -> int:
    """Return the id of the record that a dispute is about."""
    return fetch(Dispute, dispute_id).record_id


def record_of_correction(correction_id: int) -> int:
    """Return the id of the record that a correction is about."""
    return fetch(Correction, correction_id).record_id


def may_decide(record: ServiceRecord, *, by: Actor) -> frozenset[str]:
    """Return what this reader may do about a record: ``confirm``, ``decide``; nothing about their
    own.
    """
    if by.volunteer_id == record.volunteer_id:
        return frozenset()
    known = {"confirm": Right.RECORD_CONFIRM, "decide": Right.RECORD_DECIDE}
    return frozenset(
        name for name, right in known.items() if record_deciders.may(by, right, record)
    )


def _scans_of(counted: Sequence[Attendance]) -> Sequence[Scan]:
    """Return what brought the person in and out of these pairs, with the refused scans around.

    What belongs to another day or shift of the event is not part of it: from the scan after the one
    before their entry, to the next entry after the scan that ended it.
    """
    scans = _scans(counted[0])
    accepted = [(n, scan) for n, scan in enumerate(scans) if scan.outcome == "accepted"]
    ins = [n for n, scan in accepted if scan.kind == "in"]
    first = [n for n in ins if scans[n].scanned_at <= counted[0].checked_in_at]
    if not first:
        return scans
    before = [n for n, _scan in accepted if n < first[-1]]
    ended = [n for n in ins if scans[n].scanned_at <= counted[-1].checked_in_at][-1]
    left = counted[-1].checked_out_at
    if left is not None:
        after = (n for n, scan in accepted if n > ended and scan.scanned_at >= left)
        ended = next(after, ended)
        if scans[ended].kind == "in" and scans[ended].scanned_at >= left:
            # Said in again on the next shift: that ended this one.
            return scans[before[-1] + 1 if before else 0 : ended + 1]
    following = next((n for n in ins if n > ended), len(scans))
    return scans[before[-1] + 1 if before else 0 : following]


def _scans(presence: Attendance) -> Sequence[Scan]:
    return db.session.scalars(
        select(Scan)
        .where(
            Scan.event_id == presence.event_id,
            is_entry_of(Scan.volunteer_id, presence.volunteer_id),
        )
        .order_by(Scan.scanned_at, Scan.id)
    ).all()


def _acts(rows: Sequence[Attendance], *verbs: str) -> Sequence[Entry]:
    query = select(Entry).where(
        Entry.subject_type == Attendance.__tablename__,
        Entry.subject_id.in_([row.id for row in rows]),
        Entry.verb.in_(verbs),
    )
    return db.session.scalars(query.order_by(Entry.id)).all() if rows else ()


def _changes(record: ServiceRecord) -> Sequence[RecordChange]:
    query = select(RecordChange).where(RecordChange.record_id == record.id)
    found = db.session.scalars(query.order_by(RecordChange.id)).all()
    for change in found:
        WrittenByNewerProgram.unless(change.format, known=record_decisions.FORMAT)
    return found


def _names(changes: Sequence[RecordChange], asked: Sequence[Correction]) -> dict[int, str]:
    ids = {row.account_id for row in changes} | {row.asked_by_id for row in asked}
    ids |= {row.decided_by_id for row in asked}
    if not ids:
        return {}
    query = select(Account.id, Account.name).where(Account.id.in_(ids - {None}))
    return dict(db.session.execute(query).all())


def _disputes(record: ServiceRecord) -> Sequence[Dispute]:
    query = select(Dispute).where(Dispute.record_id == record.id)
    return db.session.scalars(query.order_by(Dispute.id)).all()
