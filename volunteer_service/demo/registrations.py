"""The volunteers: registered with their consent over the months, placed in teams, some as
leaders.
"""

from datetime import date, timedelta

from volunteer_service.db import fetch
from volunteer_service.demo import names
from volunteer_service.demo.sign_ins import LEADER, PASSWORD
from volunteer_service.demo.stage import Days, Town
from volunteer_service.people.authentication import accounts, phone_confirmation
from volunteer_service.people.authentication.sessions import actor_of
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Account, Volunteer
from volunteer_service.people.registrations import consents, registration
from volunteer_service.people.registrations.registration_fields import RegisterIn
from volunteer_service.teams import membership, role_grants

#: How many people register themselves on the page.
_VISITOR = Actor(None, None, "访客", "page")


def settle(town: Town) -> None:
    """Register everybody, appoint the leaders, fill the teams."""
    for n, person in enumerate(names.PEOPLE):
        volunteer = _register(town, n, person)
        town.people.append(volunteer)
        town.actors.append(_with_account(town, n, volunteer))
    town.leaders = [_appoint(town, team) for team in range(len(town.teams))]
    for n, person in enumerate(names.PEOPLE):
        if person.phone is not None:
            _join(town, n, person.team)


def phone_of(person: names.Person) -> str | None:
    """Return the person's phone number, of a block that no operator gives out."""
    return None if person.phone is None else f"170{person.phone:08}"


def registered_on(days: Days, n: int) -> date:
    """Return the day of registration: one person every three days from the founding on, the late
    ones near the half-year's end.
    """
    if names.PEOPLE[n].late:
        return days.finished.ends_on - timedelta(days=60 - n % 7)
    return days.founded + timedelta(days=2 + 3 * n)


def _register(town: Town, n: int, person: names.Person) -> Volunteer:
    days = town.days
    asked = RegisterIn(
        name=person.name,
        phone=phone_of(person),
        consent=True,
        confirm_other=True,
        born_on=_born(days.today, person.born),
        area_id=town.communities[names.TEAMS[person.team].community].id,
        guardian_name=person.guardian,
        guardian_phone=phone_of(person) if person.guardian else None,
    )
    # A member of staff registers a person without a phone, with the consent on paper.
    by = _VISITOR if person.phone is not None else town.staff["coordinator"]
    at = days.on(registered_on(days, n), 15, n % 60)
    registered = registration.register(asked, by=by, at=at)
    return phone_confirmation.confirm_phone(registered.id, by=town.staff["coordinator"], at=at)


def _with_account(town: Town, n: int, volunteer: Volunteer) -> Actor:
    at = town.days.on(registered_on(town.days, n), 16)
    if names.PEOPLE[n].phone is None:
        return Actor(None, volunteer.id, volunteer.name, "page")
    login = LEADER.login if n == names.LI_MEI else volunteer.number
    account = accounts.open_account(login, PASSWORD, volunteer=volunteer, by=_VISITOR, at=at)
    actor = actor_of(account, door="page")
    if n % 8 != 7:
        consents.give_consent(volunteer.id, "publish", by=actor, at=at)
    return actor


def _appoint(town: Town, team: int) -> Actor:
    """Make the keenest member the leader of each team."""
    members = [n for n, person in enumerate(names.PEOPLE) if person.team == team]
    first = max(members, key=lambda n: names.PEOPLE[n].keen)
    actor = town.actors[first]
    if actor.account_id is None:
        raise LookupError(f"the leader of {town.teams[team].name} needs an account")
    at = town.days.on(registered_on(town.days, first), 17)
    admin = town.staff["admin"]
    role_grants.grant(actor.account_id, "leader", team_id=town.teams[team].id, by=admin, at=at)
    town.actors[first] = actor_of(fetch(Account, actor.account_id), door="page")
    return town.actors[first]


def _join(town: Town, n: int, team: int) -> None:
    at = town.days.on(registered_on(town.days, n), 18)
    asked = membership.join(town.teams[team].id, by=town.actors[n], at=at)
    leader = town.leaders[team]
    # A leader does not let herself in.
    by = town.staff["coordinator"] if leader.volunteer_id == town.people[n].id else leader
    membership.accept(asked.id, by=by, at=at + timedelta(days=1))


def _born(today: date, said: str) -> date:
    """Return a birthday; ``15 years ago`` keeps a minor a minor."""
    years, is_age, _ = said.partition(" years ago")
    if not is_age:
        return date.fromisoformat(said)
    return today.replace(year=today.year - int(years), day=1)
