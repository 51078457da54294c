"""Pages on which people are put into a team, moved, taken out and given the lead."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests import make
from tests.signing import hidden, sign_in, token_for
from volunteer_service import clock
from volunteer_service.db import db, transaction
from volunteer_service.people.models import Account, Grant
from volunteer_service.teams.models import Membership


@pytest.fixture
def town(app: Flask) -> dict[str, int]:
    with app.app_context(), transaction():
        cast = make.cast()
        two = [make.volunteer("张伟", area_id=cast.community.id) for _ in range(2)]
        place = select(Membership.id).where(Membership.volunteer_id == cast.wang.id)
        return {
            "team": cast.team.id,
            "other": cast.other_team.id,
            "zhao": cast.zhao.id,
            "wang": cast.wang.id,
            "one": two[0].id,
            "two": two[1].id,
            "place": db.session.scalars(place).one(),
        }


def members_of(app: Flask, team_id: int) -> set[int]:
    with app.app_context(), transaction(write=False):
        query = select(Membership.volunteer_id).where(
            Membership.team_id == team_id, Membership.state == "active"
        )
        return set(db.session.scalars(query))


def test_a_list_is_judged_and_one_click_puts_them_in(
    app: Flask, client: FlaskClient, town: dict[str, int]
) -> None:
    sign_in(client, "limei")
    path = f"/teams/{town['team']}/add"
    assert path in client.get(f"/teams/{town['team']}").get_data(as_text=True)
    before = members_of(app, town["team"])
    form = hidden(client, path) | {"names": "1. 赵芳 2. 张伟 3. 王建国"}
    answer = client.post(path, data=form)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "1 行还不清楚是谁" in page
    assert "此人已在这支队伍里" in page
    assert "1. 赵芳 2. 张伟 3. 王建国" in page
    assert members_of(app, town["team"]) == before
    chosen = {"typed-0": "赵芳", "who-0": town["zhao"], "typed-1": "张伟", "who-1": town["two"]}
    answer = client.post(path, data=form | chosen | {"typed-2": "王建国", "who-2": "out"})
    assert answer.status_code == 303
    assert members_of(app, town["team"]) == before | {town["zhao"], town["two"]}
    assert "已加入 2 人" in client.get(answer.location).get_data(as_text=True)


def test_a_coordinator_ticks_who_has_no_team_yet(
    app: Flask, client: FlaskClient, town: dict[str, int]
) -> None:
    sign_in(client, "zhoujing")
    path = f"/teams/{town['team']}/add"
    assert f'value="{town["one"]}"' in client.get(path).get_data(as_text=True)
    client.post(path, data=hidden(client, path) | {"member": [town["one"]], "names": ""})
    assert town["one"] in members_of(app, town["team"])
    refused = client.post(path, data=hidden(client, path) | {"names": ""})
    assert "请选 1 到" in refused.get_data(as_text=True)


def test_a_member_s_page_moves_and_ends(
    app: Flask, client: FlaskClient, town: dict[str, int]
) -> None:
    sign_in(client, "zhoujing")
    path = f"/memberships/{town['place']}"
    form = hidden(client, path)
    odd = client.post(
        f"{path}/move", data=form | {"to_team_id": town["other"], "move_since": "2001-01-01"}
    )
    assert odd.status_code == 422
    assert "（登记或入队的那天）到" in odd.get_data(as_text=True)
    client.post(f"{path}/move", data=hidden(client, path) | {"to_team_id": town["other"]})
    assert town["wang"] in members_of(app, town["other"])
    assert town["wang"] not in members_of(app, town["team"])
    assert "转走" in client.get(path).get_data(as_text=True)
    person = client.get(f"/people/{town['wang']}").get_data(as_text=True)
    assert "至" in person
    assert "渤海社区助老志愿服务队" in person


def test_leader_and_deputy_on_the_team_s_page(
    app: Flask, client: FlaskClient, town: dict[str, int]
) -> None:
    sign_in(client, "zhoujing")
    path = f"/memberships/{town['place']}"
    client.post(f"{path}/lead", data=hidden(client, path) | {"lead": "deputy"})
    team = f"/teams/{town['team']}"
    page = client.get(team).get_data(as_text=True)
    assert "副队长" in page
    with app.app_context(), transaction(write=False):
        grant_id = db.session.scalars(select(Grant.id).where(Grant.is_deputy)).one()
    kept = client.post(f"{path}/end", data=hidden(client, path))
    assert kept.status_code == 409 or "收回这个角色" in kept.get_data(as_text=True)
    client.post(f"{team}/leads/{grant_id}/revoke", data=hidden(client, team))
    with app.app_context(), transaction(write=False):
        assert db.session.get(Grant, grant_id) is None


def test_a_day_ahead_is_said_to_the_person(
    app: Flask, client: FlaskClient, town: dict[str, int]
) -> None:
    ahead = (clock.now() + timedelta(days=9)).date().isoformat()
    sign_in(client, "limei")
    path = f"/teams/{town['team']}/add"
    client.post(path, data=hidden(client, path) | {"names": "赵芳", "since": ahead})
    assert "将要加入" in client.get(f"/teams/{town['team']}").get_data(as_text=True)
    assert town["zhao"] not in members_of(app, town["team"])
    sign_in(client, "zhao")
    for page in ("/me", f"/teams/{town['team']}"):
        assert "起加入。" in client.get(page).get_data(as_text=True)
    assert "起是“庆丰社区护学志愿服务队”的队员" in client.get("/my/messages").get_data(as_text=True)


def test_a_leader_of_others_and_a_member_find_no_such_page(
    client: FlaskClient, town: dict[str, int]
) -> None:
    sign_in(client, "wang")
    for path in (f"/teams/{town['team']}/add", f"/memberships/{town['place']}"):
        assert client.get(path).status_code == 404


def test_over_the_api(client: FlaskClient, app: Flask, town: dict[str, int]) -> None:
    with app.app_context(), transaction():
        leader = db.session.scalars(select(Account).where(Account.login == "limei")).one()
        headers = token_for(leader, "read", "write")

    def post(path: str, **body: object) -> TestResponse:
        return client.post(f"/api/v1{path}", headers=headers, json=body)

    people = f"/api/v1/teams/{town['team']}/candidates?q=张伟"
    found = client.get(people, headers=headers).get_json()
    ids = {row["id"] for row in found["items"]}
    assert (found["count"], ids) == (2, {town["one"], town["two"]})
    assert all("****" in row["phone_masked"] for row in found["items"])
    made = post(f"/teams/{town['team']}/members", volunteer_ids=[town["one"]])
    assert made.status_code == 201
    (place,) = made.get_json()["items"]
    assert (place["volunteer_id"], place["state"]) == (town["one"], "active")
    again = post(f"/teams/{town['team']}/members", volunteer_ids=[town["one"]])
    assert (again.status_code, again.get_json()["code"]) == (409, "already_in_team")
    assert post(f"/memberships/{place['id']}/end").get_json()["state"] == "left"
    assert post(f"/memberships/{town['place']}/lead", lead="leader").status_code == 403
