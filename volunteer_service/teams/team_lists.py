"""Reading teams: lists, one team's state, its roster."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, undefer

from volunteer_service import db as database
from volunteer_service.areas import lookup as areas
from volunteer_service.db import db
from volunteer_service.journal import Entry
from volunteer_service.paging import Page, Sorts, page
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right, need, places
from volunteer_service.people.models import Account, Grant, Volunteer
from volunteer_service.people.search import person_search
from volunteer_service.teams.models import Brand, Membership, Project, Team

SORTS = Sorts(Team.id, "name", name=Team.name_order, founded_on=Team.founded_on)
ROSTER_SORTS = Sorts(Membership.id, "id", name=Volunteer.name_order, joined_at=Membership.joined_at)


@dataclass(frozen=True)
class Standing:
    """A team's state: where it is, who leads it, how many are in it."""

    id: int
    name: str
    area_id: int
    area: str
    recording_unit: str
    brand: str | None
    project: str | None
    founded_on: date | None
    state: str
    leaders: tuple[str, ...]
    deputies: tuple[str, ...]
    members: int
    asked: int
    version: int
    #: The team that it was merged into, and that team's name.
    merged_into_id: int | None
    merged_into: str | None


def standing(team_id: int) -> Standing:
    """Return one team's state; anyone signed in may see it."""
    team = database.fetch(Team, team_id)
    in_states = db.session.execute(
        select(Membership.state, func.count())
        .join(Volunteer, Volunteer.id == Membership.volunteer_id)
        .where(Membership.team_id == team_id, Volunteer.state == "active")
        .group_by(Membership.state)
    )
    counts = dict(in_states.all())
    return Standing(
        id=team.id,
        name=team.name,
        area_id=team.area_id,
        area=areas.name_path(team.area),
        recording_unit=team.recording_unit,
        brand=team.brand.name if team.brand else None,
        project=team.project.name if team.project else None,
        founded_on=team.founded_on,
        state=team.state,
        leaders=tuple(leaders(team_id)),
        deputies=tuple(leaders(team_id, is_deputy=True)),
        members=counts.get("active", 0),
        asked=counts.get("asked", 0),
        version=team.version,
        merged_into_id=team.merged_into_id,
        merged_into=_name(team.merged_into_id),
    )


def _name(team_id: int | None) -> str | None:
    return None if team_id is None else database.fetch(Team, team_id).name


def leaders(team_id: int, *, is_deputy: bool = False) -> list[str]:
    """Return the names of those who lead this team, or of its deputies."""
    query = (
        select(Account.name)
        .join(Grant, Grant.account_id == Account.id)
        .where(
            Grant.team_id == team_id,
            Grant.role == "leader",
            Grant.is_deputy.is_(is_deputy),
            Account.disabled_at.is_(None),
        )
    )
    return list(db.session.scalars(query.order_by(Account.name)))


def search(
    *,
    q: str = "",
    area_id: int | None = None,
    brand: str | None = None,
    project: str | None = None,
    state: str | None = "active",
    sort: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Team]:
    """Return teams by part of their name, area subtree, brand, project, state; by name unless
    asked.
    """
    query = select(Team).options(joinedload(Team.area))
    if q:
        query = query.where(Team.name.contains(q.strip(), autoescape=True))
    if area_id is not None:
        query = query.where(areas.within(Team.area_id, [areas.path_of(area_id)]))
    if brand:
        query = query.join(Brand).where(Brand.name == brand)
    if project:
        query = query.join(Project).where(Project.name == project)
    if state:
        query = query.where(Team.state == state)
    return page(query, SORTS, sort=sort, cursor=cursor, limit=limit)


def led_by(by: Actor) -> list[Team]:
    """Return the teams whose roster ``by`` keeps through a role on the team itself."""
    _paths, team_ids = places(by, Right.ROSTER_EDIT)
    query = select(Team).where(Team.id.in_(team_ids)).order_by(Team.name_order)
    return list(db.session.scalars(query))


def kept_by(by: Actor) -> list[Team]:
    """Return the active teams whose roster ``by`` keeps, through any role; by name."""
    paths, team_ids = places(by, Right.ROSTER_EDIT)
    kept = or_(Team.id.in_(team_ids), areas.within(Team.area_id, paths))
    query = select(Team).where(kept, Team.state == "active").order_by(Team.name_order)
    return list(db.session.scalars(query))


def member(membership_id: int, *, by: Actor) -> Membership:
    """Return a person's place in a team, for an actor who keeps the roster."""
    row = database.fetch(Membership, membership_id)
    need(by, Right.ROSTER_EDIT, area_path=row.team.area.path, team_id=row.team_id)
    return row


def story_of(membership_id: int, *, by: Actor) -> list[tuple[Entry, str]]:
    """Return the acts about a place in a team, oldest first, and who did them."""
    row = member(membership_id, by=by)
    query = (
        select(Entry, Account.name)
        .outerjoin(Account, Account.id == Entry.account_id)
        .where(Entry.subject_type == row.__tablename__, Entry.subject_id == row.id)
    )
    return [(entry, name or "") for entry, name in db.session.execute(query.order_by(Entry.id))]


def former_of(volunteer_id: int) -> list[Membership]:
    """Return the teams a person was in, the last left first; refused requests do not count."""
    query = (
        select(Membership)
        .options(joinedload(Membership.team))
        .where(
            Membership.volunteer_id == volunteer_id,
            Membership.state == "left",
            or_(Membership.left_at.is_(None), Membership.left_at > Membership.joined_at),
        )
    )
    return list(db.session.scalars(query.order_by(Membership.left_at.desc(), Membership.id)))


def member_counts(team_ids: list[int]) -> dict[int, int]:
    """Return how many active members each of these teams has."""
    query = (
        select(Membership.team_id, func.count())
        .join(Volunteer, Volunteer.id == Membership.volunteer_id)
        .where(
            Membership.team_id.in_(team_ids),
            Membership.state == "active",
            Volunteer.state == "active",
        )
        .group_by(Membership.team_id)
    )
    return dict(db.session.execute(query).all())


def memberships_of(volunteer_id: int) -> list[Membership]:
    """Return the teams a person is in or has asked to join."""
    query = (
        select(Membership)
        .options(joinedload(Membership.team))
        .where(Membership.volunteer_id == volunteer_id, Membership.state != "left")
    )
    return list(db.session.scalars(query.order_by(Membership.id)))


def rosters_seen_by(by: Actor) -> ColumnElement[bool]:
    """Return the WHERE of places in teams that :func:`roster` shows; joined to team and
    volunteer.
    """
    paths, team_ids = places(by, Right.ROSTER_SEE)
    seen = or_(Team.id.in_(team_ids), areas.within(Team.area_id, paths))
    return and_(seen, Volunteer.state == "active")


def roster(
    team_id: int,
    *,
    by: Actor,
    q: str = "",
    state: str = "active",
    sort: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Membership]:
    """Return the members of a team, by joining unless asked otherwise; strangers get NotFound."""
    team = database.fetch(Team, team_id)
    need(by, Right.ROSTER_SEE, area_path=team.area.path, team_id=team_id)
    query: Select[Membership] = (
        select(Membership)
        .join(Membership.volunteer)
        .options(contains_eager(Membership.volunteer).options(undefer(Volunteer.phone)))
        .where(
            Membership.team_id == team_id,
            Membership.state == state,
            Volunteer.state == "active",
        )
    )
    query = query.where(*person_search.by_text(q))
    return page(query, ROSTER_SORTS, sort=sort, cursor=cursor, limit=limit)
