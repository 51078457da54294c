"""Limits whom a team's leader or coordinator finds by the search field when adding members.

A coordinator finds people who live in their areas. A leader finds team members by any part of a
name, and others of the street only by something exact: a whole name (as written, in pinyin or by
initials), a number, a phone or their tails. So nobody lists a street's people letter by letter.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, and_, or_, select, true
from sqlalchemy.orm import undefer

from volunteer_service.areas import lookup as areas
from volunteer_service.db import db
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right, may, need
from volunteer_service.people.authorization.rights_over_people import living_under
from volunteer_service.people.models import Volunteer
from volunteer_service.people.personal_data import audit_looks
from volunteer_service.people.search import person_search
from volunteer_service.people.search.person_names import folded
from volunteer_service.teams.models import Membership, Team

#: How many people are shown for what was typed; for more, the leader types more.
MOST_LIKELY = 30
#: The logged reason of a look, before the name of the team; and its greatest length.
LOOKED, LONGEST_WHY = "按名字查找，队伍", 120
#: How many people without a team are offered to be ticked.
MOST_NEAR = 60


def found(typed: str, team: Team, *, by: Actor, limit: int = MOST_LIKELY) -> Sequence[Volunteer]:
    """Return the matches by name, none for an empty field; needs the right over the roster."""
    need(by, Right.ROSTER_SEE, area_path=team.area.path, team_id=team.id)
    return db.session.scalars(_query(typed, team, by).limit(limit)).all() if typed.strip() else []


def count(typed: str, team: Team, *, by: Actor) -> int:
    """Count all matches, beyond those shown."""
    return person_search.count(_query(typed, team, by)) if typed.strip() else 0


def likely(
    typed: str, team: Team, members: Sequence[Volunteer], *, by: Actor
) -> tuple[Volunteer, ...]:
    """Return who a typed name may be: whole names before parts, the team before others."""
    wanted = folded(typed)
    as_typed = tuple(row for row in members if typed in (row.name, row.number))
    of_team = as_typed or tuple(row for row in members if folded(row.name) == wanted)
    if of_team:
        return of_team[:MOST_LIKELY]
    all_found = found(typed, team, by=by)
    exact = tuple(row for row in all_found if folded(row.name) == wanted)
    ids = {row.id for row in members}
    parts = tuple(row for row in all_found if row.id in ids)
    return exact or parts or tuple(all_found)


def joining(
    typed: str, team: Team, members: Sequence[Volunteer], *, by: Actor
) -> tuple[Volunteer, ...]:
    """Return who a name to be added to the team may be: others first, then members of that name.

    A member's namesake may join, so a member of the name does not hide them. Whole names come
    before parts.
    """
    outside = _outside(typed, team, by)
    inside = likely(typed, team, members, by=by)
    ids = {row.id for row in members}
    people = (*outside, *(row for row in inside if row.id in ids))
    exact = tuple(row for row in people if folded(typed) in (folded(row.name), folded(row.number)))
    return (exact or people)[:MOST_LIKELY]


def members_of(team: Team) -> Sequence[Volunteer]:
    """Return the members of the team, by name."""
    query = select(Volunteer).where(Volunteer.id.in_(_member_ids(team)))
    query = query.where(Volunteer.state == "active")
    return db.session.scalars(query.order_by(Volunteer.name_order, Volunteer.id)).all()


def members_among(team: Team, volunteer_ids: Collection[int]) -> set[int]:
    """Tell which of these people are active members of the team."""
    active = select(Volunteer.id).where(
        Volunteer.id.in_(volunteer_ids),
        Volunteer.id.in_(_member_ids(team)),
        Volunteer.state == "active",
    )
    return set(db.session.scalars(active))


def keep_looks(people: Collection[Volunteer], team: Team, *, by: Actor, at: datetime) -> None:
    """Record the look at people whom the actor does not see anyway, once a day for each team."""
    ids = {person.id for person in people}
    if by.account_id is None or not ids:
        return
    in_care = select(Volunteer.id).where(Volunteer.id.in_(ids), living_under(by, Right.ROSTER_SEE))
    others = ids - members_among(team, ids) - {*db.session.scalars(in_care), by.volunteer_id}
    why = f"{LOOKED}：{team.name}"[:LONGEST_WHY]
    audit_looks.keep(others, "search", why, account_id=by.account_id, at=at)


def sees_street(team: Team, *, by: Actor) -> bool:
    """Tell whether the actor sees the people of the whole street anyway, by the right over it."""
    return may(by, Right.ROSTER_SEE, area_path=areas.street_path(team.area.path))


def near(team: Team, *, by: Actor) -> Sequence[Volunteer]:
    """Return people of the team's area who are in no team, by name, for staff who care for them."""
    in_a_team = select(Membership.volunteer_id).where(Membership.state != "left")
    query = select(Volunteer).where(
        living_under(by, Right.ROSTER_SEE),
        areas.within(Volunteer.area_id, [team.area.path]),
        Volunteer.state == "active",
        Volunteer.id.not_in(in_a_team),
    )
    query = query.order_by(Volunteer.name_order, Volunteer.id).limit(MOST_NEAR)
    return db.session.scalars(query).all()


def is_of_street(person: Volunteer, team: Team) -> bool:
    """Tell whether the person lives in the street that the team belongs to."""
    if person.area_id is None:
        return False
    return areas.path_of(person.area_id).startswith(areas.street_path(team.area.path))


def _outside(typed: str, team: Team, by: Actor) -> Sequence[Volunteer]:
    query = _query(typed, team, by).where(Volunteer.id.not_in(_member_ids(team)))
    return db.session.scalars(query.limit(MOST_LIKELY)).all() if typed.strip() else []


def _query(typed: str, team: Team, by: Actor) -> Select[Volunteer]:
    by_any_part = and_(true(), *person_search.by_text(typed))
    by_name = and_(true(), *person_search.by_text(typed, is_whole=True))
    of_team = Volunteer.id.in_(_member_ids(team))
    of_street = areas.within(Volunteer.area_id, [areas.street_path(team.area.path)])
    return (
        select(Volunteer)
        .options(undefer(Volunteer.phone))
        .where(
            Volunteer.state == "active",
            or_(
                and_(or_(of_team, living_under(by, Right.ROSTER_SEE)), by_any_part),
                and_(of_street, by_name),
            ),
        )
        .order_by(Volunteer.name_order, Volunteer.id)
    )


def _member_ids(team: Team) -> Select[int]:
    return select(Membership.volunteer_id).where(
        Membership.team_id == team.id, Membership.state == "active"
    )
