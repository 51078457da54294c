"""Changing a published event over the API, with a dry run of each change."""

from datetime import timedelta

import pytest
from flask import Flask

from tests import make
from tests.signing import token_for
from volunteer_service import clock
from volunteer_service.db import transaction


@pytest.fixture
def town(app: Flask):
    """An event in two days for which 王建国 signed up, and its leader's token."""
    with app.app_context(), transaction():
        cast = make.cast()
        starts_at = clock.now().replace(microsecond=0) + timedelta(days=2)
        row = make.event(team=cast.team, leader=cast.li_mei, starts_at=starts_at)
        make.sign_up(row, cast.wang)
        return {
            "event": row.id,
            "shift": row.shifts[0].id,
            "at": starts_at,
            "leader": token_for(cast.li_mei, "read", "write"),
            "coordinator": token_for(cast.coordinator, "read", "write"),
            "team": cast.other_team.id,
        }


def test_a_dry_run_tells_what_then_happens(client, town) -> None:
    path, headers = f"/api/v1/shifts/{town['shift']}", town["leader"]
    later = town["at"] + timedelta(hours=5)
    body = {
        "starts_at": later.isoformat(),
        "ends_at": (later + timedelta(hours=2)).isoformat(),
        "capacity": 3,
        "reason": "操场被占用",
    }
    dry = client.put(path, json=body | {"dry_run": True}, headers=headers)
    assert (dry.status_code, dry.json["touched"][0]["outcome"]) == (200, "moved")
    before = client.get(f"/api/v1/events/{town['event']}", headers=headers).json
    assert before["shifts"][0]["shift"]["capacity"] == 10
    stale = client.put(path, json=body | {"seen": "0" * 32}, headers=headers)
    assert (stale.status_code, stale.json["code"]) == (409, "changed_since_preview")
    done = client.put(path, json=body | {"seen": dry.json["mark"]}, headers=headers)
    assert (done.status_code, done.json) == (200, dry.json)
    after = client.get(f"/api/v1/events/{town['event']}", headers=headers).json
    assert after["shifts"][0]["shift"]["capacity"] == 3
    version = {"version": after["event"]["version"]}
    undo = f"/api/v1/events/{town['event']}/undo-change"
    keyed = headers | {"Idempotency-Key": "undo"}
    assert client.post(undo, json=version, headers=keyed).status_code == 200
    now = client.get(f"/api/v1/events/{town['event']}", headers=headers).json
    assert now["shifts"][0]["shift"]["capacity"] == 10


def test_putting_off_handing_over_and_removing(client, town) -> None:
    here, headers = f"/api/v1/events/{town['event']}", town["coordinator"]
    day = {"starts_at": (town["at"] + timedelta(days=1)).isoformat(), "reason": "大雨"}
    off = client.post(f"{here}/put-off", json=day, headers=headers | {"Idempotency-Key": "1"})
    assert [row["outcome"] for row in off.json["touched"]] == ["moved"]
    team = {"team_id": town["team"], "reason": "人手不够"}
    over = client.post(f"{here}/hand-over", json=team, headers=headers | {"Idempotency-Key": "2"})
    assert [row["outcome"] for row in over.json["touched"]] == ["team"]
    last = client.post(
        f"/api/v1/shifts/{town['shift']}/remove",
        json={"reason": "不办了"},
        headers=headers | {"Idempotency-Key": "3"},
    )
    assert (last.status_code, last.json["code"]) == (409, "last_shift")


def test_two_teams_run_it_and_one_leaves(client, town) -> None:
    here, headers = f"/api/v1/events/{town['event']}", town["coordinator"]
    asked = {"team_id": town["team"]}
    done = client.post(f"{here}/partners", json=asked, headers=headers | {"Idempotency-Key": "p"})
    assert (done.status_code, [row["id"] for row in done.json["partners"]]) == (200, [town["team"]])
    again = client.post(f"{here}/partners", json=asked, headers=headers | {"Idempotency-Key": "q"})
    assert (again.status_code, again.json["code"]) == (409, "already_shared")
    listed = client.get(f"/api/v1/events?team_id={town['team']}", headers=headers).json["items"]
    assert [row["id"] for row in listed] == [town["event"]]
    left = client.post(f"{here}/partners/{town['team']}/leave", headers=headers)
    assert (left.status_code, left.json["partners"]) == (200, [])
    gone = client.post(f"{here}/partners/{town['team']}/leave", headers=headers)
    assert gone.status_code == 404
