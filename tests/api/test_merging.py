"""Merging over the API: compared, merged, decided, undone."""

from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient

from tests import make
from tests.make_merging import served
from tests.signing import token_for
from volunteer_service.db import transaction

PHONE = "17000009999"


def test_compared_merged_and_undone(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        kept = make.volunteer("张伟", team=cast.team, phone=PHONE)
        other = make.volunteer("张伟", team=cast.team, phone=PHONE)
        served(other, cast, minutes=60)
        ids = {"kept_id": kept.id, "merged_id": other.id}
        mine = token_for(cast.coordinator)
        wang = token_for(cast.wang_account)
    seen = client.get("/api/v1/mergings/preview", query_string=ids, headers=mine).get_json()
    assert (seen["merged"]["minutes"], seen["second"], seen["in_the_way"]) == (60, [], [])
    assert PHONE not in str(seen)
    assert client.get("/api/v1/mergings/preview", query_string=ids, headers=wang).status_code == 404

    def post(path: str, **body: object) -> tuple[int, dict[str, object]]:
        headers = mine | {"Idempotency-Key": uuid4().hex}
        answer = client.post(f"/api/v1/mergings{path}", json=body, headers=headers)
        return answer.status_code, answer.get_json()

    code, row = post("", **ids, reason="登记了两次")
    assert (code, row["state"], row["minutes"]) == (201, "done", 60)
    assert client.get(f"/api/v1/mergings/{row['id']}", headers=mine).get_json() == row
    code, said = post("", **ids, reason="再来一次")
    assert (code, said["code"]) == (409, "entry_merged")
    code, undone = post(f"/{row['id']}/undo", reason="是两个人")
    assert (code, undone["state"], undone["undo_reason"]) == (200, "undone", "是两个人")


def test_a_second_person_decides(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        kept = make.volunteer("张伟", team=cast.team, phone=PHONE)
        other = make.volunteer("张炜", team=cast.team, phone=PHONE)
        body = {"kept_id": kept.id, "merged_id": other.id, "reason": "重名", "taken": ["name"]}
        first, second = token_for(cast.coordinator), token_for(cast.second)
    key = {"Idempotency-Key": uuid4().hex}
    row = client.post("/api/v1/mergings", json=body, headers=first | key).get_json()
    assert (row["state"], row["taken"]) == ("waiting", ["name"])
    waiting = client.get("/api/v1/mergings", headers=second).get_json()["items"]
    assert [each["id"] for each in waiting] == [row["id"]]
    path, yes = f"/api/v1/mergings/{row['id']}/decide", {"approve": True}
    answers = [
        client.post(path, json=yes, headers=who | {"Idempotency-Key": uuid4().hex})
        for who in (first, second)
    ]
    assert [answer.status_code for answer in answers] == [403, 200]
    assert answers[1].get_json()["state"] == "done"
