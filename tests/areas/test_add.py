"""Adding to the tree of areas."""

import pytest
from sqlalchemy import select

from tests import make
from volunteer_service.areas import lookup, refusals, tree
from volunteer_service.db import db
from volunteer_service.errors import NotAllowed, NotFound
from volunteer_service.journal import Entry
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


@pytest.mark.parametrize(
    ("kind", "there", "name"),
    [
        ("grid", "第一网格", "网格1"),
        ("building", "1号楼", "1栋"),
        ("building", "1号楼", "１#"),
    ],
)
def test_a_name_that_looks_like_another_is_asked_and_may_be_another_place(
    session: None, kind: str, there: str, name: str
) -> None:
    cast = make.cast()
    by = make.acting(cast.coordinator)
    tree.add(cast.community.id, kind, there, by=by, at=make.MORNING)

    with pytest.raises(refusals.AreaLooksAlike, match=there) as asked:
        tree.add(cast.community.id, kind, name, by=by, at=make.MORNING)
    assert asked.value.field == "confirm_other"

    tree.add(cast.community.id, kind, name, confirm_other=True, by=by, at=make.MORNING)
    said = db.session.scalars(select(Entry.facts).where(Entry.verb == "areas.add")).all()
    assert {"kind": kind, "not_the_same_as": there} in said


def test_renamed_or_moved_it_is_asked_as_well_and_a_closed_one_asks_nothing(session: None) -> None:
    cast = make.cast()
    by, at = Actor.system("cli"), make.MORNING
    tree.add(cast.community.id, "grid", "1网格", by=by, at=at)
    second = tree.add(cast.community.id, "grid", "2网格", by=by, at=at)
    away = tree.add(cast.elsewhere.id, "grid", "第一网格", by=by, at=at)

    with pytest.raises(refusals.AreaLooksAlike):
        tree.rename(second.id, "第一网格", reason="改名", by=by, at=at)
    with pytest.raises(refusals.AreaLooksAlike):
        tree.move(away.id, cast.community.id, reason="划转", by=by, at=at)
    tree.rename(second.id, "第2网格", reason="改名", by=by, at=at)
    tree.move(away.id, cast.community.id, reason="划转", confirm_other=True, by=by, at=at)
    tree.close(away.id, reason="撤并", by=by, at=at)
    lone = tree.add(cast.elsewhere.id, "grid", "网格1", by=by, at=at)

    assert lone.name == "网格1"
