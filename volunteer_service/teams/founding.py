"""The verbs of teams; who is in one is in ``membership``, who leads one in ``role_grants``."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from volunteer_service import db as database
from volunteer_service import journal
from volunteer_service.areas import lookup as areas
from volunteer_service.bounds import one_of
from volunteer_service.db import db
from volunteer_service.errors import EditedSince, Refused
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right, need
from volunteer_service.teams.models import Brand, Project, Team
from volunteer_service.visible_text import said


class TeamExists(Refused):
    """A team of this name exists in this area already."""

    status = 409
    message = "这个区域已有同名的队伍。请换一个名称。"


class TeamMerged(Refused):
    """The team was merged into another one; it is not opened again beside it."""

    status = 409
    message = "这支队伍已并入“%(team)s”，不能单独重新启用。请先撤销合并，或新建一支队伍。"


@dataclass(frozen=True)
class TeamPlan:
    """What a team is: brand and project are given by name, and created when new."""

    name: str
    area_id: int
    recording_unit: str
    brand: str | None = None
    project: str | None = None
    founded_on: date | None = None


@said("plan.name", "plan.recording_unit", "plan.brand", "plan.project")
def create(plan: TeamPlan, *, by: Actor, at: datetime) -> Team:
    """Create a team in an area; its name is unique there."""
    need(by, Right.TEAM_EDIT, area_path=areas.of(plan.area_id).path)
    areas.open_at(plan.area_id)
    team = Team(
        name=plan.name,
        area_id=plan.area_id,
        recording_unit=plan.recording_unit,
        brand_id=_brand(plan.brand),
        project_id=_project(plan.project),
        founded_on=plan.founded_on,
    )
    try:
        with db.session.begin_nested():
            db.session.add(team)
            db.session.flush()
    except IntegrityError:
        raise TeamExists(field="name") from None
    journal.record("teams.create", team, account_id=by.account_id, door=by.door, at=at)
    return team


@said("plan.name", "plan.recording_unit", "plan.brand", "plan.project")
def edit(
    team_id: int, plan: TeamPlan, *, state: str = "active", version: int, by: Actor, at: datetime
) -> Team:
    """Change a team as it was at ``version``; refuse if somebody changed it since."""
    team = database.fetch(Team, team_id)
    need(by, Right.TEAM_EDIT, area_path=team.area.path, team_id=team_id)
    need(by, Right.TEAM_EDIT, area_path=areas.of(plan.area_id).path)
    one_of(state, ("active", "closed"), "state")
    if state == "active" and team.merged_into_id is not None:
        raise TeamMerged(team=database.fetch(Team, team.merged_into_id).name)
    if state == "active" or plan.area_id != team.area_id:
        areas.open_at(plan.area_id)
    before = _told(team)
    is_written = _write(team_id, version, _columns(plan) | {"state": state, "version": version + 1})
    db.session.refresh(team)
    if not is_written:
        mine = vars(plan) | {"state": state}
        theirs = _as_planned(team) | {"state": team.state}
        raise EditedSince(team.version, theirs=theirs, mine=mine)
    journal.record(
        "teams.edit",
        team,
        account_id=by.account_id,
        door=by.door,
        at=at,
        version=team.version,
        values=journal.changes(before, _told(team)),
    )
    return team


def _columns(plan: TeamPlan) -> dict[str, object]:
    return {
        "name": plan.name,
        "area_id": plan.area_id,
        "recording_unit": plan.recording_unit,
        "brand_id": _brand(plan.brand),
        "project_id": _project(plan.project),
        "founded_on": plan.founded_on,
    }


def _as_planned(team: Team) -> dict[str, Any]:
    return {
        "name": team.name,
        "area_id": team.area_id,
        "recording_unit": team.recording_unit,
        "brand": team.brand.name if team.brand else None,
        "project": team.project.name if team.project else None,
        "founded_on": team.founded_on,
    }


def _write(team_id: int, version: int, values: dict[str, Any]) -> bool:
    """Write a team as it was at ``version``; tell whether it still was."""
    try:
        with db.session.begin_nested():
            as_read = update(Team).where(Team.id == team_id, Team.version == version)
            database.fit(Team, **values)
            changed = db.session.scalar(as_read.values(values).returning(Team.id))
    except IntegrityError:
        raise TeamExists(field="name") from None
    return changed is not None


def _told(team: Team) -> dict[str, str | None]:
    """Return what the journal stores of a team, with the names of that day."""
    return {
        "name": team.name,
        "area": team.area.name,
        "recording_unit": team.recording_unit,
        "brand": team.brand.name if team.brand else None,
        "project": team.project.name if team.project else None,
        "founded_on": team.founded_on.isoformat() if team.founded_on else None,
        "state": team.state,
    }


def _brand(name: str | None) -> int | None:
    if not name:
        return None
    found = db.session.scalars(select(Brand).where(Brand.name == name)).one_or_none()
    if found is None:
        found = Brand(name=name)
        db.session.add(found)
        db.session.flush()
    return found.id


def _project(name: str | None) -> int | None:
    if not name:
        return None
    found = db.session.scalars(select(Project).where(Project.name == name)).one_or_none()
    if found is None:
        found = Project(name=name)
        db.session.add(found)
        db.session.flush()
    return found.id
