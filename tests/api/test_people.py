"""Volunteers, teams, tokens and grants over the API."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make, signing
from volunteer_service.db import transaction

Headers = dict[str, str]


@pytest.fixture
def ids() -> dict[str, int]:
    return {}


@pytest.fixture
def token(app: Flask, ids: dict[str, int]) -> Callable[[str], Headers]:
    with app.app_context(), transaction():
        cast = make.cast()
        ids |= {
            "wang": cast.wang.id,
            "team": cast.team.id,
            "other": cast.other_team.id,
            "community": cast.community.id,
            "zhao_account": cast.zhao_account.id,
        }
        found = {
            name: signing.token_for(getattr(cast, name))
            for name in ("li_mei", "coordinator", "zhao_account", "wang_account")
        }
        found["admin"] = signing.token_for(cast.admin, "admin")
    return found.__getitem__


def test_me(client: FlaskClient, token: Callable[[str], Headers]) -> None:
    body = client.get("/api/v1/accounts/me", headers=token("li_mei")).get_json()
    assert body["name"] == "李梅"
    assert [held["role"] for held in body["grants"]] == ["leader"]


def test_volunteers_are_listed_masked_and_paged(
    client: FlaskClient, token: Callable[[str], Headers], ids: dict[str, int]
) -> None:
    path, headers = "/api/v1/volunteers?limit=2&sort=-registered_on", token("coordinator")
    first = client.get(path, headers=headers).get_json()
    second = client.get(f"{path}&cursor={first['next']}", headers=headers).get_json()
    names = [row["name"] for row in first["items"] + second["items"]]
    assert sorted(names) == ["李梅", "王建国", "赵芳"]
    assert "****" in first["items"][0]["phone_masked"]
    assert client.get("/api/v1/volunteers", headers=token("zhao_account")).get_json() == {
        "items": [],
        "next": None,
    }


def test_a_volunteer_is_registered_and_revealed(
    client: FlaskClient, token: Callable[[str], Headers], ids: dict[str, int]
) -> None:
    body = {"name": "孙晓", "phone": "13900000001", "consent": True, "area_id": ids["community"]}
    made = client.post("/api/v1/volunteers", json=body, headers=token("coordinator"))
    assert made.status_code == 201
    path = f"/api/v1/volunteers/{made.get_json()['id']}"
    asked = {"field": "phone", "why": "活动改期"}
    shown = client.post(f"{path}/reveal", json=asked, headers=token("coordinator"))
    assert shown.get_json() == {"field": "phone", "value": "13900000001"}
    assert client.get(path, headers=token("zhao_account")).status_code == 404
    again = client.post("/api/v1/volunteers", json=body, headers=token("coordinator"))
    assert (again.status_code, again.get_json()["code"]) == (409, "already_registered")
    other = body | {"phone": "13900000009"}
    asked_back = client.post("/api/v1/volunteers", json=other, headers=token("coordinator"))
    problem = asked_back.get_json()
    assert (asked_back.status_code, problem["code"]) == (409, "maybe_same_person")
    assert [each["id"] for each in problem["candidates"]] == [made.get_json()["id"]]
    other["confirm_other"] = True
    made = client.post("/api/v1/volunteers", json=other, headers=token("coordinator"))
    assert made.status_code == 201
    checks = client.get("/api/v1/registration-checks", headers=token("coordinator"))
    assert checks.get_json()["items"] == []


def test_consents(
    client: FlaskClient, token: Callable[[str], Headers], ids: dict[str, int]
) -> None:
    path, headers = f"/api/v1/volunteers/{ids['wang']}/consents", token("wang_account")
    given = client.post(path, json={"purpose": "publish"}, headers=headers)
    assert (given.status_code, given.get_json()["withdrawn_at"]) == (201, None)
    ended = client.post(f"{path}/withdraw", json={"purpose": "publish"}, headers=headers)
    assert ended.get_json()["items"][0]["withdrawn_at"] is not None
    assert client.get(path, headers=token("zhao_account")).status_code == 404


def test_a_roster_is_404_for_another_leader(
    client: FlaskClient, token: Callable[[str], Headers], ids: dict[str, int]
) -> None:
    own = client.get(f"/api/v1/teams/{ids['team']}/roster", headers=token("li_mei"))
    assert [row["name"] for row in own.get_json()["items"]] == ["王建国", "李梅"]
    other = client.get(f"/api/v1/teams/{ids['other']}/roster", headers=token("li_mei"))
    assert other.status_code == 404


def test_a_team_is_edited_with_its_etag(
    client: FlaskClient, token: Callable[[str], Headers], ids: dict[str, int]
) -> None:
    path, headers = f"/api/v1/teams/{ids['team']}", token("coordinator")
    etag = client.get(path, headers=headers).headers["ETag"]
    body = {"name": "新名", "area_id": ids["community"], "recording_unit": "居委会"}
    assert client.put(path, json=body, headers=headers).status_code == 428
    done = client.put(path, json=body, headers=headers | {"If-Match": etag})
    assert (done.status_code, done.get_json()["version"]) == (200, 2)
    stale = client.put(path, json=body, headers=headers | {"If-Match": etag})
    assert stale.status_code == 412


def test_a_team_is_founded_and_found(
    client: FlaskClient, token: Callable[[str], Headers], ids: dict[str, int]
) -> None:
    headers = token("coordinator")
    body = {"name": "银龄队", "area_id": ids["community"], "recording_unit": "居委会"}
    assert client.post("/api/v1/teams", json=body, headers=headers).status_code == 201
    found = client.get("/api/v1/teams?q=银龄", headers=headers).get_json()["items"]
    assert [row["name"] for row in found] == ["银龄队"]
    grid = {"parent_id": ids["community"], "kind": "grid", "name": "一网格"}
    assert client.post("/api/v1/areas", json=grid, headers=headers).status_code == 201
    below = client.get(f"/api/v1/areas?under={ids['community']}", headers=headers).get_json()
    # By pinyin: qingfeng before yi.
    assert [row["name"] for row in below["items"]] == ["庆丰社区", "一网格"]


def test_joining_over_the_api(
    client: FlaskClient, token: Callable[[str], Headers], ids: dict[str, int]
) -> None:
    asked = client.post(f"/api/v1/teams/{ids['team']}/join", headers=token("zhao_account"))
    path = f"/api/v1/memberships/{asked.get_json()['id']}/accept"
    assert client.post(path, headers=token("zhao_account")).status_code == 404
    assert client.post(path, headers=token("li_mei")).get_json()["state"] == "active"


def test_tokens_and_grants(
    client: FlaskClient, token: Callable[[str], Headers], ids: dict[str, int]
) -> None:
    made = client.post("/api/v1/tokens", json={"name": "表"}, headers=token("admin")).get_json()
    assert made["token"].startswith("vs_")
    headers = {"Authorization": f"Bearer {made['token']}"}
    assert client.get("/api/v1/tokens", headers=headers).status_code == 200
    refused = client.post("/api/v1/grants", json={}, headers=headers)
    assert refused.get_json()["code"] == "scope_missing"
    body = {"account_id": ids["zhao_account"], "role": "leader", "team_id": ids["other"]}
    given = client.post("/api/v1/grants", json=body, headers=token("coordinator"))
    assert given.status_code == 201
    path = f"/api/v1/grants/{given.get_json()['id']}"
    assert client.delete(path, headers=token("coordinator")).status_code == 204


@pytest.mark.parametrize(
    ("name", "undrawn"),
    [
        ("孙晓", ""),
        ("孙𠮷", "𠮷"),
        ("ئۇيغۇر", "ئۇيغر"),
        ("김한글", "김한글"),
    ],
)
def test_a_registration_is_answered_with_what_no_font_draws(
    client: FlaskClient,
    token: Callable[[str], Headers],
    ids: dict[str, int],
    name: str,
    undrawn: str,
) -> None:
    body = {"name": name, "phone": "13900000001", "consent": True, "area_id": ids["community"]}
    made = client.post("/api/v1/volunteers", json=body, headers=token("coordinator"))
    assert (made.status_code, made.get_json().get("undrawn")) == (201, undrawn)
