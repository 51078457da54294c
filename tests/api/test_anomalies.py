"""The anomaly desk over the API: read, and answered once with a reason."""

from tests import make, make_ratings
from tests.signing import token_for
from volunteer_service.db import transaction


def test_an_anomaly_is_read_and_answered_once(app, client) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        id_ = make_ratings.odd_week(cast)
        leader, coordinator = token_for(cast.li_mei), token_for(cast.coordinator)
        wang = cast.wang.id
    path = f"/api/v1/anomalies/{id_}"
    found = client.get(path, headers=leader).get_json()
    assert (found["kind"], found["state"], found["people"]) == ("week_hours", "open", [wang])

    def answer(headers, key, **body):
        headers = headers | {"Idempotency-Key": key}
        said = {"accept": True, "reason": "连着三天的活动"} | body
        return client.post(f"{path}/decide", headers=headers, json=said)

    assert answer(leader, "a leader").status_code == 403
    assert answer(coordinator, "nothing said", reason=" ").status_code == 422
    done = answer(coordinator, "accepted")
    assert (done.status_code, done.get_json()["state"]) == (200, "accepted")
    again = answer(coordinator, "once more", accept=False)
    assert (again.status_code, again.get_json()["code"]) == (409, "anomaly_decided")
