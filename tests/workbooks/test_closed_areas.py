"""An import brings nothing new into a closed area, as no page does."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests import make
from tests.workbooks import town
from volunteer_service.areas import tree
from volunteer_service.areas.models import Area
from volunteer_service.areas.refusals import AreaClosed
from volunteer_service.db import db
from volunteer_service.people.models import Volunteer
from volunteer_service.teams.models import Team
from volunteer_service.workbooks import applying
from volunteer_service.workbooks.models import Import, RefusedRow
from volunteer_service.workbooks.taking_back import undoing


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    return town.files_of(tmp_path / "street")


def refused(row: Import) -> dict[str, int]:
    """Rows by list that were refused because the area is closed."""
    query = (
        select(RefusedRow.kind, func.count())
        .where(RefusedRow.import_id == row.id, RefusedRow.reason == "area_closed")
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


def test_a_closed_street_takes_no_list(session, paths: list[Path]) -> None:
    row = town.applied(paths)
    name = row.sub_district
    db.session.get_one(Area, row.area_id).closed_at = town.NOON
    db.session.flush()
    with pytest.raises(AreaClosed):
        town.previewed(paths, sub_district=name)
