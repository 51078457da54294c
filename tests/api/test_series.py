"""Copies, series and school terms over the API."""

from datetime import timedelta

import pytest
from flask import Flask

from tests import make
from tests.signing import token_for
from volunteer_service import clock
from volunteer_service.db import transaction


@pytest.fixture
def town(app: Flask):
    with app.app_context(), transaction():
        cast = make.cast()
        starts_at = clock.now().replace(microsecond=0) + timedelta(days=2)
        row = make.event(team=cast.team, leader=cast.li_mei, starts_at=starts_at)
        return {
            "event": f"/api/v1/events/{row.id}",
            "at": starts_at,
            "until": (starts_at + timedelta(days=15)).date().isoformat(),
            "area": cast.team.area_id,
            "leader": token_for(cast.li_mei, "read", "write"),
            "volunteer": token_for(cast.zhao_account, "read", "write"),
            "coordinator": token_for(cast.coordinator, "read", "write"),
        }


def test_a_series_is_foreseen_made_changed_and_called_off(client, town) -> None:
    here, leader = f"{town['event']}/series", town["leader"]
    body = {"rule": "FREQ=WEEKLY", "until": town["until"]}
    days = client.post(f"{here}/preview", json=body, headers=leader).json["days"]
    assert [row["left_out"] for row in days] == [None, None]
    made = client.post(here, json=body, headers=leader | {"Idempotency-Key": "made"})
    again = client.post(here, json=body, headers=leader | {"Idempotency-Key": "made"})
    assert (made.status_code, len(made.json["events"])) == (201, 3)
    assert again.json == made.json
    twice = client.post(here, json=body, headers=leader | {"Idempotency-Key": "other"})
    assert (twice.status_code, twice.json["code"]) == (409, "in_series_already")
    dry = client.post(
        f"{here}/carry-over",
        json={"dry_run": True, "shifts": True},
        headers=leader | {"Idempotency-Key": "dry"},
    )
    assert (dry.json["done"], dry.json["touched"]) == ([], [])
    carried = client.post(f"{here}/carry-over", json={}, headers=leader | {"Idempotency-Key": "c"})
    assert [len(carried.json[name]) for name in ("done", "same", "left")] == [0, 2, 0]
    off = {"reason": "停课", "scope": "all"}
    done = client.post(f"{here}/cancel", json=off, headers=leader | {"Idempotency-Key": "off"})
    assert (done.status_code, len(done.json["done"])) == (200, 3)
    held = client.get(here, headers=leader).json
    assert {row["event"]["state"] for row in held["events"]} == {"cancelled"}


def test_a_copy_and_what_a_rule_may_not_be(client, town) -> None:
    leader = town["leader"] | {"Idempotency-Key": "copy"}
    later = (town["at"] + timedelta(days=7)).isoformat()
    copied = client.post(f"{town['event']}/copy", json={"starts_at": later}, headers=leader)
    assert (copied.status_code, copied.json["state"]) == (201, "draft")
    bad = {"rule": "FREQ=DAILY;COUNT=9", "until": town["until"]}
    refused = client.post(f"{town['event']}/series/preview", json=bad, headers=town["leader"])
    assert (refused.status_code, refused.json["code"]) == (422, "invalid")
    assert "FREQ=WEEKLY;BYDAY=MO,WE" in str(refused.json)
    stranger = client.get(f"{town['event']}/series", headers=town["volunteer"])
    assert stranger.status_code == 404


def test_school_terms_are_entered_by_coordinators(client, town) -> None:
    term = {
        "area_id": town["area"],
        "name": "秋季学期",
        "starts_on": "2026-09-01",
        "ends_on": "2027-01-20",
    }
    by_leader = client.post(
        "/api/v1/school-terms", json=term, headers=town["leader"] | {"Idempotency-Key": "t"}
    )
    assert by_leader.status_code == 404
    office = town["coordinator"]
    made = client.post("/api/v1/school-terms", json=term, headers=office | {"Idempotency-Key": "t"})
    assert made.status_code == 201
    assert client.get("/api/v1/school-terms", headers=town["leader"]).json["items"] == [made.json]
    gone = client.delete(f"/api/v1/school-terms/{made.json['id']}", headers=office)
    assert gone.status_code == 204
    assert client.get("/api/v1/school-terms", headers=office).json["items"] == []
