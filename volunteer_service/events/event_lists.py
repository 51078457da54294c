"""Reading events: lists for everybody, one event with its places, the roster for its leader."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload, undefer

from volunteer_service import paging, settings
from volunteer_service.areas.models import Area
from volunteer_service.db import db, fetch
from volunteer_service.errors import NotFound
from volunteer_service.events import event_teams, presences
from volunteer_service.events.models import Event, Shift, SignUp
from volunteer_service.identifiers import base32, typed_text
from volunteer_service.people.authorization import rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.models import Volunteer
from volunteer_service.teams.models import Team

#: States that anyone signed in may see; only its leaders see a draft.
SHOWN = ("published", "closed", "cancelled")
SORTS = paging.Sorts(Event.id, "starts_at", starts_at=Event.starts_at)
SIGN_UP_SORTS = paging.Sorts(
    SignUp.id,
    "shift",
    shift=(Shift.starts_at, Shift.id, Volunteer.name_order),
    name=Volunteer.name_order,
    created_at=SignUp.created_at,
)
#: The most events of a calendar that a person can read.
MOST_IN_CALENDAR = 400
#: The most teams of a list that a person can read.
LONGEST_CHOICE = 300


@dataclass(frozen=True, kw_only=True)
class EventFilter:
    """Which events a list shows; days are local and both count."""

    from_on: date | None = None
    to_on: date | None = None
    area_id: int | None = None
    team_id: int | None = None
    state: str | None = None
    #: Only events that were over before this instant.
    ended_by: datetime | None = None
    #: Only where this volunteer holds a place or waits for one.
    volunteer_id: int | None = None


@dataclass(frozen=True)
class ShiftPlaces:
    """A shift with how many places are taken and how many people wait; ``mine`` is the reader's."""

    shift: Shift
    taken: int
    waiting: int
    mine: SignUp | None
    #: The reader has checked in on it.
    came: bool = False
    #: Places kept for people of the waiting list who were asked.
    offered: int = 0

    @property
    def free(self) -> int:
        """Return how many places nobody holds and are kept for nobody."""
        return max(0, self.shift.capacity - self.taken - self.offered)


@dataclass(frozen=True)
class Contact:
    """Whom to call about an event."""

    name: str | None
    phone: str | None


@dataclass(frozen=True)
class EventBoard:
    """One event as its page shows it."""

    event: Event
    shifts: list[ShiftPlaces]
    may_edit: bool

    @property
    def contact(self) -> Contact | None:
        """Return the contact, for leaders of the event and, until it ends, for people who hold a
        place.

        The phone is a person's, so neither the public nor people on the waiting list see it.
        """
        event = self.event
        if event.contact_name is None and event.contact_phone is None:
            return None
        holds = any(place.mine and place.mine.state == "confirmed" for place in self.shifts)
        if self.may_edit or (holds and event.state == "published"):
            return Contact(event.contact_name, event.contact_phone)
        return None


def listing(
    by: Actor | None,
    wanted: EventFilter,
    *,
    sort: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> paging.Page[Event]:
    """Return events by their beginning; without a reader only published ones, drafts to their
    leaders.
    """
    query = (
        select(Event)
        .join(Event.team)
        .join(Team.area)
        .options(contains_eager(Event.team).contains_eager(Team.area), selectinload(Event.invited))
        .where(visible_to(by), *_wanted(wanted))
    )
    return paging.page(query, SORTS, sort=sort, cursor=cursor, limit=limit)


def between(by: Actor | None, wanted: EventFilter) -> Sequence[Event]:
    """Return the events of some days by their beginning; at most 400, and one more if more are."""
    query = (
        select(Event)
        .join(Event.team)
        .join(Team.area)
        .options(contains_eager(Event.team))
        .where(visible_to(by), *_wanted(wanted))
        .order_by(Event.starts_at, Event.id)
    )
    return db.session.scalars(query.limit(MOST_IN_CALENDAR + 1)).all()


def teams_listed(by: Actor | None, wanted: EventFilter) -> Sequence[Team]:
    """Return the teams, by name, with events on these days that this reader sees; at most 300."""
    days = replace(wanted, area_id=None, team_id=None)
    shown = select(Event.id).join(Event.team).join(Team.area)
    shown = shown.where(visible_to(by), *_wanted(days))
    query = select(Team).options(joinedload(Team.area)).where(event_teams.running(shown))
    return db.session.scalars(query.order_by(Team.name_order).limit(LONGEST_CHOICE)).all()


def seen_by(event_id: int, by: Actor | None) -> Event:
    """Return the event, if this reader may see it: only its leaders see a draft."""
    event = fetch(Event, event_id)
    if event.state in (("published",) if by is None else SHOWN) or _may_edit(event, by):
        return event
    raise NotFound()


def board(event_id: int, by: Actor | None) -> EventBoard:
    """Return the event with its shifts, their free places and the reader's own sign-ups."""
    event = seen_by(event_id, by)
    counts, offered = {}, {}
    for shift_id, state, n, asked in db.session.execute(
        select(SignUp.shift_id, SignUp.state, func.count(), func.count(SignUp.offered_until))
        .where(SignUp.event_id == event.id)
        .group_by(SignUp.shift_id, SignUp.state)
    ):
        counts[shift_id, state] = n
        if state == "waiting":
            offered[shift_id] = asked
    mine = _own(event.id, by)
    came = presences.shifts_of(event.id, by.volunteer_id) if by and by.volunteer_id else ()
    shifts = [
        ShiftPlaces(
            shift,
            counts.get((shift.id, "confirmed"), 0),
            counts.get((shift.id, "waiting"), 0),
            mine.get(shift.id),
            shift.id in came,
            offered.get(shift.id, 0),
        )
        for shift in _shifts(event.id)
    ]
    return EventBoard(event, shifts, _may_edit(event, by))


def roster(event_id: int, *, by: Actor) -> Sequence[SignUp]:
    """Return who signed up, by shift and name, for those who may see the team's roster."""
    query = signed_up(event_id, by).order_by(*SIGN_UP_SORTS.keys("shift"))
    return db.session.scalars(query).all()


def sign_ups(
    event_id: int,
    *,
    by: Actor,
    state: str | None = None,
    shift_id: int | None = None,
    sort: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> paging.Page[SignUp]:
    """Return the same in pages, of one state or shift."""
    query = signed_up(event_id, by)
    if state:
        query = query.where(SignUp.state == state)
    if shift_id is not None:
        query = query.where(SignUp.shift_id == shift_id)
    return paging.page(query, SIGN_UP_SORTS, sort=sort, cursor=cursor, limit=limit)


def shifts_of(sign_up_ids: Collection[int]) -> dict[int, Shift]:
    """Return the shift of each of these sign-ups, with its post."""
    query = select(SignUp).where(SignUp.id.in_(sign_up_ids))
    found = query.options(joinedload(SignUp.shift).joinedload(Shift.post))
    return {row.id: row.shift for row in db.session.scalars(found)}


def teams_led(by: Actor) -> Sequence[Team]:
    """Return the teams for which this actor may make events, by name."""
    paths, teams = rights.places(by, Right.EVENT_EDIT)
    under = [Area.path.startswith(path, autoescape=True) for path in paths]
    query = select(Team).join(Team.area).where(or_(Team.id.in_(teams), *under))
    return db.session.scalars(query.where(Team.state == "active").order_by(Team.name_order)).all()


def by_code(typed: str) -> Event:
    """Return the event of a short code, as it is typed from the poster (``7ZQ4-M2KX-8``)."""
    code = base32.read(typed_text.plain(typed))
    event = code and db.session.scalars(select(Event).where(Event.code == code)).one_or_none()
    if not event or event.state == "draft":
        raise NotFound()
    return event


def signed_up(event_id: int, by: Actor) -> Select[SignUp]:
    """Return the query of an event's sign-ups, for those who may see the team's roster."""
    event = fetch(Event, event_id)
    event_teams.need(by, Right.ROSTER_SEE, event)
    return (
        select(SignUp)
        .join(SignUp.volunteer)
        .join(SignUp.shift)
        .options(
            contains_eager(SignUp.volunteer),
            contains_eager(SignUp.shift).joinedload(Shift.post),
            undefer(SignUp.waiting_position),
        )
        .where(SignUp.event_id == event.id)
    )


def _shifts(event_id: int) -> Sequence[Shift]:
    return db.session.scalars(
        select(Shift)
        .options(joinedload(Shift.post))
        .where(Shift.event_id == event_id, Shift.removed_at.is_(None))
        .order_by(Shift.starts_at, Shift.id)
    ).all()


def _own(event_id: int, by: Actor | None) -> dict[int, SignUp]:
    if by is None or by.volunteer_id is None:
        return {}
    rows = db.session.scalars(
        select(SignUp)
        .options(undefer(SignUp.waiting_position))
        .where(SignUp.event_id == event_id, SignUp.volunteer_id == by.volunteer_id)
    )
    return {row.shift_id: row for row in rows}


def _may_edit(event: Event, by: Actor | None) -> bool:
    return by is not None and event_teams.may(by, Right.EVENT_EDIT, event)


def visible_to(by: Actor | None) -> ColumnElement[bool]:
    """Return the WHERE of events that this reader sees; joined to team and area."""
    if by is None:
        return Event.state == "published"
    return or_(Event.state.in_(SHOWN), event_teams.held_by(by, Right.EVENT_EDIT))


def _wanted(wanted: EventFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.from_on is not None:
        found.append(Event.ends_at >= settings.day_begins(wanted.from_on))
    if wanted.to_on is not None:
        found.append(Event.starts_at < settings.day_ends(wanted.to_on))
    if wanted.area_id is not None:
        area = fetch(Area, wanted.area_id)
        found.append(Area.path.startswith(area.path, autoescape=True))
    if wanted.team_id is not None:
        found.append(event_teams.run_by([wanted.team_id]))
    if wanted.state is not None:
        found.append(Event.state == wanted.state)
    if wanted.ended_by is not None:
        found.append(Event.ends_at < wanted.ended_by)
    if wanted.volunteer_id is not None:
        own = select(SignUp.event_id).where(
            SignUp.volunteer_id == wanted.volunteer_id, SignUp.state.in_(("confirmed", "waiting"))
        )
        found.append(Event.id.in_(own))
    return found
