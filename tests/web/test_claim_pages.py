"""The claim from «my hours» to the leader's list, and by the API."""

import re
from datetime import timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest

from tests import make
from tests.paper import hostile_scans as made
from tests.signing import hidden, sign_in, token_for
from volunteer_service import clock
from volunteer_service.attendance import closing
from volunteer_service.db import transaction


@pytest.fixture
def missed(app) -> dict[str, object]:
    with app.app_context(), transaction():
        cast = make.cast()
        begins = clock.now().replace(second=0, microsecond=0) - timedelta(hours=3)
        event = make.event(team=cast.team, leader=cast.li_mei, starts_at=begins)
        make.sign_up(event, cast.wang)
        closing.close(event.id, by=make.acting(cast.li_mei), at=begins + timedelta(minutes=121))
        return {
            "shift": event.shifts[0].id,
            "event": event.id,
            "begins": begins,
            "headers": token_for(cast.wang_account),
        }


def test_from_my_hours_to_the_leader_s_tick(app, client, missed) -> None:
    sign_in(client, "wang")
    path = f"/shifts/{missed['shift']}/claim"
    assert path in client.get("/my/records").get_data(as_text=True)
    assert path in client.get(f"/e/{missed['event']}").get_data(as_text=True)
    form = hidden(client, path) | {"words": "   "}
    refused = client.post(path, data=form)
    assert refused.status_code == 422
    page = client.get(path).get_data(as_text=True)
    begins = page.split('name="starts_at"')[1].split('value="')[1].split('"')[0]
    ends = page.split('name="ends_at"')[1].split('value="')[1].split('"')[0]
    form = hidden(client, path) | {"starts_at": begins, "ends_at": ends, "words": "手机没电"}
    sent = client.post(path, data=form)
    assert sent.status_code == 303
    assert "没有扫码，由本人补报" in client.get(sent.location).get_data(as_text=True)
    leader = app.test_client()
    sign_in(leader, "limei")
    waiting = leader.get("/records/waiting").get_data(as_text=True)
    assert "王建国" in waiting
    # A second try leads to the record that is there.
    again = client.get(path)
    assert again.status_code == 409
    assert "已经补报过" in again.get_data(as_text=True)


def test_with_a_photo_from_the_form_to_the_leader_s_page(app, client, missed) -> None:
    sign_in(client, "wang")
    path = f"/shifts/{missed['shift']}/claim"
    begins = missed["begins"].astimezone(ZoneInfo("Asia/Shanghai"))
    times = {
        name: (begins + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M")
        for name, minutes in (("starts_at", 0), ("ends_at", 120))
    }
    words = times | {"words": "站在东门"}
    broken = hidden(client, path) | words | {"photo": (BytesIO(b"no picture"), "a.jpg")}
    refused = client.post(path, data=broken, content_type="multipart/form-data")
    assert refused.status_code == 422
    assert "站在东门" in refused.text
    form = hidden(client, path) | words | {"photo": (BytesIO(made.photo()), "a.jpg")}
    done = client.post(path, data=form, content_type="multipart/form-data")
    assert done.status_code == 303
    more = hidden(client, done.location) | {"photo": (BytesIO(made.photo((800, 600))), "b.jpg")}
    added = f"{done.location}/claim-photos"
    assert client.post(added, data=more, content_type="multipart/form-data").status_code == 303
    leader = app.test_client()
    sign_in(leader, "limei")
    page = leader.get(done.location).text
    pictures = re.findall(r'<img src="(/records/claim-photos/[^"]+)"', page)
    assert len(pictures) == 2
    assert "加照片" not in page
    assert leader.get(pictures[0]).data[:3] == b"\xff\xd8\xff"
    stranger = app.test_client()
    sign_in(stranger, "zhao")
    assert stranger.get(pictures[0]).status_code == 404


def test_the_api_adds_a_photo_to_a_claim(client, missed) -> None:
    begins = missed["begins"]
    body = {
        "starts_at": begins.isoformat(),
        "ends_at": (begins + timedelta(minutes=120)).isoformat(),
        "words": "站在东门",
    }
    headers = missed["headers"]
    path = f"/api/v1/shifts/{missed['shift']}/claim"
    record = client.post(path, json=body, headers=headers | {"Idempotency-Key": "claim-photo-1"})
    here = f"/api/v1/records/{record.json['id']}/claim-photos"
    form = {"photo": (BytesIO(made.photo()), "a.jpg")}
    done = client.post(here, data=form, headers=headers, content_type="multipart/form-data")
    assert done.status_code == 201
    (row,) = client.get(here, headers=headers).json
    answer = client.get(f"/api/v1/claim-photos/{row['id']}", headers=headers)
    assert (answer.mimetype, answer.data[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    form = {"photo": (BytesIO(b"%PDF-1.4 nothing"), "a.jpg")}
    said = client.post(here, data=form, headers=headers, content_type="multipart/form-data")
    assert (said.status_code, said.json["code"]) == (422, "paper_broken")


def test_the_api_claims_and_takes_back(client, missed) -> None:
    begins = missed["begins"]
    body = {
        "starts_at": begins.isoformat(),
        "ends_at": (begins + timedelta(minutes=120)).isoformat(),
        "words": "手机没电",
    }
    url = f"/api/v1/shifts/{missed['shift']}/claim"
    headers = missed["headers"] | {"Idempotency-Key": "claim-once-0001"}
    made = client.post(url, json=body, headers=headers)
    assert (made.status_code, made.json["state"], made.json["source_type"]) == (
        201,
        "waiting",
        "claim",
    )
    back = client.post(
        f"/api/v1/records/{made.json['id']}/take-back-claim",
        headers=headers | {"Idempotency-Key": "claim-back-0001"},
    )
    assert (back.status_code, back.json["state"]) == (200, "withdrawn")
