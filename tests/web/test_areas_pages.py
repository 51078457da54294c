"""The pages of areas: the tree, a new one, renamed, moved with a preview, closed; the desk's."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import make
from tests.signing import hidden, sign_in
from tests.web.counter import browser, ordered, town
from volunteer_service import clock
from volunteer_service.areas import tree
from volunteer_service.areas.models import Area
from volunteer_service.db import db, transaction
from volunteer_service.people.authorization.actor import Actor

__all__ = ["browser", "town"]

SYSTEM = Actor.system("cli")


@pytest.fixture
def places(app: Flask) -> dict[str, int]:
    with app.app_context(), transaction():
        cast = make.cast()
        grid = tree.add(cast.community.id, "grid", "一网格", by=SYSTEM, at=clock.now())
        tree.add(grid.id, "building", "3 号楼", by=SYSTEM, at=clock.now())
        make.volunteer("陈桂英", area_id=grid.id)
        return {
            "town": cast.town.id,
            "community": cast.community.id,
            "elsewhere": cast.elsewhere.id,
            "grid": grid.id,
        }


def send(client: FlaskClient, page: str, path: str, status: int = 303, **fields: object) -> str:
    answer = client.post(path, data=hidden(client, page) | fields)
    assert answer.status_code == status, answer.text
    return answer.text


def value(app: Flask, column: str, **by: object) -> object:
    """What stands in this column of the one area that is so."""
    with app.app_context(), transaction(write=False):
        return getattr(db.session.scalars(select(Area).filter_by(**by)).one(), column)


def test_the_tree_shows_what_is_below_what_and_how_many_live_there(
    app: Flask, client: FlaskClient, places: dict[str, int]
) -> None:
    sign_in(client, "zhoujing")
    page = client.get("/areas").text
    names = re.findall(r'<a href="/areas/\d+">([^<]+)</a>', page)
    assert names == ["市西街道", "渤海社区", "庆丰社区", "一网格", "3 号楼"]
    assert "街道 · 4 人" in page
    assert "新建街道" not in page


def test_a_new_area_below_another(app: Flask, client: FlaskClient, places: dict[str, int]) -> None:
    sign_in(client, "zhoujing")
    page = f"/areas/new?parent_id={places['elsewhere']}"
    fields = {"parent_id": places["elsewhere"], "kind": "grid", "name": "二网格"}
    send(client, page, "/areas/new", **fields)
    assert value(app, "parent_id", name="二网格") == places["elsewhere"]
    assert "这里已有同名的区域" in send(client, page, "/areas/new", 422, **fields)


def test_a_name_with_its_reason_and_its_history(
    app: Flask, client: FlaskClient, places: dict[str, int]
) -> None:
    sign_in(client, "zhoujing")
    here = f"/areas/{places['community']}"
    again = send(client, here, f"{here}/rename", 422, name="庆丰新社区")
    assert 'value="庆丰新社区"' in again
    send(client, here, f"{here}/rename", name="庆丰新社区", reason="区划调整")
    page = client.get(here).text
    assert "改名：庆丰社区 → 庆丰新社区" in page
    assert "周静 · 区划调整" in page


def test_a_move_is_previewed_done_and_undone(
    app: Flask, client: FlaskClient, places: dict[str, int]
) -> None:
    sign_in(client, "zhoujing")
    here = f"/areas/{places['grid']}"
    first = client.get(f"{here}/move").text
    assert "确定搬动" not in first
    options = re.findall(r'<option value="(\d+)"', first)
    assert options == [str(places["town"]), str(places["elsewhere"])]
    preview = client.get(f"{here}/move?parent_id={places['elsewhere']}").text
    assert "搬到：市西街道 › 渤海社区" in preview
    assert re.search(r"<dt>志愿者</dt><dd>1</dd>", preview)
    page = f"{here}/move?parent_id={places['elsewhere']}"
    kept = send(client, page, f"{here}/move", 422, parent_id=places["elsewhere"], reason="。")
    assert "确定搬动" in kept
    send(client, page, f"{here}/move", parent_id=places["elsewhere"], reason="划给渤海")
    shown = client.get(here).text
    assert "搬动：庆丰社区 → 渤海社区" in shown
    back = f"{here}/move?parent_id={places['community']}"
    assert f'href="{back}"' in shown
    send(client, back, f"{here}/move", parent_id=places["community"], reason="搬回")
    assert value(app, "parent_id", id=places["grid"]) == places["community"]


def test_a_full_area_is_not_closed_and_the_page_stays(
    app: Flask, client: FlaskClient, places: dict[str, int]
) -> None:
    sign_in(client, "zhoujing")
    here = f"/areas/{places['elsewhere']}"
    told = send(client, here, f"{here}/close", 422, state_reason="撤销")
    assert "志愿者 1、队伍 1" in told
    assert "渤海社区" in told
    assert value(app, "closed_at", id=places["elsewhere"]) is None


def test_the_admin_of_all_streets_adds_one_and_sees_it(
    app: Flask, client: FlaskClient, places: dict[str, int]
) -> None:
    sign_in(client, "admin")
    assert "新建街道" in client.get("/areas").text
    send(client, "/areas/new", "/areas/new", kind="subdistrict", name="市东街道")
    assert "市东街道" in client.get("/areas").text


def test_a_leader_finds_no_tree(app: Flask, client: FlaskClient, places: dict[str, int]) -> None:
    sign_in(client, "limei")
    for path in ("/areas", f"/areas/{places['community']}", "/areas/new"):
        assert client.get(path).status_code == 404


def test_the_desk_says_where_it_is_and_the_order_shows_it(app, browser, town):
    desk = browser("desk")
    path = f"/areas/{town['town']}/contact"
    assert path in desk.get("/desk")
    fields = {"address": "庆丰路 8 号", "opening_hours": "周一至周五", "phone": "0856-5221234"}
    assert desk.send(desk.get(path), path, **fields).location == "/desk"
    order_id, _state, _code = ordered(app, browser, town)
    for page in (f"/orders/{order_id}", "/gifts", "/my/points"):
        shown = browser("wang").get(page)
        assert "兑换点：市西街道" in shown, page
        assert all(value in shown for value in fields.values()), page
    assert "电话不对" in desk.send(desk.get(path), path, 422, phone="打电话").text


def tree_of() -> list[str]:
    return list(db.session.scalars(select(Area.path).order_by(Area.id)))


@pytest.mark.parametrize("sent", ["9" * 5000, "9" * 25, "１２", "-1", ""])
@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/areas/new", "parent_id"),
        ("/areas/{community}/move", "parent_id"),
        ("/people/{wang}/merge", "merged_id"),
        ("/records/confirm", "record"),
    ],
)
def test_an_id_of_thousands_of_digits_is_no_row_and_no_fault(
    app: Flask, client: FlaskClient, path: str, field: str, sent: str
) -> None:
    """A refused form is shown again with what was sent, and that is read once more."""
    with app.app_context(), transaction():
        cast = make.cast()
        ids = {"community": cast.community.id, "wang": cast.wang.id}
        where, before = f"/areas/{cast.community.id}", tree_of()
    sign_in(client, "zhoujing")
    answer = client.post(path.format(**ids), data=hidden(client, where) | {field: sent})
    assert answer.status_code in (303, 403, 404, 409, 422)
    with app.app_context(), transaction(write=False):
        assert tree_of() == before


def test_a_building_that_looks_like_another_is_asked_on_the_page(
    app: Flask, client: FlaskClient, places: dict[str, int]
) -> None:
    sign_in(client, "zhoujing")
    page = f"/areas/new?parent_id={places['grid']}"
    asked = send(
        client, page, "/areas/new", 422, parent_id=places["grid"], kind="building", name="3栋"
    )
    assert "这里已有“3 号楼”" in asked
    assert 'name="confirm_other"' in asked
    assert 'value="3栋"' in asked

    send(
        client,
        page,
        "/areas/new",
        parent_id=places["grid"],
        kind="building",
        name="3栋",
        confirm_other="1",
    )
    assert value(app, "parent_id", name="3栋") == places["grid"]


def test_a_new_name_that_looks_like_another_keeps_what_was_typed(
    app: Flask, client: FlaskClient, places: dict[str, int]
) -> None:
    with app.app_context(), transaction():
        other = tree.add(places["community"], "grid", "二网格", by=SYSTEM, at=clock.now()).id
    sign_in(client, "zhoujing")
    path = f"/areas/{other}"
    asked = send(client, path, f"{path}/rename", 422, name="第1网格", reason="重新划分")
    assert 'value="第1网格"' in asked
    assert 'value="重新划分"' in asked

    send(client, path, f"{path}/rename", name="第1网格", reason="重新划分", confirm_other="1")
    assert value(app, "id", name="第1网格") == other
