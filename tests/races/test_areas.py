"""The tree of areas while two change it: no lost move, no stale path, nobody in a closed area."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from tests import make
from tests.make import MORNING
from tests.racing import at_once, codes, overlapped, verb
from volunteer_service.areas import tree
from volunteer_service.areas.models import Area
from volunteer_service.db import db, transaction
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Volunteer
from volunteer_service.people.registrations import registration

SYSTEM = Actor.system("cli")


def town(app: Flask) -> dict[str, int]:
    """Two communities, a grid in the first, an empty third, and 陈桂英 who lives nowhere yet."""
    with app.app_context():
        with transaction():
            cast = make.cast()
            grid = make.area("一网格", parent=cast.community, kind="grid")
            empty = make.area("空社区", parent=cast.town, kind="community")
            found = {
                "first": cast.community.id,
                "second": cast.elsewhere.id,
                "grid": grid.id,
                "empty": empty.id,
                "homeless": make.volunteer("陈桂英").id,
            }
        db.session.remove()
    return found


def faults(app: Flask) -> list[str]:
    """Areas whose path is not that of their parent and their id."""
    with app.app_context(), transaction(write=False):
        paths = {row.id: row for row in db.session.scalars(select(Area))}
        return [
            row.path
            for row in paths.values()
            if row.path != f"{paths[row.parent_id].path if row.parent_id else '/'}{row.id}/"
        ]


def test_a_building_goes_into_a_grid_that_moves(app: Flask) -> None:
    here = town(app)
    moved, built = overlapped(
        app,
        lambda: tree.move(here["grid"], here["second"], reason="划转", by=SYSTEM, at=MORNING).id,
        lambda: tree.add(here["grid"], "building", "1 号楼", by=SYSTEM, at=MORNING).id,
    )
    assert moved == here["grid"]
    assert isinstance(built, int)
    assert faults(app) == []


def test_a_grid_moves_while_its_community_gets_a_building(app: Flask) -> None:
    here = town(app)
    built, moved = overlapped(
        app,
        lambda: tree.add(here["grid"], "building", "1 号楼", by=SYSTEM, at=MORNING).id,
        lambda: tree.move(here["grid"], here["second"], reason="划转", by=SYSTEM, at=MORNING).id,
    )
    assert isinstance(built, int)
    assert moved == here["grid"]
    assert faults(app) == []


def test_two_areas_of_one_name_at_once_are_one(app: Flask) -> None:
    here = town(app)
    for parent, kind in ((here["first"], "grid"), (None, "subdistrict")):
        works = [
            verb(app, lambda: tree.add(parent, kind, "同名", by=SYSTEM, at=MORNING).id)  # noqa: B023
        ] * 4
        assert codes(at_once(works)) == ["area_exists"] * 3
    assert faults(app) == []


def test_nobody_slips_into_an_area_that_is_being_closed(app: Flask) -> None:
    here = town(app)
    later = MORNING + timedelta(hours=1)

    def close() -> str:
        return tree.close(here["empty"], reason="撤销", by=SYSTEM, at=later).name

    def settle() -> int:
        return registration.settle(here["homeless"], here["empty"], by=SYSTEM, at=later).id

    assert overlapped(app, close, settle) == ("空社区", "area_closed")
    with app.app_context(), transaction(write=False):
        assert db.session.get_one(Volunteer, here["homeless"]).area_id is None


def test_an_area_into_which_somebody_is_going_is_not_closed(app: Flask) -> None:
    here = town(app)
    later = MORNING + timedelta(hours=1)
    settled, closed = overlapped(
        app,
        lambda: registration.settle(here["homeless"], here["empty"], by=SYSTEM, at=later).id,
        lambda: tree.close(here["empty"], reason="撤销", by=SYSTEM, at=later).name,
    )
    assert (settled, closed) == (here["homeless"], "area_not_empty")
