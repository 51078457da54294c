"""Printed cards for the members of a team, made by those who keep its roster."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from volunteer_service.db import fetch
from volunteer_service.errors import Refused
from volunteer_service.people.authorization import rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.cards import volunteer_cards
from volunteer_service.people.cards.volunteer_cards import PrintedCard
from volunteer_service.people.models import Volunteer
from volunteer_service.teams import findable
from volunteer_service.teams.models import Team

#: The most cards of one print: 20 sheets.
MOST_CARDS = 200


class NobodyChosen(Refused):
    """A print has at least one member and at most 200."""

    message = "请在名册里选 1 到 %(most)s 位队员，再打印。"


@dataclass(frozen=True)
class Holder:
    """A member, and since when the card in use exists; None for a member without one."""

    person: Volunteer
    since: datetime | None


def holders(team_id: int, *, by: Actor) -> tuple[Team, Sequence[Holder]]:
    """Return the team and its members with their cards, if the actor keeps its roster."""
    team = _kept(team_id, by)
    members = findable.members_of(team)
    since = volunteer_cards.in_use([person.id for person in members])
    return team, [Holder(person, since.get(person.id)) for person in members]


def print_cards(
    team_id: int, volunteer_ids: Collection[int], *, print_key: str, by: Actor, at: datetime
) -> list[PrintedCard]:
    """Print cards for members of a team; a new card ends the one before.

    People who are not (or no longer) members get none; :class:`NobodyChosen` is raised if nobody is
    left.
    """
    team = _kept(team_id, by)
    chosen = [person for person in findable.members_of(team) if person.id in volunteer_ids]
    if not 0 < len(chosen) <= MOST_CARDS:
        raise NobodyChosen(most=MOST_CARDS)
    return volunteer_cards.make_cards(chosen, print_key=print_key, by=by, at=at)


def _kept(team_id: int, by: Actor) -> Team:
    team = fetch(Team, team_id)
    rights.need(by, Right.ROSTER_EDIT, area_path=team.area.path, team_id=team.id)
    return team
