"""Complaints over the API: told, answered, decided by a third person."""

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make
from tests.signing import token_for
from volunteer_service import clock
from volunteer_service.db import transaction

Headers = dict[str, str]


@pytest.fixture
def town(app: Flask) -> dict[str, Any]:
    with app.app_context(), transaction():
        cast = make.cast()
        return {
            "of": cast.wang.id,
            "elder": make.volunteer("陈桂英", team=cast.team).id,
            "coordinator": token_for(cast.coordinator),
            "second": token_for(cast.second),
            "wang": token_for(cast.wang_account),
            "zhao": token_for(cast.zhao_account),
        }


def post(client: FlaskClient, path: str, who: Headers, **json: Any) -> Any:
    headers = who | {"Idempotency-Key": str(uuid4())}
    return client.post(f"/api/v1/complaints{path}", headers=headers, json=json)


def complained(client: FlaskClient, town: dict[str, Any], of: int) -> Any:
    day = clock.now().date().isoformat()
    answer = post(client, "", town["coordinator"], volunteer_id=of, happened_on=day, words="迟到")
    assert answer.status_code == 201, answer.json
    return answer.json


def test_the_accused_reads_replies_and_a_third_one_decides(
    client: FlaskClient, town: dict[str, Any]
) -> None:
    row = complained(client, town, town["of"])
    assert row["told_at"] is not None
    mine = client.get("/api/v1/complaints", headers=town["wang"]).json["items"]
    assert [each["words"] for each in mine] == ["迟到"]
    assert "written_by_id" not in mine[0]
    here = f"/{row['id']}"
    early = post(client, f"{here}/decide", town["second"], upheld=True)
    assert (early.status_code, early.json["code"]) == (409, "accused_not_heard")
    assert row["reply_until"] in early.json["detail"]
    assert post(client, f"{here}/reply", town["zhao"], words="x").status_code == 404
    said = post(client, f"{here}/reply", town["wang"], words="堵车")
    assert (said.status_code, said.json["is_answered"]) == (200, True)
    own = post(client, f"{here}/decide", town["coordinator"], upheld=True)
    assert (own.status_code, own.json["code"]) == (403, "second_person_needed")
    done = post(client, f"{here}/decide", town["second"], upheld=False)
    assert (done.status_code, done.json["state"]) == (200, "dismissed")
    kinds = [
        each["kind"] for each in client.get("/api/v1/messages", headers=town["wang"]).json["items"]
    ]
    assert kinds == ["complaint_decided", "complaint_raised"]


def test_who_has_no_account_is_told_and_heard_in_person(
    client: FlaskClient, town: dict[str, Any]
) -> None:
    row = complained(client, town, town["elder"])
    here = f"/{row['id']}"
    assert (row["told_at"], row["reply_until"]) == (None, None)
    not_told = post(client, f"{here}/decide", town["second"], upheld=True)
    assert (not_told.status_code, not_told.json["code"]) == (409, "accused_not_told")
    early = post(client, f"{here}/noted-reply", town["coordinator"], words="说是堵车")
    assert early.json["code"] == "accused_not_told"
    assert post(client, f"{here}/told", town["coordinator"]).status_code == 200
    again = post(client, f"{here}/told", town["coordinator"])
    assert (again.status_code, again.json["code"]) == (409, "already_told")
    noted = post(client, f"{here}/noted-reply", town["coordinator"], words="说是堵车")
    assert (noted.json["reply"], noted.json["is_answered"]) == ("说是堵车", False)
    early = post(client, f"{here}/decide", town["second"], upheld=True)
    assert early.json["code"] == "accused_not_heard"


def test_staff_read_them_by_person_and_strangers_none(
    client: FlaskClient, town: dict[str, Any]
) -> None:
    complained(client, town, town["of"])
    path = f"/api/v1/complaints?volunteer_id={town['of']}"
    assert len(client.get(path, headers=town["second"]).json["items"]) == 1
    assert client.get(path, headers=town["zhao"]).status_code == 404
    assert client.get("/api/v1/complaints", headers=town["second"]).status_code == 404
