"""One person's situation at one event right now, in one query."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Literal

from sqlalchemy import ColumnElement, String, and_, bindparam, cast, func, select

from volunteer_service import policies, settings
from volunteer_service.attendance.models import Scan, ServiceRecord
from volunteer_service.db import db
from volunteer_service.db.prepared_statements import Prepared
from volunteer_service.events import planned_breaks
from volunteer_service.events.models import Attendance, Event, Post, Shift, SignUp
from volunteer_service.people.authentication import sessions
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.rules.policy import Policy
from volunteer_service.scoring.rules.recognised_minutes import Span, window

Kind = Literal["in", "out"]
#: An entry and its exit.
Pair = tuple[datetime, datetime | None]


@dataclass(frozen=True)
class Place:
    """One shift, and what the person has to do with it."""

    shift_id: int
    starts_at: datetime
    ends_at: datetime
    closed_at: datetime | None
    open_until: datetime | None
    #: As :attr:`Shift.breaks` keeps them.
    kept_breaks: Sequence[Sequence[str]]
    sign_up_id: int | None
    sign_up_state: str | None
    #: Whether presence there is service.
    serves: bool
    #: Entries with their exits, in order of time; the last exit is None while the person is there.
    pairs: tuple[Pair, ...]
    #: Whether the last pair was entered by hand.
    attendance_id: int | None
    grade: str | None

    @property
    def is_confirmed(self) -> bool:
        """Tell whether the person holds a place on this shift."""
        return self.sign_up_state == "confirmed"

    @property
    def checked_in_at(self) -> datetime | None:
        """Return the last entry."""
        return self.pairs[-1][0] if self.pairs else None

    @property
    def checked_out_at(self) -> datetime | None:
        """Return the last exit; None while the person is there, and where nobody came."""
        return self.pairs[-1][1] if self.pairs else None

    @property
    def breaks(self) -> tuple[Span, ...]:
        """Return the planned breaks of the shift."""
        return planned_breaks.of(self.kept_breaks)

    @property
    def is_entered(self) -> bool:
        """Tell whether the person is in, and not yet out."""
        return bool(self.pairs) and self.pairs[-1][1] is None

    @property
    def is_open(self) -> bool:
        """Tell whether scans count for it, because it is not closed yet."""
        return self.closed_at is None

    def counts_until(self, policy: Policy) -> datetime:
        """Return the last instant of a check-out; later it counts as forgotten."""
        return self.open_until or self.ends_at + timedelta(minutes=policy.close_after_minutes)

    def takes_in(self, at: datetime, policy: Policy) -> bool:
        """Tell whether a check-in counts now: from the window's beginning to the shift's end, while
        it is open.
        """
        return (
            self.is_open and window(self.starts_at, self.ends_at, policy)[0] <= at <= self.ends_at
        )


@dataclass(frozen=True)
class Standing:
    """The event and the person's shifts there; ``scanned`` once the scan id has been used."""

    event_id: int
    title: str
    place: str
    state: str
    #: Which codes the event accepts.
    accepted_codes: str
    volunteer_id: int
    #: The state of the person's registration, as ``people`` stores it.
    person_state: str
    scanned: bool
    #: Whether the given session is alive and this person's.
    session_lives: bool
    #: The policy that holds now.
    policy: Policy
    places: tuple[Place, ...]

    @property
    def last(self) -> Place | None:
        """Return the shift that the person came to last."""
        came = [place for place in self.places if place.checked_in_at is not None]
        return max(came, key=lambda place: place.pairs[-1][0], default=None)


#: Columns of one's place on a shift, as :class:`Place` names them, and of one pair there.
_PLACE = (
    Shift.id,
    Shift.starts_at,
    Shift.ends_at,
    Shift.closed_at,
    Shift.open_until,
    Shift.breaks,
    SignUp.id,
    SignUp.state,
    Post.serves,
    Attendance.id,
    Attendance.grade,
    Attendance.checked_in_at,
    Attendance.checked_out_at,
)


def _question(which: ColumnElement[bool]) -> Prepared:
    mine = and_(SignUp.shift_id == Shift.id, SignUp.volunteer_id == bindparam("volunteer_id"))
    return Prepared(
        select(
            Event.id,
            Event.title,
            Event.place,
            Event.state,
            Event.accepted_codes,
            Volunteer.state,
            select(Scan.id).where(Scan.scan_id == bindparam("scan_id")).exists(),
            sessions.lives(Volunteer.id),
            policies.ACTIVE_HASH.scalar_subquery(),
            *_PLACE,
        )
        .join(Shift, and_(Shift.event_id == Event.id, Shift.removed_at.is_(None)))
        .join(Post, Post.id == Shift.post_id)
        .join(Volunteer, Volunteer.id == bindparam("volunteer_id"))
        .outerjoin(SignUp, mine)
        .outerjoin(Attendance, Attendance.sign_up_id == SignUp.id)
        .where(which, Event.state != "draft")
        .order_by(Shift.starts_at, Shift.id, Attendance.checked_in_at, Attendance.id)
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
    """Return one query over event, person, session, policy, shifts, sign-ups and attendances; or
    nothing.

    Of the person's session it says only whether it is alive, which is all that a check-in needs.
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
    id_, title, where, state, accepted, person_state, used, lives, hash_ = rows[0][:9]
    return Standing(
        event_id=id_,
        title=title,
        place=where,
        state=state,
        accepted_codes=accepted,
        volunteer_id=volunteer_id,
        person_state=person_state,
        scanned=bool(used),
        session_lives=bool(lives),
        policy=policies.by_hash(hash_),
        places=tuple(_places(rows)),
    )


def is_counted(place: Place) -> bool:
    """Tell whether a record of the entries on this place exists already."""
    first = select(cast(func.min(Attendance.id), String))
    first = first.where(Attendance.sign_up_id == place.sign_up_id)
    made = select(ServiceRecord.id).where(
        ServiceRecord.source_type == "attendance",
        ServiceRecord.source_key == first.scalar_subquery(),
    )
    return db.session.scalar(made) is not None


def local_words(at: datetime) -> str:
    """Return an instant for a sentence in either language: ``5/16 08:30``, local."""
    local = at.astimezone(settings.current().zone)
    return f"{local.month}/{local.day} {local:%H:%M}"


def _places(rows: Sequence[Sequence[Any]]) -> Iterator[Place]:
    """Yield one place a shift; each row holds one pair of it, or none."""
    mine = [row[-len(_PLACE) :] for row in rows]
    for _id, group in groupby(mine, key=lambda row: row[0]):
        same = list(group)
        pairs = tuple((row[-2], row[-1]) for row in same if row[-2] is not None)
        # The columns of a pair are those of the last one.
        *of_place, attendance_id, grade, _first, _last = same[-1]
        yield Place(*(*of_place, pairs, attendance_id, grade))
