"""Event to records over the API, as an independent client would."""

from datetime import timedelta

from tests import make
from tests.signing import token_for
from volunteer_service import clock
from volunteer_service.db import transaction


def keyed(headers: dict[str, str], key: str) -> dict[str, str]:
    return headers | {"Idempotency-Key": key}


def test_an_event_from_draft_to_confirmed_records(app, client) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        leader, wang = token_for(cast.li_mei), token_for(cast.wang_account)
        stranger = token_for(cast.zhao_account)
        team_id, wang_id = cast.team.id, cast.wang.id
    start = clock.now() - timedelta(minutes=10)
    plan = {
        "team_id": team_id,
        "title": "护学",
        "content": "护送学生",
        "place": "东门",
        "starts_at": start.isoformat(),
        "ends_at": (start + timedelta(hours=2)).isoformat(),
    }

    def post(path: str, who: dict[str, str], status: int, **body):
        answer = client.post(f"/api/v1{path}", json=body, headers=keyed(who, path))
        assert answer.status_code == status, answer.json
        return answer.json

    event = post("/events", leader, 201, **plan)
    here = f"/events/{event['id']}"
    assert client.get(f"/api/v1{here}", headers=wang).status_code == 404
    post_id = post(f"{here}/posts", leader, 201, name="护学岗")["id"]
    times = {name: plan[name] for name in ("starts_at", "ends_at")}
    shift = post(f"{here}/shifts", leader, 201, post_id=post_id, capacity=2, **times)
    assert post(f"{here}/publish", leader, 200)["state"] == "published"

    seen = client.get(f"/api/v1{here}", headers=wang)
    assert seen.json["shifts"][0]["free"] == 2
    stale = client.put(
        f"/api/v1{here}", json=plan | {"team_id": 1}, headers=leader | {"If-Match": '"1"'}
    )
    assert stale.status_code == 422  # the team of an event does not change
    edit = {name: value for name, value in plan.items() if name != "team_id"}
    stale = client.put(f"/api/v1{here}", json=edit, headers=leader | {"If-Match": '"1"'})
    assert stale.status_code == 412
    fresh = leader | {"If-Match": seen.headers["ETag"]}
    assert client.put(f"/api/v1{here}", json=edit, headers=fresh).status_code == 200

    assert post("/sign-ups", wang, 201, shift_id=shift["id"])["state"] == "confirmed"
    assert client.get(f"/api/v1{here}/sign-ups", headers=stranger).status_code == 404
    assert client.get(f"/api/v1{here}/code", headers=wang).status_code == 404
    url = client.get(f"/api/v1{here}/code", headers=leader).json["url"]
    code = url.rpartition("/")[2]

    scanned = post("/check-ins", wang, 201, code=code, scan_id="scan-0001", kind="in")
    assert scanned["kind"] == "in"
    again = client.post(
        "/api/v1/check-ins",
        json={"code": code, "scan_id": "scan-0001", "kind": "in"},
        headers=keyed(wang, "another"),
    )
    assert (again.status_code, again.json) == (201, scanned)
    refused = client.post(
        "/api/v1/check-ins",
        json={"code": code, "scan_id": "scan-0002", "kind": "in"},
        headers=keyed(wang, "third"),
    )
    assert (refused.status_code, refused.json["code"]) == (422, "already_checked_in")

    roster = client.get(f"/api/v1{here}/attendances", headers=leader).json
    assert (roster["came"], roster["present"]) == (1, 1)
    assert roster["rows"][0]["volunteer_id"] == wang_id
    busy = client.post(f"/api/v1{here}/close", headers=keyed(leader, "early"))
    assert busy.json["code"] == "still_present"
    post(f"{here}/ticks", leader, 201, volunteer_id=wang_id, kind="out", scan_id="tick-0001")
    assert post(f"{here}/close", leader, 200)["refused"] == 1

    (record,) = client.get("/api/v1/records", headers=wang).json["items"]
    assert (record["state"], record["minutes"]) == ("refused", 0)
    told = client.get(f"/api/v1/records/{record['id']}", headers=wang).json
    assert [scan["outcome"] for scan in told["scans"]] == ["accepted", "refused", "accepted"]
    assert client.get(f"/api/v1/records/{record['id']}", headers=stranger).status_code == 404
    dispute = post(f"/records/{record['id']}/disputes", wang, 201, words="我一直在")
    assert client.get("/api/v1/disputes", headers=leader).json["items"] == [dispute]


def test_a_check_in_without_a_key_or_with_a_forged_code_is_refused(app, client) -> None:
    with app.app_context(), transaction():
        wang = token_for(make.cast().wang_account)
    body = {"code": "1pTEST0001aaaaaaaaaaaaaaaa", "scan_id": "scan-0001"}
    missing = client.post("/api/v1/check-ins", json=body, headers=wang)
    assert missing.json["code"] == "idempotency_key_missing"
    forged = client.post("/api/v1/check-ins", json=body, headers=keyed(wang, "k"))
    assert (forged.status_code, forged.json["code"]) == (422, "code_invalid")
