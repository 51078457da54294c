"""An import brings nothing new into a closed area or team, as no page does."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from tests import make
from tests.workbooks import town
from tests.workbooks.judged import SISTER
from tests.workbooks.test_two_teams import ONE, OTHER, teams_of, workbook
from volunteer_service.areas import tree
from volunteer_service.areas.models import Area
from volunteer_service.areas.refusals import AreaClosed
from volunteer_service.db import db
from volunteer_service.people.models import Volunteer
from volunteer_service.teams.models import Membership, Team
from volunteer_service.workbooks import applying
from volunteer_service.workbooks.models import Import, RefusedRow
from volunteer_service.workbooks.taking_back import undoing


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    return town.files_of(tmp_path / "street")


def refused(row: Import, reason: str = "area_closed") -> dict[str, int]:
    """Rows by list that were refused because the area, or the team, is closed."""
    query = (
        select(RefusedRow.kind, func.count())
        .where(RefusedRow.import_id == row.id, RefusedRow.reason == reason)
        .group_by(RefusedRow.kind)
    )
    return dict(db.session.execute(query).all())


def test_new_people_teams_and_buildings_of_a_closed_community_are_refused(
    session, paths: list[Path]
) -> None:
    first = town.applied(paths)
    communities = select(Area.name).where(Area.kind == "community").order_by(Area.id)
    community = db.session.scalars(communities).first()
    assert community is not None
    undoing.undo(first.id, by=town.SYSTEM, at=town.NOON)
    street = db.session.scalars(select(Area)).one()
    closed = make.area(community, parent=street, kind="community")
    tree.close(closed.id, reason="并入别处", by=town.SYSTEM, at=town.NOON)

    again = town.previewed(paths)
    assert set(refused(again)) == {"areas", "teams", "volunteers"}
    applying.apply(again.id, by=town.SYSTEM, at=town.NOON)

    inside = Area.path.startswith(closed.path)
    assert db.session.scalars(select(Area.id).where(inside)).all() == [closed.id]
    for model in (Volunteer, Team):
        query = select(func.count(model.id)).join(Area, Area.id == model.area_id)
        assert db.session.scalar(query.where(inside)) == 0
        assert (db.session.scalar(query) or 0) > 0


def test_who_is_there_already_is_no_new_one(session, paths: list[Path]) -> None:
    """A grid was closed around people of ours: the list handed in again says nothing new."""
    town.applied(paths)
    home = db.session.scalars(select(Volunteer.area_id).where(Volunteer.area_id > 0)).first()
    db.session.get_one(Area, home).closed_at = town.NOON
    db.session.flush()
    assert refused(town.previewed(paths)) == {}


@pytest.mark.parametrize("where", ["by name", "by id"])
def test_a_closed_street_takes_no_list_however_it_is_named(
    session, paths: list[Path], where: str
) -> None:
    row = town.applied(paths)
    db.session.get_one(Area, row.area_id).closed_at = town.NOON
    db.session.flush()
    named = {"area_id": row.area_id} if where == "by id" else {"sub_district": row.sub_district}
    with pytest.raises(AreaClosed):
        town.previewed(paths, **named)


def test_a_street_that_is_closed_after_the_preview_takes_nothing(
    session, paths: list[Path]
) -> None:
    row = town.applied(paths)
    again = town.previewed(paths)
    db.session.get_one(Area, row.area_id).closed_at = town.NOON
    db.session.flush()
    with pytest.raises(AreaClosed):
        applying.apply(again.id, by=town.SYSTEM, at=town.NOON)


def test_a_roster_puts_nobody_into_a_closed_team(session, tmp_path: Path) -> None:
    path = workbook(tmp_path, ONE, OTHER)
    town.applied([path])
    closed = db.session.scalars(select(Team).where(Team.name == "和风助老队")).one()
    closed.state = "closed"
    db.session.flush()
    assert refused(town.previewed([path]), "team_closed") == {}

    sister = ("许二", SISTER, *ONE[2:5], closed.name)
    again = town.previewed([workbook(tmp_path, ONE, OTHER, sister)])
    assert refused(again, "team_closed") == {"volunteers": 1}
    cure = db.session.scalars(
        select(RefusedRow.cure).where(
            RefusedRow.import_id == again.id, RefusedRow.reason == "team_closed"
        )
    ).one()
    assert "重新启用" in cure
    applying.apply(again.id, by=town.SYSTEM, at=town.NOON)
    assert teams_of("许二") == []
    assert teams_of("许一") == sorted(["和风助老队", "和风护学队"])


def test_who_left_a_closed_team_or_is_in_another_is_not_put_into_it(
    session, tmp_path: Path
) -> None:
    path = workbook(tmp_path, ONE, OTHER)
    town.applied([path])
    closed = db.session.scalars(select(Team).where(Team.name == "和风助老队")).one()
    place = db.session.scalars(select(Membership).where(Membership.team_id == closed.id)).one()
    place.state, place.left_at, closed.state = "left", town.NOON, "closed"
    db.session.flush()
    again = town.previewed([path])
    assert refused(again, "team_closed") == {"volunteers": 1}


def test_of_two_teams_of_one_name_the_open_one_is_meant(session, tmp_path: Path) -> None:
    path = workbook(tmp_path, ONE)
    row = town.applied([path])
    closed = db.session.scalars(select(Team).where(Team.name == "和风助老队")).one()
    closed.state = "closed"
    street = db.session.get_one(Area, row.area_id)
    elsewhere = make.area("南风社区", parent=street, kind="community")
    heir = make.team(closed.name, area=elsewhere)
    town.applied([workbook(tmp_path, ONE, OTHER)])
    query = select(Membership.team_id).order_by(Membership.id)
    assert list(db.session.scalars(query))[-1] == heir.id


def beside_a_closed_community(path: Path) -> None:
    """Take in a person of 和风社区; beside it 旧街社区 is closed."""
    row = town.applied([path])
    street = db.session.get_one(Area, row.area_id)
    closed = make.area("旧街社区", parent=street, kind="community")
    tree.close(closed.id, reason="并入别处", by=town.SYSTEM, at=town.NOON)


def test_who_would_move_into_a_closed_community_is_refused_in_the_preview(
    session, tmp_path: Path
) -> None:
    beside_a_closed_community(workbook(tmp_path, ONE))
    moved = (*ONE[:4], "旧街社区", *ONE[5:])
    again = town.previewed([workbook(tmp_path, moved)])
    assert refused(again) == {"volunteers": 1}
    assert again.counts.get("changes", {}) == {}


def test_a_team_that_would_move_into_a_closed_community_is_refused_in_the_preview(
    session, tmp_path: Path
) -> None:
    path = workbook(tmp_path, ONE)
    beside_a_closed_community(path)
    book = load_workbook(path)
    page = book["队伍"]
    page["B2"] = "旧街社区"
    book.save(path)
    assert refused(town.previewed([path])) == {"teams": 1}


def test_a_building_that_would_move_into_a_closed_grid_is_refused_in_the_preview(
    session, tmp_path: Path
) -> None:
    path = workbook(tmp_path, ONE)
    beside_a_closed_community(path)
    community = db.session.scalars(select(Area).where(Area.name == "和风社区")).one()
    grid = make.area("二网格", parent=community, kind="grid")
    tree.close(grid.id, reason="并入别处", by=town.SYSTEM, at=town.NOON)
    book = load_workbook(path)
    book["楼栋"]["C2"] = "二网格"
    book.save(path)
    assert refused(town.previewed([path])) == {"areas": 1}


def test_who_lives_in_a_community_or_leads_a_team_of_it_that_was_closed_stays(
    session, tmp_path: Path
) -> None:
    path = workbook(tmp_path, ONE)
    town.applied([path])
    community = db.session.scalars(select(Area).where(Area.name == "和风社区")).one()
    community.closed_at = town.NOON
    db.session.flush()
    assert refused(town.previewed([path])) == {}
