"""Where one person stands at one event right now, in one query; and which scan fits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, and_, bindparam, select

from volunteer_service import policies, settings
from volunteer_service.attendance import refusals
from volunteer_service.attendance.models import Scan
from volunteer_service.db.prepared_statements import Prepared
from volunteer_service.events.models import Attendance, Event, Shift, SignUp
from volunteer_service.people.authentication import sessions
from volunteer_service.people.models import Volunteer
from volunteer_service.people.registration_state import need_registered
from volunteer_service.scoring.rules.policy import Policy
from volunteer_service.scoring.rules.recognised_minutes import window

Kind = Literal["in", "out"]


@dataclass(frozen=True)
class Place:
    """One shift as the person stands to it."""

    shift_id: int
    starts_at: datetime
    ends_at: datetime
    sign_up_id: int | None
    sign_up_state: str | None
    attendance_id: int | None
    checked_in_at: datetime | None
    checked_out_at: datetime | None

    @property
    def is_confirmed(self) -> bool:
        """The person holds a place on this shift."""
        return self.sign_up_state == "confirmed"

    @property
    def is_present(self) -> bool:
        """In, and not yet out."""
        return self.attendance_id is not None and self.checked_out_at is None

    def takes_in(self, at: datetime, policy: Policy) -> bool:
        """A check-in counts from the window's beginning to the shift's end."""
        return window(self.starts_at, self.ends_at, policy)[0] <= at <= self.ends_at


@dataclass(frozen=True)
class Standing:
    """The event and the person's shifts there; ``scanned`` once the scan id has been used."""

    event_id: int
    title: str
    place: str
    state: str
    volunteer_id: int
    #: Whether the person is registered still, as ``people`` keeps it.
    person_state: str
    scanned: bool
    #: Whether the session that was asked for runs, and is this person's.
    session_lives: bool
    #: The programme's numbers that hold now.
    policy: Policy
    places: tuple[Place, ...]

    @property
    def present(self) -> Place | None:
        """The shift on which the person is right now."""
        return next((place for place in self.places if place.is_present), None)

    @property
    def last(self) -> Place | None:
        """The shift that the person came to last."""
        return next((p for p in reversed(self.places) if p.attendance_id is not None), None)


def _question(which: ColumnElement[bool]) -> Prepared:
    mine = and_(SignUp.shift_id == Shift.id, SignUp.volunteer_id == bindparam("volunteer_id"))
    return Prepared(
        select(
            Event.id,
            Event.title,
            Event.place,
            Event.state,
            Volunteer.state,
            select(Scan.id).where(Scan.scan_id == bindparam("scan_id")).exists(),
            sessions.lives(Volunteer.id),
            policies.ACTIVE_HASH.scalar_subquery(),
            Shift.id,
            Shift.starts_at,
            Shift.ends_at,
            SignUp.id,
            SignUp.state,
            Attendance.id,
            Attendance.checked_in_at,
            Attendance.checked_out_at,
        )
        .join(Shift, Shift.event_id == Event.id)
        .join(Volunteer, Volunteer.id == bindparam("volunteer_id"))
        .outerjoin(SignUp, mine)
        .outerjoin(Attendance, Attendance.sign_up_id == SignUp.id)
        .where(which, Event.state != "draft")
        .order_by(Shift.starts_at, Shift.id)
    )


_BY_CODE = _question(Event.code == bindparam("event"))
_BY_ID = _question(Event.id == bindparam("event"))


def standing(
    volunteer_id: int,
    *,
    event_code: str | None = None,
    event_id: int | None = None,
    scan_id: str | None = None,
    session_hash: str | None = None,
) -> Standing | None:
    """One query over event, person, session, policy, shifts, sign-ups and attendances; or nothing.

    Of the person's session it says whether it runs: a check-in asks nothing else about it.
    """
    question, event = (_BY_ID, event_id) if event_code is None else (_BY_CODE, event_code)
    asked = {
        "event": event,
        "volunteer_id": volunteer_id,
        "scan_id": scan_id,
        "session_hash": session_hash,
    }
    rows = question.rows(asked)
    if not rows:
        return None
    id_, title, where, state, person_state, used, lives, hash_ = rows[0][:8]
    return Standing(
        event_id=id_,
        title=title,
        place=where,
        state=state,
        volunteer_id=volunteer_id,
        person_state=person_state,
        scanned=bool(used),
        session_lives=bool(lives),
        policy=policies.by_hash(hash_),
        places=tuple(Place(*row[8:]) for row in rows),
    )


def fitting(
    found: Standing, at: datetime, kind: Kind | None = None, shift_id: int | None = None
) -> tuple[Kind, tuple[Place, ...]]:
    """The scan that fits and its shifts, the first choice first; or the refusal that says why not.

    Without a ``kind`` it is out for whoever is present, else in; ``shift_id`` chooses among the
    shifts of a check-in.
    """
    if kind is None:
        is_inside = found.present is not None and found.state == "published"
        kind = "out" if is_inside else "in"
    if kind != "in":
        return kind, (_way_out(found, at),)
    open_now = _entrance(found, at)
    chosen = tuple(place for place in open_now if shift_id in (None, place.shift_id))
    if not chosen:
        raise refusals.ShiftNotOpen()
    return kind, chosen


def local_words(at: datetime) -> str:
    """An instant for a sentence in either language: ``5/16 08:30``, local."""
    local = at.astimezone(settings.current().zone)
    return f"{local.month}/{local.day} {local:%H:%M}"


def _entrance(found: Standing, at: datetime) -> tuple[Place, ...]:
    """The shifts that a check-in may be for now, the person's own one first; or the refusal."""
    _must_run(found)
    need_registered(found.volunteer_id, found.person_state)
    if found.present is not None:
        raise refusals.AlreadyCheckedIn()
    ahead = [place for place in found.places if place.attendance_id is None and place.ends_at >= at]
    own = [place for place in ahead if place.is_confirmed]
    if not own and found.last is not None:
        raise refusals.AlreadyCheckedOut()
    open_now = tuple(place for place in own or ahead if place.takes_in(at, found.policy))
    if open_now:
        return open_now
    if not ahead:
        raise refusals.EventOver()
    opens = window(ahead[0].starts_at, ahead[0].ends_at, found.policy)[0]
    raise refusals.EventNotOpen(opens=local_words(opens))


def _way_out(found: Standing, at: datetime) -> Place:
    """The shift that a check-out is for: until the event is closed, however late; or the refusal.

    Only minutes inside the shift count, so a late check-out gains nothing.
    """
    _must_run(found)
    present = found.present
    if present is not None:
        if present.checked_in_at is not None and at < present.checked_in_at:
            raise refusals.NotCheckedIn()
        return present
    raise refusals.NotCheckedIn() if found.last is None else refusals.AlreadyCheckedOut()


def _must_run(found: Standing) -> None:
    if found.state == "cancelled":
        raise refusals.EventCalledOff()
    if found.state != "published":
        raise refusals.EventOver()
