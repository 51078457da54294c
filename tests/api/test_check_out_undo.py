"""A check-out over the API: what it is worth so far, and how it is taken back."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from tests import make
from tests.signing import token_for
from volunteer_service import clock
from volunteer_service.attendance.check_ins import event_codes
from volunteer_service.db import transaction


@pytest.fixture
def call(app, client):
    """Post to the API as one of the cast at an event that began an hour ago."""
    with app.app_context(), transaction():
        cast = make.cast()
        starts_at = clock.now() - timedelta(minutes=60)
        event = make.event(team=cast.team, leader=cast.li_mei, starts_at=starts_at)
        make.sign_up(event, cast.wang)
        who = {name: token_for(getattr(cast, name)) for name in ("li_mei", "wang_account")}
        facts = {"wang": cast.wang.id, "code": event_codes.token(event), "event": event.id}

    def post(name: str, path: str, status: int, **body):
        headers = who[name] | {"Idempotency-Key": uuid4().hex}
        path = path.format(**facts)
        answer = client.post(f"/api/v1{path}", json=body or None, headers=headers)
        assert answer.status_code == status, answer.json
        return answer.json

    post.facts = facts
    return post


def scan(call, kind: str) -> dict:
    body = {"code": call.facts["code"], "scan_id": uuid4().hex, "kind": kind}
    return call("wang_account", "/check-ins", 201, **body)


def test_a_check_out_says_its_worth_and_is_taken_back(call) -> None:
    assert scan(call, "in")["worth"] is None
    worth = scan(call, "out")["worth"]
    assert (worth["minutes"], worth["state"]) == (0, "nothing")
    assert worth["reasons"][0]["code"] == "presence_too_short"
    back = call("wang_account", "/events/{event}/stay", 200)
    assert (back["checked_out_at"], back["grade"]) == (None, "scanned")
    again = call("wang_account", "/events/{event}/stay", 422)
    assert again["code"] == "not_checked_out"
    scan(call, "out")
    taken = {"volunteer_id": call.facts["wang"]}
    back = call("li_mei", "/events/{event}/check-outs/take-back", 200, **taken)
    assert (back["checked_out_at"], back["grade"]) == (None, "leader")
    call("wang_account", "/events/{event}/check-outs/take-back", 404, **taken)


def test_a_tap_that_waited_counts_by_its_own_time(call) -> None:
    scan(call, "in")
    body = {"code": call.facts["code"], "scan_id": uuid4().hex, "kind": "out"}
    wrong = clock.now() - timedelta(days=30)
    times = {"tapped_at": (wrong - timedelta(days=2)).isoformat(), "sent_at": wrong.isoformat()}
    refused = call("wang_account", "/check-ins", 422, **body, **times)
    assert refused["code"] == "tap_time_refused"
    # A tick from before she came in, by our own clock, is no exit; seconds are the clocks' own.
    for waited, code in (
        (timedelta(minutes=2), "not_checked_in"),
        (timedelta(seconds=2), "already_checked_in"),
    ):
        tick = {"volunteer_id": call.facts["wang"], "kind": "out", "scan_id": uuid4().hex}
        times = {"tapped_at": wrong.isoformat(), "sent_at": (wrong + waited).isoformat()}
        refused = call("li_mei", "/events/{event}/ticks", 422, **tick, **times)
        assert refused["code"] == code


def test_a_check_in_that_waited_is_of_its_own_minute(call) -> None:
    wrong = clock.now() + timedelta(days=300)
    body = {"code": call.facts["code"], "scan_id": uuid4().hex, "kind": "in"}
    times = {
        "tapped_at": (wrong - timedelta(minutes=50)).isoformat(),
        "sent_at": wrong.isoformat(),
    }
    first = call("wang_account", "/check-ins", 201, **body, **times)
    entered = datetime.fromisoformat(first["at"])
    assert timedelta(minutes=50) <= clock.now() - entered < timedelta(minutes=55)
    again = call("wang_account", "/check-ins", 201, **body, **times)
    assert again["at"] == first["at"]


def test_several_fields_are_refused_at_once(app, client) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        headers, area_id = token_for(cast.coordinator), cast.community.id
    body = {"name": "王3", "phone": "12", "consent": True, "area_id": area_id}
    answer = client.post("/api/v1/volunteers", json=body, headers=headers)
    assert (answer.status_code, answer.json["code"]) == (422, "fields_refused")
    assert set(answer.json["errors"]["json"]) == {"name", "phone"}
