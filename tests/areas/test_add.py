"""Adding to the tree of areas."""

import pytest

from tests import make
from volunteer_service.areas import lookup, refusals, tree
from volunteer_service.errors import NotAllowed, NotFound
from volunteer_service.people.authorization.actor import Actor


def test_a_coordinator_adds_a_grid_below_a_community(session: None) -> None:
    cast = make.cast()
    by = make.acting(cast.coordinator)
    grid = tree.add(cast.community.id, "grid", "第一网格", by=by, at=make.MORNING)
    assert grid.path == f"{cast.community.path}{grid.id}/"
    assert lookup.name_path(grid) == "市西街道 › 庆丰社区 › 第一网格"
    assert [area.id for area in lookup.subtree(cast.community.path)] == [cast.community.id, grid.id]


def test_a_name_stands_once_at_a_place(session: None) -> None:
    cast = make.cast()
    by = make.acting(cast.coordinator)
    with pytest.raises(refusals.AreaExists):
        tree.add(cast.town.id, "community", "庆丰社区", by=by, at=make.MORNING)


@pytest.mark.parametrize("kind", ["subdistrict", "community", "village"])
def test_a_child_is_of_a_smaller_kind(session: None, kind: str) -> None:
    cast = make.cast()
    by = make.acting(cast.coordinator)
    with pytest.raises(refusals.AreaKindWrong):
        tree.add(cast.community.id, kind, "新区", by=by, at=make.MORNING)


def test_a_coordinator_adds_no_sub_district_and_the_operator_does(session: None) -> None:
    cast = make.cast()
    with pytest.raises(NotFound):
        tree.add(None, "subdistrict", "新街道", by=make.acting(cast.coordinator), at=make.MORNING)
    root = tree.add(None, "subdistrict", "新街道", by=Actor.system("cli"), at=make.MORNING)
    assert root.path == f"/{root.id}/"


def test_a_leader_may_not(session: None) -> None:
    cast = make.cast()
    with pytest.raises((NotFound, NotAllowed)):
        tree.add(cast.community.id, "grid", "网格", by=make.acting(cast.li_mei), at=make.MORNING)
