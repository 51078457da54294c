"""Who serves where in a week: the people of an event and of its series, by day.

Leaders read whole names. Volunteers who are on it read it too, with the names of the others masked.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import contains_eager

from volunteer_service import settings
from volunteer_service.db import db, fetch
from volunteer_service.errors import NotFound
from volunteer_service.events import event_teams, planning, series
from volunteer_service.events.models import Event, Post, Shift, SignUp
from volunteer_service.events.series_models import SeriesDay
from volunteer_service.identifiers.masks import mask_name
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.models import Volunteer
from volunteer_service.teams.models import Membership

#: The days up to the end of the week over which each person's turns are counted.
COUNTED = timedelta(days=28)
#: The most people of a table that a person can read.
MOST_PEOPLE = 300


@dataclass(frozen=True)
class Turn:
    """A place of somebody on a shift."""

    sign_up_id: int
    shift: Shift


@dataclass
class RotaLine:
    """A person of the rota: their turns by local day, and how many within the counted days."""

    volunteer_id: int
    name: str
    is_own: bool
    turns: int
    by_day: dict[date, list[Turn]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True)
class Rota:
    """A week of an event or a series, for one reader."""

    event: Event
    days: tuple[date, ...]
    people: Sequence[RotaLine]
    #: Places that nobody holds, by day: the shift and how many.
    lacking: Mapping[date, Sequence[tuple[Shift, int]]]
    may_edit: bool
    is_cut: bool

    @property
    def fewest_and_most(self) -> tuple[int, int]:
        """Return the turns of the people with the fewest and with the most."""
        turns = [row.turns for row in self.people] or [0]
        return min(turns), max(turns)


def week(event_id: int, day: date | None = None, *, by: Actor) -> Rota:
    """Return the week (Monday to Sunday) of a local day, by default of the event's own.

    It includes everybody with a turn within the counted days; for leaders also the other members of
    its teams, so that people without any turn are seen. It raises ``NotFound`` for people who are
    not on it.
    """
    event, may_edit = _seen(event_id, by)
    on = day or settings.local_day(event.starts_at)
    monday = on - timedelta(days=on.weekday())
    days = tuple(monday + timedelta(days=n) for n in range(7))
    ends = settings.day_ends(days[-1])
    query = _places(event).where(Shift.starts_at >= ends - COUNTED, Shift.starts_at < ends)
    places = db.session.scalars(query).all()
    people = {row.volunteer_id: row.volunteer for row in places}
    if may_edit:
        people |= {row.id: row for row in _members(event)}
    lines = _lines(people.values(), places, by, whole_names=may_edit)
    for row in places:
        on = settings.local_day(row.shift.starts_at)
        if on in days and row.volunteer_id in lines:
            lines[row.volunteer_id].by_day[on].append(Turn(row.id, row.shift))
    is_cut = len(people) > MOST_PEOPLE
    return Rota(event, days, list(lines.values()), _lacking(event, days), may_edit, is_cut)


def _lines(
    people: Iterable[Volunteer], places: Sequence[SignUp], by: Actor, *, whole_names: bool
) -> dict[int, RotaLine]:
    """Return an empty line for each person: the reader's own first, then by name."""
    turns, me = Counter(row.volunteer_id for row in places), by.volunteer_id
    named = sorted(people, key=lambda row: (row.id != me, row.name_order, row.id))
    return {
        row.id: RotaLine(
            row.id,
            row.name if whole_names or row.id == me else mask_name(row.name),
            row.id == me,
            turns[row.id],
        )
        for row in named[:MOST_PEOPLE]
    }


def on_rota(event: Event) -> ColumnElement[bool]:
    """Return the WHERE of the events that are on one rota with this one: those of its series."""
    day = series.day_of(event.id)
    if day is None:
        return Event.id == event.id
    of_series = select(SeriesDay.event_id).where(SeriesDay.series_id == day.series_id)
    return Event.id.in_(of_series)


def is_on(event: Event, volunteer_id: int) -> bool:
    """Tell whether a person is in a team of the event, or holds a place at it or in its series."""
    member = select(Membership.id).where(
        Membership.team_id.in_(event_teams.ids(event)),
        Membership.volunteer_id == volunteer_id,
        Membership.state == "active",
    )
    holds = select(SignUp.id).join(Event, Event.id == SignUp.event_id)
    holds = holds.where(
        on_rota(event), SignUp.volunteer_id == volunteer_id, SignUp.state == "confirmed"
    )
    return db.session.scalar(select(or_(member.exists(), holds.exists()))) is True


def _seen(event_id: int, by: Actor) -> tuple[Event, bool]:
    event = fetch(Event, event_id)
    if event_teams.may(by, Right.EVENT_EDIT, event):
        return planning.led(event_id, by=by), True
    if event.state == "draft" or by.volunteer_id is None or not is_on(event, by.volunteer_id):
        raise NotFound()
    return event, False


def _places(event: Event) -> Select[SignUp]:
    return (
        select(SignUp)
        .join(SignUp.shift)
        .join(Shift.event)
        .join(Shift.post)
        .join(SignUp.volunteer)
        .options(
            contains_eager(SignUp.volunteer),
            contains_eager(SignUp.shift).options(
                contains_eager(Shift.post), contains_eager(Shift.event)
            ),
        )
        .where(
            on_rota(event),
            Event.state.in_(("published", "closed")),
            SignUp.state == "confirmed",
            Shift.removed_at.is_(None),
        )
        .order_by(Shift.starts_at, Shift.id, SignUp.id)
    )


def _members(event: Event) -> Sequence[Volunteer]:
    of_teams = select(Membership.volunteer_id).where(
        Membership.team_id.in_(event_teams.ids(event)), Membership.state == "active"
    )
    query = select(Volunteer).where(Volunteer.id.in_(of_teams))
    query = query.where(Volunteer.state == "active").order_by(Volunteer.name_order, Volunteer.id)
    return db.session.scalars(query.limit(MOST_PEOPLE + 1)).all()


def _lacking(event: Event, days: Sequence[date]) -> dict[date, list[tuple[Shift, int]]]:
    held = (
        select(func.count())
        .where(SignUp.shift_id == Shift.id, SignUp.state == "confirmed")
        .correlate(Shift)
        .scalar_subquery()
    )
    query = (
        select(Shift, Shift.capacity - held)
        .join(Shift.event)
        .join(Post, Post.id == Shift.post_id)
        .options(contains_eager(Shift.event), contains_eager(Shift.post))
        .where(
            on_rota(event),
            Event.state == "published",
            Shift.removed_at.is_(None),
            Shift.capacity > held,
            Shift.starts_at >= settings.day_begins(days[0]),
            Shift.starts_at < settings.day_ends(days[-1]),
        )
        .order_by(Shift.starts_at, Shift.id)
    )
    found: dict[date, list[tuple[Shift, int]]] = defaultdict(list)
    for shift, free in db.session.execute(query):
        found[settings.local_day(shift.starts_at)].append((shift, free))
    return found
