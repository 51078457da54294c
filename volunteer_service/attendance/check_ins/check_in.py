"""Scanning and ticking: one person checks in or out. The hot path: three statements and a commit.

A scan is identified by its own id: the same id again gets the same answer, refusals included.
Refused scans are kept with their reason, in a transaction of their own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from volunteer_service.attendance import refusals
from volunteer_service.attendance.check_ins import (
    accepted_codes,
    check_out_undo,
    event_codes,
    late_duplicates,
    late_reviews,
    late_scans,
    spoken_codes,
    walk_ins,
)
from volunteer_service.attendance.check_ins.current_shift import Fit, fitting, need_new_tap, present
from volunteer_service.attendance.check_ins.entry_and_exit import Act
from volunteer_service.attendance.check_ins.event_codes import Code
from volunteer_service.attendance.check_ins.scan_log import ScanOutcome, replay
from volunteer_service.attendance.check_ins.situation import (
    Kind,
    Place,
    Standing,
    standing,
)
from volunteer_service.attendance.models import Scan
from volunteer_service.db import db, fetch
from volunteer_service.errors import NotFound, Refused, SignInNeeded, told_to
from volunteer_service.events import event_teams, known_people
from volunteer_service.events.models import Event, Shift
from volunteer_service.events.refusals import NotAVolunteer
from volunteer_service.identifiers import check_characters, typed_text
from volunteer_service.people.authorization import conflicts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.cards import shown_codes
from volunteer_service.people.merged_entries import going_on, need_all_going_on
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.rules.policy import Policy
from volunteer_service.scoring.rules.recognised_minutes import Recognised, recognise


@dataclass(frozen=True)
class Look:
    """What a person sees before any button: the event, the scan that fits, or why none does."""

    standing: Standing
    kind: Kind | None
    refusal: Refused | None
    #: The shift on which the person is right now.
    present: Place | None = None
    #: Minutes until a check-out would earn anything; 0 once it does.
    minutes_short: int = 0
    #: Whether the check-out just made may still be taken back.
    may_stay: bool = False
    #: The shifts from which a person who has not signed up chooses; empty where there is no choice.
    choices: Sequence[Shift] = ()

    @property
    def came_at(self) -> datetime | None:
        """Return the last entry: on a shift that the person stays on it is that of one before."""
        last = self.standing.last
        return last.checked_in_at if last else None

    @property
    def worth(self) -> Recognised | None:
        """Return what the presence that ended last is worth so far; nothing before a check-out."""
        last = self.standing.last
        return _worth(last, None, self.standing.policy)


def scanned_event(token: str, *, at: datetime) -> Event:
    """Return the event that a signed code is for; anyone who holds the code may see it."""
    code = event_codes.read(token, at)
    known = Event.code == code.event_code, Event.state != "draft"
    event = db.session.scalars(select(Event).where(*known)).one_or_none()
    if event is None:
        raise refusals.CodeInvalid()
    return event


def look(token: str, *, volunteer_id: int, at: datetime) -> Look:
    """Return which scan fits this person now; changes nothing."""
    code = event_codes.read(token, at)
    found = standing(volunteer_id, event_code=code.event_code)
    if found is None:
        raise refusals.CodeInvalid()
    stays = check_out_undo.may_stay(found, volunteer_id, at=at)
    try:
        code.need_alive(at)
        accepted_codes.need_accepted(found.accepted_codes, code.source)
        fit = _allowed(code, None, found, at)
    except Refused as refusal:
        return Look(found, None, refusal, present(found, at), may_stay=stays)
    short = _minutes_short(fit.places[0], at, found.policy) if fit.kind == "out" else 0
    choices = walk_ins.to_choose_from(fit.places) if fit.kind == "in" else ()
    return Look(found, fit.kind, None, present(found, at), short, stays, choices)


def scan(
    token: str,
    *,
    scan_id: str,
    kind: Kind | None = None,
    shift_id: int | None = None,
    tapped_at: datetime | None = None,
    sent_at: datetime | None = None,
    by: Actor,
    at: datetime,
) -> ScanOutcome:
    """Check the actor in or out with a signed code, or with the digits that the leader said;
    ``kind`` is what their button said.

    In: from 30 min before the shift (policy) to its end; a person who has not signed up gets a free
    place as a walk-in, and chooses the shift (``shift_id``) where several have one. Out: once
    checked in, until the event is closed. ``tapped_at`` and ``sent_at`` are times of the phone's
    clock, for a tap without network (:mod:`late_scans`). A grant has a scan id of its own, so it is
    valid for one scan, whoever sends it.
    """
    if by.volunteer_id is None:
        raise NotAVolunteer()
    code = _read(token, by.volunteer_id, at)
    scan_id = code.scan_id or scan_id
    found = standing(
        by.volunteer_id, event_code=code.event_code, scan_id=scan_id, session_hash=by.unproven
    )
    if found is None:
        raise refusals.CodeInvalid()
    if by.unproven is not None and not found.session_lives:
        raise SignInNeeded()
    if found.scanned:
        return replay(scan_id, by.volunteer_id, found)
    when = late_scans.time_of_tap(at, tapped_at, sent_at, found.policy)
    grade = "leader" if late_scans.is_late(when, at, found.policy) else "scanned"
    skew = late_scans.skew_of(at, sent_at, found.policy)
    act = Act(scan_id, by.volunteer_id, found, code.source, grade, by, when, at, skew)
    try:
        code.need_alive(when)
        accepted_codes.need_accepted(found.accepted_codes, code.source)
        late_scans.need_credible(when, at, found.policy)
        return _write(act, kind, lambda: _allowed(code, kind, found, when, shift_id))
    except Refused as refusal:
        only = code.kinds[0] if len(code.kinds) == 1 else None
        given: Kind | None = kind or (None if only is None else "in" if only == "in" else "out")
        raise _kept(act, refusal, given) from None


def _read(token: str, volunteer_id: int, at: datetime) -> Code:
    if spoken_codes.is_spoken(token):
        return spoken_codes.read_digits(token, volunteer_id=volunteer_id, at=at)
    return event_codes.read(token, at)


def tick(
    event_id: int,
    *,
    volunteer_id: int,
    kind: Kind | None,
    scan_id: str,
    shift_id: int | None = None,
    tapped_at: datetime | None = None,
    sent_at: datetime | None = None,
    numbered: int | None = None,
    by: Actor,
    at: datetime,
) -> ScanOutcome:
    """Check somebody else in or out by hand, as a leader: no phone, no code; the grade drops.
    Without ``kind`` it is the one that fits.

    Only people whom the leader can find (:mod:`known_people`); ``numbered`` is whose card they have
    in hand. Somebody who has not signed up needs the ``shift_id`` where several shifts have a free
    place. A tick that waited for the network carries the times of the phone, as in :func:`scan`.
    """
    return _by_leader(
        _Shown(event_id, volunteer_id, "roster", "leader", numbered),
        kind,
        scan_id,
        shift_id,
        times=(tapped_at, sent_at, at),
        by=by,
    )


def scan_card(
    event_id: int,
    *,
    card: str,
    scan_id: str,
    kind: Kind | None = None,
    shift_id: int | None = None,
    tapped_at: datetime | None = None,
    sent_at: datetime | None = None,
    by: Actor,
    at: datetime,
) -> ScanOutcome:
    """Check in or out a person who shows the leader a printed card, or the code on their phone; it
    is graded as a scan.

    Without ``kind`` it is the scan that fits. A card that has ended is :class:`CardUnknown`; a
    phone's code must be that of the half-minute of the tap, else it is :class:`PersonalCodeLapsed`.
    """
    need_gate(event_id, by)
    shown = shown_codes.read_shown(card, late_scans.shown_at(at, tapped_at, sent_at))
    if shown is None:
        raise refusals.CardUnknown(field="card")
    return _by_leader(
        _Shown(event_id, shown.volunteer_id, shown.source, "scanned", shown.volunteer_id),
        kind,
        scan_id,
        shift_id,
        times=(tapped_at, sent_at, at),
        by=by,
    )


def minutes_short(
    event_id: int,
    *,
    volunteer_id: int,
    scan_id: str,
    tapped_at: datetime | None = None,
    sent_at: datetime | None = None,
    at: datetime,
) -> int:
    """Return for how many more minutes a check-out earns nothing; 0 if none would fit then."""
    found = standing(volunteer_id, event_id=event_id, scan_id=scan_id)
    if found is None or found.scanned:
        return 0
    when = late_scans.time_of_tap(at, tapped_at, sent_at, found.policy)
    try:
        need_new_tap(found, when)
        fit = fitting(found, when)
    except Refused:
        return 0
    return _minutes_short(fit.places[0], when, found.policy) if fit.kind == "out" else 0


def numbered(text: str) -> int:
    """Return the id of the volunteer with this number, as it is typed from the card.

    The number of a merged entry leads to the entry that was kept.
    """
    number = check_characters.read_volunteer_number(typed_text.plain(text))
    found = db.session.scalar(select(going_on()).where(Volunteer.number == number))
    if number is None or found is None:
        raise refusals.NumberUnknown(field="number")
    return found


@dataclass(frozen=True)
class _Shown:
    """Whom a leader has in front of them, and how that is evidence."""

    event_id: int
    volunteer_id: int
    source: str
    grade: str
    #: Whose card the leader has in hand.
    numbered: int | None


def need_gate(event_id: int, by: Actor) -> Event:
    """Return the event if the actor may check people in there."""
    event = fetch(Event, event_id)
    event_teams.need(by, Right.RECORD_CONFIRM, event)
    return event


def _by_leader(
    shown: _Shown,
    kind: Kind | None,
    scan_id: str,
    shift_id: int | None,
    *,
    times: tuple[datetime | None, datetime | None, datetime],
    by: Actor,
) -> ScanOutcome:
    team = event_teams.need(by, Right.RECORD_CONFIRM, fetch(Event, shown.event_id))
    who, at = shown.volunteer_id, times[-1]
    others = event_teams.others(Right.RECORD_CONFIRM, team, [who], at=at)
    conflicts.need_other(by, [who], at=at, who=others, refusal=refusals.OwnTick)
    found = standing(who, event_id=shown.event_id, scan_id=scan_id)
    if found is None:
        raise NotFound()
    if not any(place.sign_up_id for place in found.places):
        known_people.need_known([who], team, by=by, at=at, numbered=shown.numbered)
    if found.scanned:
        with told_to(is_person=False):
            return replay(scan_id, who, found)
    when = late_scans.time_of_tap(at, *times[:2], found.policy)
    grade = "leader" if late_scans.is_late(when, at, found.policy) else shown.grade
    skew = late_scans.skew_of(at, times[1], found.policy)
    act = Act(scan_id, who, found, shown.source, grade, by, when, at, skew)
    try:
        with told_to(is_person=False):
            need_all_going_on([who])
            late_scans.need_credible(when, at, found.policy)
            return _write(act, kind, lambda: fitting(found, when, kind, shift_id))
    except Refused as refusal:
        with told_to(is_person=False):
            raise _kept(act, refusal, kind) from None


def _kept(act: Act, refusal: Refused, kind: Kind | None) -> Refused:
    """Keep a refused scan, and return the refusal to answer with."""
    given = late_reviews.kind_then(act.found, act.at, kind, refusal)
    told = late_reviews.refusal_of(refusal, act.found, act.at, act.received_at, given)
    act.remember(told, given)
    return told


def count_reviewed(
    scan: Scan, *, volunteer_id: int, counted_at: datetime, scan_id: str, by: Actor, at: datetime
) -> ScanOutcome:
    """Make a late scan count at the time that a person set, while its shift is open."""
    found = standing(volunteer_id, event_id=scan.event_id, scan_id=scan_id)
    if found is None:
        raise NotFound()
    kind: Kind = "in" if scan.kind == "in" else "out"
    act = Act(scan_id, volunteer_id, found, scan.source, "leader", by, counted_at, at)
    with told_to(is_person=False):
        need_all_going_on([volunteer_id])
        return _write(act, kind, lambda: fitting(found, counted_at, kind))


def _allowed(
    code: Code,
    kind: Kind | None,
    found: Standing,
    at: datetime,
    shift_id: int | None = None,
) -> Fit:
    """Return the scan to make and its shifts: what the button said or what fits, if this code
    allows it.
    """
    if kind is not None and kind not in code.kinds:
        raise refusals.CodeInvalid()
    fit = fitting(found, at, kind, shift_id)
    if fit.kind not in code.kinds:
        raise refusals.NotCheckedIn() if fit.kind == "in" else refusals.AlreadyCheckedIn()
    return fit


def _write(act: Act, kind: Kind | None, fits: Callable[[], Fit]) -> ScanOutcome:
    """Write a scan that fits; a late scan that does not may still move an end of a presence."""
    try:
        if kind is None:
            need_new_tap(act.found, act.at)
        fit = fits()
    except (refusals.AlreadyCheckedIn, refusals.AlreadyCheckedOut, refusals.NotCheckedIn):
        is_late = act.at != act.received_at
        end = late_duplicates.better(act.found, act.at, kind) if is_late else None
        if end is None:
            raise
        return act.widen(end) or _at_once(act)
    return act.go(fit) or _at_once(act)


def _at_once(act: Act) -> ScanOutcome:
    """Return the answer of the same scan, which another request wrote at this very moment."""
    found = standing(act.volunteer_id, event_id=act.found.event_id)
    return replay(act.scan_id, act.volunteer_id, found or act.found)


def _minutes_short(place: Place, at: datetime, policy: Policy) -> int:
    worth = _worth(place, at, policy)
    for reason in worth.reasons if worth else ():
        if reason.code == "presence_too_short":
            return reason.number("needed_minutes") - reason.number("minutes")
    return 0


def _worth(place: Place | None, left_at: datetime | None, policy: Policy) -> Recognised | None:
    """Return what a presence would be worth, by the rule that closes the event; None without an
    end, and for a person who only takes part.

    Somebody who stays on from the shift before is there from the beginning.
    """
    if place is None or not place.serves:
        return None
    pairs = place.pairs or ((place.starts_at, None),)
    first, last = pairs[-1][0], pairs[-1][1] or left_at
    if last is None:
        return None
    served = (*pairs[:-1], (first, last))
    return recognise(place.starts_at, place.ends_at, served, policy, breaks=place.breaks)
