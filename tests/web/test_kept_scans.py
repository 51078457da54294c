"""The batch of kept scans as a leader's phone sends it: JSON in, an answer a scan out."""

from datetime import timedelta

import pytest

from tests.signing import hidden, sign_in
from tests.web.test_scanner_pages import card_url, town
from volunteer_service import clock
from volunteer_service.attendance.check_ins.scanner import MOST_KEPT

__all__ = ["town"]


def send(client, town, batch, *, off=timedelta(), **body):
    path = f"/e/{town['event']}/scanner"
    token = hidden(client, path)["csrf_token"]
    sent = clock.now() + off
    given = {"sent_at": sent.isoformat(), "scans": batch} | body
    return client.post(f"{path}/kept", json=given, headers={"X-CSRFToken": token})


def one(text, n=0, ago=timedelta(minutes=5), off=timedelta()):
    tapped = clock.now() + off - ago
    return {"scan_id": f"kept-scan-{n}", "text": text, "tapped_at": tapped.isoformat()}


def test_each_scan_is_answered_and_the_others_go_on(client, town) -> None:
    sign_in(client, "limei")
    url = card_url(client, town)
    answer = send(client, town, [one("nobody-s-card", 1), one(url, 2), one(url, 3)])
    assert answer.status_code == 200
    told = answer.get_json()
    assert [each["state"] for each in told["scans"]] == ["refused", "in", "again"]
    assert (told["present"], told["skew"]) == (1, None)
    assert told["scans"][1] == {"scan_id": "kept-scan-2", "state": "in", "said": "王*国"}
    assert "已经签到" in told["scans"][2]["said"]


def test_a_wrong_clock_is_told(client, town) -> None:
    sign_in(client, "limei")
    off = timedelta(minutes=-9)
    told = send(client, town, [one(card_url(client, town), off=off)], off=off).get_json()
    assert told["scans"][0]["state"] == "in"
    assert -545 <= told["skew"] <= -535


@pytest.mark.parametrize(
    "body",
    [
        {"scans": []},
        {"scans": [{"scan_id": "kept-scan-1", "text": "x"}]},
        {"scans": "x"},
        {"sent_at": "yesterday"},
        {"scans": [{"scan_id": "?", "text": "x", "tapped_at": "2026-05-16T00:00:00Z"}]},
    ],
)
def test_what_is_no_batch_is_refused_whole(client, town, body) -> None:
    sign_in(client, "limei")
    answer = send(client, town, [one("x")], **body)
    assert answer.status_code == 422
    assert set(answer.get_json()["errors"]) == {*body}


def test_a_batch_has_a_most(client, town) -> None:
    sign_in(client, "limei")
    answer = send(client, town, [one("x", n) for n in range(MOST_KEPT + 1)])
    assert (answer.status_code, set(answer.get_json()["errors"])) == (422, {"scans"})


def test_a_body_that_is_no_object_is_refused(client, town) -> None:
    sign_in(client, "limei")
    path = f"/e/{town['event']}/scanner"
    headers = {"X-CSRFToken": hidden(client, path)["csrf_token"]}
    assert client.post(f"{path}/kept", json=[1], headers=headers).status_code == 422
    assert client.post(f"{path}/kept", json={}, headers=headers).status_code == 422
