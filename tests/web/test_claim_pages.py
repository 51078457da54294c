"""The claim from «my hours» to the leader's list, and by the API."""

from datetime import timedelta

import pytest

from tests import make
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
    made = client.post(path, data=form)
    assert made.status_code == 303
    assert "没有扫码，由本人补报" in client.get(made.location).get_data(as_text=True)
    leader = app.test_client()
    sign_in(leader, "limei")
    waiting = leader.get("/records/waiting").get_data(as_text=True)
    assert "王建国" in waiting
    # A second try leads to the record that is there.
    again = client.get(path)
    assert again.status_code == 409
    assert "已经补报过" in again.get_data(as_text=True)


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
