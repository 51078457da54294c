"""The leader's gate: find people who come without phone or card, or enter them on the spot."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import undefer

from volunteer_service import settings
from volunteer_service.areas import lookup as areas
from volunteer_service.areas.models import Area
from volunteer_service.attendance import refusals
from volunteer_service.attendance.check_ins import check_in, walk_ins
from volunteer_service.attendance.check_ins.current_shift import fitting
from volunteer_service.attendance.check_ins.situation import Kind, standing
from volunteer_service.db import after_rollback, db, fetch
from volunteer_service.errors import Refused, told_to
from volunteer_service.events import event_teams
from volunteer_service.events.models import Event, Shift, SignUp
from volunteer_service.identifiers import check_characters, typed_text
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.merged_entries import going_on
from volunteer_service.people.models import Volunteer
from volunteer_service.people.personal_data import audit_looks
from volunteer_service.people.registrations import registration
from volunteer_service.people.registrations.registration_fields import RegisterIn
from volunteer_service.people.registrations.same_person import MaybeSamePerson
from volunteer_service.people.search import person_search
from volunteer_service.teams import findable

#: How many people are shown for what was typed; of more, the leader types more.
MOST_GUESTS = 12
#: The logged reason of a look, before the title of the event; and its greatest length.
LOOKED, LONGEST_WHY = "活动签到处查找", 120


@dataclass(frozen=True)
class Guest:
    """A person found at the gate, and the tick that is possible now, or why none is."""

    person: Volunteer
    #: Without home and phone for a person who is known only by the number on their card.
    home: str
    phone: str | None
    kind: Kind | None
    choices: Sequence[Shift]
    refusal: Refused | None


@dataclass(frozen=True)
class Found:
    """The matches, people with a sign-up first; ``count`` is how many there are in all."""

    guests: Sequence[Guest]
    count: int


def found(typed: str, event_id: int, *, by: Actor, at: datetime) -> Found:
    """Search by one field: sign-ups and team by any part of a name, others by a whole name.

    A whole volunteer number finds its person wherever they live, because it is on their card, and
    shows no more of them than the card does. A person who neither signed up nor is in the team is
    told that they were looked up.
    """
    event = check_in.need_gate(event_id, by)
    if not typed.strip():
        return Found([], 0)
    near = _near(typed, event, by)
    people = near | _on_card(typed)
    first = list(people.values())[:MOST_GUESTS]
    _keep_look([person.id for person in first], event, by, at)
    homes = _homes([person for person in first if person.id in near])
    guests = [_guest(person, event, homes.get(person.id), at) for person in first]
    return Found(guests, len(people))


def take_in(event_id: int, asked: RegisterIn, *, by: Actor, at: datetime) -> Volunteer:
    """Enter a newcomer on the day of a running event, with the consent on paper.

    The person lives in the team's street, by default in its own area; the staff of that home check
    the entry afterwards. A known person of this name leads to a question, as in every registration.
    The check-in is the next tap. The people named in the question are told of the look. Raises
    :class:`refusals.NotOnTheDay` and :class:`refusals.OfThisStreetOnly`.
    """
    event = check_in.need_gate(event_id, by)
    team = event_teams.need(by, Right.RECORD_CONFIRM, event)
    if event.state != "published":
        raise refusals.EventNotRunning()
    first, last = settings.local_day(event.starts_at), settings.local_day(event.ends_at)
    if not first <= settings.local_day(at) <= last:
        raise refusals.NotOnTheDay()
    home = areas.open_at(asked.area_id or team.area_id)
    if not home.path.startswith(areas.street_path(event.team.area.path)):
        raise refusals.OfThisStreetOnly(field="area_id")
    try:
        with told_to(is_person=False):
            return registration.take_in(asked, home, by=by, at=at)
    except MaybeSamePerson as question:
        ids = [each["id"] for each in question.candidates]
        after_rollback(lambda: _keep_look(ids, fetch(Event, event_id), by, at))
        raise


def _near(typed: str, event: Event, by: Actor) -> dict[int, Volunteer]:
    """Return those who signed up, and those whom the team finds."""
    signed_up = select(SignUp.volunteer_id).where(SignUp.event_id == event.id)
    known = (
        select(Volunteer)
        .options(undefer(Volunteer.phone))
        .where(Volunteer.id.in_(signed_up), *person_search.by_text(typed))
        .order_by(Volunteer.name_order, Volunteer.id)
    )
    team = event_teams.need(by, Right.ROSTER_SEE, event)
    found = (*db.session.scalars(known).all(), *findable.found(typed, team, by=by))
    return {person.id: person for person in found}


def _keep_look(shown: Sequence[int], event: Event, by: Actor, at: datetime) -> None:
    """Record the look at people whom the leader does not see anyway, once a day for each event."""
    if by.account_id is None:
        return
    ids = {*shown}
    signed_up = select(SignUp.volunteer_id).where(
        SignUp.event_id == event.id, SignUp.volunteer_id.in_(ids)
    )
    team = event_teams.need(by, Right.ROSTER_SEE, event)
    known = {*db.session.scalars(signed_up), *findable.members_among(team, ids)}
    others = ids - known - {by.volunteer_id}
    why = f"{LOOKED}：{event.title}"[:LONGEST_WHY]
    audit_looks.keep(others, "gate", why, account_id=by.account_id, at=at)


def _on_card(typed: str) -> dict[int, Volunteer]:
    """Return the owner of a card, as the kept entry, unless its registration was ended («this was
    not me»).
    """
    number = check_characters.read_volunteer_number(typed_text.plain(typed))
    if number is None:
        return {}
    card = select(going_on()).where(Volunteer.number == number).scalar_subquery()
    query = select(Volunteer).where(Volunteer.id == card, Volunteer.state != "disowned")
    return {person.id: person for person in db.session.scalars(query)}


def _guest(person: Volunteer, event: Event, home: str | None, at: datetime) -> Guest:
    told = (person, home or "", None if home is None else person.phone)
    here = standing(person.id, event_id=event.id)
    if here is None:
        return Guest(*told, None, (), refusals.EventNotRunning())
    try:
        with told_to(is_person=False):
            fit = fitting(here, at)
    except Refused as refusal:
        return Guest(*told, None, (), refusal)
    choices = walk_ins.to_choose_from(fit.places) if fit.kind == "in" else ()
    return Guest(*told, fit.kind, choices, None)


def _homes(people: Sequence[Volunteer]) -> dict[int, str]:
    """Return where these people live, by person; blank where nowhere yet."""
    ids = {person.area_id for person in people if person.area_id is not None}
    names = dict(db.session.execute(select(Area.id, Area.name).where(Area.id.in_(ids))).all())
    return {person.id: names.get(person.area_id or 0, "") for person in people}
