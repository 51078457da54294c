"""Whom staff may name when they act for a team: only people whom they can find.

These are people of the team (also former ones, and applicants), of its street, in the actor's care,
people who signed up for an event of the team, and people whom the actor found a short while ago by
the gate's search or by the number on a card. The id of anybody else has the same effect as an
unknown id, so nothing is learnt about them, and nothing is written. Everybody may act for themself
everywhere.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Select, exists, or_, select

from volunteer_service.areas import lookup as areas
from volunteer_service.db import db, in_lists
from volunteer_service.errors import NotFound
from volunteer_service.events import event_teams
from volunteer_service.events.models import Event, SignUp
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import living_under
from volunteer_service.people.models import Look, Volunteer
from volunteer_service.teams.models import Membership, Team

#: How long somebody may act for a person after finding them; the look is logged once a day.
FOUND_FOR = timedelta(days=2)


def need_known(
    volunteer_ids: Collection[int],
    team: Team,
    *,
    by: Actor,
    at: datetime,
    numbered: int | None = None,
) -> None:
    """Pass for people whom the actor can find from this team; raise ``NotFound`` for anybody else.

    ``numbered`` is the person whose whole number, check character included, the actor typed from
    the card.
    """
    asked = set(volunteer_ids) - {by.volunteer_id, numbered}
    for some in in_lists(sorted(asked)):
        asked -= set(db.session.scalars(_known(some, team, by, at)))
    if asked:
        raise NotFound()


def _known(ids: Collection[int], team: Team, by: Actor, at: datetime) -> Select[int]:
    of_team = exists().where(Membership.team_id == team.id, Membership.volunteer_id == Volunteer.id)
    signed_up = exists().where(
        SignUp.volunteer_id == Volunteer.id,
        SignUp.event_id == Event.id,
        event_teams.run_by([team.id]),
    )
    looked_up = exists().where(
        Look.volunteer_id == Volunteer.id,
        Look.account_id == by.account_id,
        Look.field.in_(("gate", "search")),
        Look.at > at - FOUND_FOR,
    )
    return select(Volunteer.id).where(
        Volunteer.id.in_(ids),
        or_(
            living_under(by, Right.ROSTER_SEE),
            areas.within(Volunteer.area_id, [areas.street_path(team.area.path)]),
            of_team,
            signed_up,
            looked_up,
        ),
    )
