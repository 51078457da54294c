"""The leader's gate: who stands there without phone or card is found, or entered on the spot."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import undefer

from volunteer_service import settings
from volunteer_service.areas import lookup as areas
from volunteer_service.areas.models import Area
from volunteer_service.attendance import refusals, walk_ins
from volunteer_service.attendance.situation import Kind, fitting, standing
from volunteer_service.db import db, fetch
from volunteer_service.errors import Refused, told_to
from volunteer_service.events.models import Event, Shift, SignUp
from volunteer_service.identifiers import check_characters, typed_text
from volunteer_service.people import person_search, registration
from volunteer_service.people.authorization import rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.models import Volunteer
from volunteer_service.people.registration_fields import RegisterIn
from volunteer_service.teams import findable

#: People shown for what was typed; above it more has to be typed.
MOST_GUESTS = 12


@dataclass(frozen=True)
class Guest:
    """Somebody found at the gate, and the tick that fits them now, or why none does."""

    person: Volunteer
    home: str
    kind: Kind | None
    choices: Sequence[Shift]
    refusal: Refused | None


@dataclass(frozen=True)
class Found:
    """Who it may be, those who signed up first; ``count`` says how many there are."""

    guests: Sequence[Guest]
    count: int


def found(typed: str, event_id: int, *, by: Actor, at: datetime) -> Found:
    """Find by the one field: who signed up and the team by any part, others by a whole name.

    A whole volunteer number finds its person wherever they live, as it is on their card.
    """
    event = _led(event_id, by)
    people = _people(typed, event, by) if typed.strip() else {}
    first = list(people.values())[:MOST_GUESTS]
    homes = _homes(first)
    guests = [_guest(person, event, homes.get(person.area_id or 0, ""), at) for person in first]
    return Found(guests, len(people))


def take_in(event_id: int, asked: RegisterIn, *, by: Actor, at: datetime) -> Volunteer:
    """Enter a newcomer on the day of a running event, with the consent on paper.

    They live in the street of the team, in its own area unless said; the staff of that home look
    at the entry afterwards. Somebody of this name is asked about as everywhere. The check-in is
    the next tap. Raises :class:`refusals.NotOnTheDay`, :class:`refusals.OfThisStreetOnly`.
    """
    event = _led(event_id, by)
    if event.state != "published":
        raise refusals.EventNotRunning()
    first, last = settings.local_day(event.starts_at), settings.local_day(event.ends_at)
    if not first <= settings.local_day(at) <= last:
        raise refusals.NotOnTheDay()
    home = areas.open_at(asked.area_id) if asked.area_id else event.team.area
    if not home.path.startswith(areas.root_of(event.team.area).path):
        raise refusals.OfThisStreetOnly(field="area_id")
    with told_to(is_person=False):
        return registration.take_in(asked, home, by=by, at=at)


def _led(event_id: int, by: Actor) -> Event:
    event = fetch(Event, event_id)
    team = event.team
    rights.need(by, Right.RECORD_CONFIRM, area_path=team.area.path, team_id=team.id)
    return event


def _people(typed: str, event: Event, by: Actor) -> dict[int, Volunteer]:
    number = check_characters.read_volunteer_number(typed_text.plain(typed))
    signed_up = select(SignUp.volunteer_id).where(SignUp.event_id == event.id)
    known = (
        select(Volunteer)
        .options(undefer(Volunteer.phone))
        .where(Volunteer.id.in_(signed_up), *person_search.by_text(typed))
        .order_by(Volunteer.name_order, Volunteer.id)
    )
    on_card = select(Volunteer).where(Volunteer.number == number) if number else None
    groups: Iterable[Volunteer] = (
        *db.session.scalars(known).all(),
        *findable.found(typed, event.team, by=by),
        *(db.session.scalars(on_card).all() if on_card is not None else ()),
    )
    return {person.id: person for person in groups}


def _guest(person: Volunteer, event: Event, home: str, at: datetime) -> Guest:
    here = standing(person.id, event_id=event.id)
    if here is None:
        return Guest(person, home, None, (), refusals.EventNotRunning())
    try:
        with told_to(is_person=False):
            kind, _places = fitting(here, at)
    except Refused as refusal:
        return Guest(person, home, None, (), refusal)
    choices = walk_ins.choices(here, at) if kind == "in" else ()
    return Guest(person, home, kind, choices, None)


def _homes(people: Sequence[Volunteer]) -> dict[int, str]:
    ids = {person.area_id for person in people if person.area_id is not None}
    return dict(db.session.execute(select(Area.id, Area.name).where(Area.id.in_(ids))).all())
