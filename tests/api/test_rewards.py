"""Orders over the API: keys make retries safe, strangers see nothing, edits need a version."""

from datetime import timedelta

import pytest

from tests import make, signing
from tests.limiting import limited
from tests.make_points import FOR_EVER, earned, gift
from volunteer_service import clock
from volunteer_service.crypto import token_hash
from volunteer_service.db import db, transaction
from volunteer_service.people.models import Token
from volunteer_service.scoring.points import doctor
from volunteer_service.scoring.rewards import doctor as rewards_doctor


class Caller:
    """An API client with the token of one of the cast."""

    def __init__(self, client, token):
        self.client = client
        self.token = token
        self.keys = 0

    def call(self, method, path, body=None, *, key=None, status=None, **headers):
        self.keys += 1
        headers |= {
            "Authorization": f"Bearer {self.token}",
            "Idempotency-Key": key or f"{self.token}-{self.keys}",
        }
        answer = self.client.open(f"/api/v1{path}", method=method, json=body, headers=headers)
        assert status is None or answer.status_code == status, answer.text
        return answer


@pytest.fixture
def town(app):
    with app.app_context():
        with transaction():
            cast = make.cast()
            found = {
                "cup": gift(cast).id,
                "town": cast.town.id,
                "wang": cast.wang.id,
                "zhao": cast.zhao.id,
            }
            earned(cast.wang, expires_on=FOR_EVER)
            for name in ("wang_account", "zhao_account", "desk", "second", "coordinator"):
                scopes = ["read", "write"] + (["desk"] if name in {"desk", "second"} else [])
                db.session.add(
                    Token(
                        account_id=getattr(cast, name).id,
                        name=name,
                        token_hash=token_hash(name),
                        scopes=scopes,
                        created_at=clock.now(),
                        expires_at=clock.now() + timedelta(days=1),
                    )
                )
        db.session.remove()
    yield found
    with app.app_context(), transaction(write=False):
        assert doctor.doctor() == []
        assert rewards_doctor.doctor() == []


@pytest.fixture
def as_(client):
    return lambda name: Caller(client, name)


def test_from_order_to_hand_over(town, as_):
    wang, desk = as_("wang_account"), as_("desk")
    made = wang.call("POST", "/redemptions", {"gift_id": town["cup"]}, status=201).json
    assert (made["state"], made["points_centi"], made["gift_name"]) == ("ordered", 300, "保温杯")
    assert made["lapses_at"].endswith("+08:00")
    standing = wang.call("GET", f"/points/{town['wang']}", status=200).json
    assert (standing["available_centi"], standing["held_centi"]) == (700, 300)
    found = desk.call("GET", f"/redemptions?code={made['code'].replace('=', '%3D')}", status=200)
    assert [row["id"] for row in found.json["items"]] == [made["id"]]
    path = f"/redemptions/{made['id']}/hand-over"
    given = desk.call("POST", path, {"proxy_name": "赵芳"}, status=200).json
    assert (given["state"], given["proxy_name"]) == ("handed_over", "赵芳")
    assert desk.call("POST", path, {}, status=409).json["code"] == "already_handed_over"
    lines = wang.call("GET", f"/points/{town['wang']}/statement", status=200).json["items"]
    assert [(line["amount_centi"], line["balance_centi"]) for line in lines] == [
        (-300, 700),
        (1000, 1000),
    ]


def test_the_same_key_gives_the_same_answer_and_one_order(town, as_):
    wang = as_("wang_account")
    body = {"gift_id": town["cup"], "quantity": 2}
    first = wang.call("POST", "/redemptions", body, key="k1", status=201)
    again = wang.call("POST", "/redemptions", body, key="k1", status=201)
    assert first.json == again.json
    assert again.headers["Idempotency-Replayed"] == "true"
    other = wang.call("POST", "/redemptions", {"gift_id": town["cup"]}, key="k1", status=422)
    assert other.json["code"] == "idempotency_key_reused"
    assert len(wang.call("GET", "/redemptions", status=200).json["items"]) == 1


def test_a_refusal_is_replayed_too(town, as_):
    zhao = as_("zhao_account")
    body = {"gift_id": town["cup"]}
    for _ in range(2):
        answer = zhao.call("POST", "/redemptions", body, key="k2", status=422)
        assert answer.json["code"] == "not_enough_points"
        assert answer.mimetype == "application/problem+json"


def test_strangers_see_nothing(town, as_):
    made = as_("wang_account").call("POST", "/redemptions", {"gift_id": town["cup"]}).json
    zhao = as_("zhao_account")
    zhao.call("GET", f"/redemptions/{made['id']}", status=404)
    zhao.call("POST", f"/redemptions/{made['id']}/cancellation", status=404)
    zhao.call("GET", f"/points/{town['wang']}", status=404)
    zhao.call("GET", f"/points/{town['wang']}/statement", status=404)
    zhao.call("GET", f"/redemptions?code={made['code'].replace('=', '%3D')}", status=404)
    zhao.call("POST", f"/redemptions/{made['id']}/hand-over", {}, status=403)
    body = {"gift_id": town["cup"], "volunteer_id": town["wang"]}
    zhao.call("POST", "/redemptions", body, status=404)


def test_cancelled_and_returned(town, as_):
    wang, desk, second = as_("wang_account"), as_("desk"), as_("second")
    made = wang.call("POST", "/redemptions", {"gift_id": town["cup"]}).json
    path = f"/redemptions/{made['id']}"
    assert wang.call("POST", f"{path}/cancellation", status=200).json["state"] == "cancelled"
    made = desk.call(
        "POST", "/redemptions", {"gift_id": town["cup"], "volunteer_id": town["wang"]}, status=201
    ).json
    path = f"/redemptions/{made['id']}"
    desk.call("POST", f"{path}/hand-over", {}, status=200)
    refused = desk.call("POST", f"{path}/return", {"reason": "拿错了"}, status=403)
    assert refused.json["code"] == "second_person_needed"
    back = second.call("POST", f"{path}/return", {"reason": "拿错了"}, status=200)
    assert back.json["state"] == "returned"


def test_gifts_are_edited_with_the_version_that_was_read(town, as_):
    desk = as_("desk")
    shape = {"name": "保温杯", "price_centi": 500}
    path = f"/gifts/{town['cup']}"
    desk.call("PUT", path, shape, status=428)
    tag = desk.call("GET", path, status=200).headers["ETag"]
    edited = desk.call("PUT", path, shape, status=200, **{"If-Match": tag})
    assert edited.headers["ETag"] != tag
    desk.call("PUT", path, shape, status=412, **{"If-Match": tag})
    desk.call("PUT", path, shape | {"colour": "red"}, status=422, **{"If-Match": tag})
    as_("wang_account").call("PUT", path, shape, status=403)


def test_stock_and_the_day(town, as_):
    desk = as_("desk")
    made = desk.call(
        "POST", "/gifts", {"area_id": town["town"], "name": "雨伞", "price_centi": 800}, status=201
    ).json
    path = f"/gifts/{made['id']}/stock-moves"
    desk.call("POST", path, {"kind": "receive", "quantity": 20}, status=201)
    desk.call("POST", path, {"kind": "write_off", "quantity": 1}, status=422)
    body = {"kind": "write_off", "quantity": 1, "reason": "破损"}
    assert desk.call("POST", path, body, status=201).json["stock"] == 19
    running = desk.call("GET", f"/day-sheets/running?area_id={town['town']}", status=200).json
    counts = [{"gift_id": line["gift_id"], "counted": line["closing"]} for line in running]
    body = {"area_id": town["town"], "counts": counts}
    sheet = desk.call("POST", "/day-sheets", body, status=201).json
    assert [line["difference"] for line in sheet["lines"]] == [0, 0]
    assert desk.call("GET", f"/day-sheets/{sheet['id']}", status=200).json == sheet
    again = desk.call("POST", "/day-sheets", body, status=409)
    assert again.json["code"] == "day_closed"


def test_adjusted_reversed_and_outstanding(town, as_):
    coordinator, second = as_("coordinator"), as_("second")
    path = f"/points/{town['wang']}/adjustments"
    made = coordinator.call("POST", path, {"amount_centi": 8000, "reason": "补发"}, status=201)
    assert made.json["state"] == "waiting"
    decision = f"/points/adjustments/{made.json['id']}/decision"
    coordinator.call("POST", decision, {"approve": True}, status=403)
    assert second.call("POST", decision, {"approve": True}, status=200).json["state"] == "done"
    second.call("POST", decision, {"approve": True}, status=409)
    line = coordinator.call("GET", f"/points/{town['wang']}/statement").json["items"][-1]
    reversal = f"/points/transfers/{line['id']}/reversal"
    effect = {"taken_centi": 1000, "debt_centi": 0}
    assert coordinator.call("GET", reversal, status=200).json == effect
    body = {"reason": "记录有误"}
    assert coordinator.call("POST", reversal, body, status=201).json == effect
    assert coordinator.call("POST", reversal, body, status=409).json["code"] == "already_reversed"
    (row,) = coordinator.call("GET", "/points/outstanding", status=200).json
    assert (row["centi"], row["members"]) == (8000, 1)
    as_("wang_account").call("POST", path, {"amount_centi": 1, "reason": "x"}, status=404)


@pytest.mark.parametrize("number", [0, 2**63, 2**80])
def test_absurd_numbers_are_not_found(town, as_, number):
    desk = as_("desk")
    for path in (f"/points/{number}", f"/gifts/{number}", f"/redemptions/{number}"):
        desk.call("GET", path, status=404)
    desk.call("POST", "/redemptions", {"gift_id": number}, status=422)
    desk.call("GET", f"/points/transfers/{number}/reversal", status=404)


def test_guessing_codes_ends_after_20_misses_a_minute_at_either_door(town, app):
    with limited(app) as client:
        wang, desk = Caller(client, "wang_account"), Caller(client, "desk")
        made = wang.call("POST", "/redemptions", {"gift_id": town["cup"]}, status=201).json
        right, wrong = made["code"].replace("=", "%3D"), "0000-0000-0"
        for _ in range(25):
            desk.call("GET", f"/redemptions?code={right}", status=200)
        signing.sign_in(client, "sunli")
        for _ in range(10):
            desk.call("GET", f"/redemptions?code={wrong}", status=404)
            assert client.get(f"/desk?q={wrong}").status_code == 404
        desk.call("GET", f"/redemptions?code={right}", status=429)
        assert client.get(f"/desk?q={right}").status_code == 429
        # Another account of the same address is not held up.
        Caller(client, "second").call("GET", f"/redemptions?code={wrong}", status=404)
