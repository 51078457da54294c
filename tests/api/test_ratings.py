"""The round over the API: the same verbs, codes and numbers instead of words."""

from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.make import acting, cast, volunteer
from tests.make_ratings import AFTER_NOTICE, may_be_named, record, result, round_at, still_running
from tests.signing import token_for
from volunteer_service import clock, settings
from volunteer_service.certificates import issuing
from volunteer_service.db import db, transaction
from volunteer_service.scoring.ratings.models import RoundResult
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.teams.models import Team


class Town:
    """Ids and tokens of a town whose round stands at a step."""

    def __init__(self, app: Flask, state: str) -> None:
        with app.app_context(), transaction():
            town = cast()
            rare = volunteer("𬱖建国", team=town.team)
            record(town.wang, town.team, 700)
            record(rare, town.team, 1410)
            record(town.zhao, town.other_team, 60)
            may_be_named(rare)
            self.area_id = town.town.id
            self.wang_id, self.rare_id = town.wang.id, rare.id
            self.coordinator = token_for(town.coordinator)
            self.second = token_for(town.second)
            self.admin = token_for(town.admin)
            self.wang = token_for(town.wang_account)
            self.zhao = token_for(town.zhao_account)
            self.round_id = 0
            if state:
                row = round_at(state, town)
                if state == "notice":
                    still_running(row)
                self.round_id = row.id
                if state != "open":
                    self.result_id = result(row, town.wang).id
                if state == "final":
                    by = acting(town.coordinator)
                    issuing.issue_round(row.id, by=by, at=AFTER_NOTICE)


def post(client: FlaskClient, path: str, who: dict[str, str], json=None):
    return client.post(f"/api/v1{path}", headers=who | {"Idempotency-Key": str(uuid4())}, json=json)


def get(client: FlaskClient, path: str, who: dict[str, str] | None = None, **query):
    return client.get(f"/api/v1{path}", headers=who or {}, query_string=query)


def test_a_round_from_open_to_notice(app: Flask, client: FlaskClient) -> None:
    town = Town(app, "")
    body = {"area_id": town.area_id, "half_year": "2026H1"}
    opened = post(client, "/rounds", town.coordinator, body)
    assert opened.status_code == 201, opened.json
    path = f"/rounds/{opened.json['id']}"
    for step, state in (("freeze", "frozen"), ("draft", "draft"), ("publish", "notice")):
        answer = post(client, f"{path}/{step}", town.coordinator)
        assert (answer.status_code, answer.json["state"]) == (200, state)
    refused = post(client, f"{path}/freeze", town.second)
    assert (refused.status_code, refused.json["code"]) == (409, "round_moved_on")
    closing = post(client, f"{path}/close", town.coordinator)
    assert (closing.status_code, closing.json["code"]) == (422, "notice_still_running")
    counts = get(client, f"{path}/distribution", town.coordinator).json
    assert counts == {"people": 3, "stars": [1, 1, 1, 0, 0, 0]}
    listed = get(client, "/rounds", town.coordinator, half_year="2026H1").json
    assert [each["id"] for each in listed["items"]] == [opened.json["id"]]
    assert get(client, "/rounds", town.wang).json["items"] == []


def test_the_same_key_steps_once(app: Flask, client: FlaskClient) -> None:
    town = Town(app, "open")
    headers = town.coordinator | {"Idempotency-Key": "k1"}
    path = f"/api/v1/rounds/{town.round_id}/freeze"
    first, again = client.post(path, headers=headers), client.post(path, headers=headers)
    assert (first.status_code, first.json) == (again.status_code, again.json)
    assert again.headers["Idempotency-Replayed"] == "true"


def test_results_are_paged_filtered_and_explained(app: Flask, client: FlaskClient) -> None:
    town = Town(app, "draft")
    path = f"/rounds/{town.round_id}/results"
    first = get(client, path, town.coordinator, limit=2).json
    assert [each["stars"] for each in first["items"]] == [2, 1]
    rest = get(client, path, town.coordinator, limit=2, cursor=first["next"]).json
    assert ([each["stars"] for each in rest["items"]], rest["next"]) == ([0], None)
    found = get(client, path, town.coordinator, stars=1).json["items"]
    assert [each["volunteer_id"] for each in found] == [town.wang_id]
    assert len(get(client, path, town.coordinator, name="𬱖").json["items"]) == 1
    said = get(client, f"/results/{town.result_id}", town.coordinator).json
    assert said["result"]["reasons"][1] == {
        "code": "next_star",
        "numbers": {"star": 2, "short_minutes": 500},
    }
    assert (said["facts"]["confirmed_minutes"], said["policy_version"]) == (700, 1)
    assert get(client, f"/results/{town.result_id}", town.wang).status_code == 404


def test_an_objection_is_opened_and_decided(app: Flask, client: FlaskClient) -> None:
    town = Town(app, "draft")
    # Published now, so that the notice runs whatever the day of the test.
    assert post(client, f"/rounds/{town.round_id}/publish", town.coordinator).status_code == 200
    path = f"/results/{town.result_id}/objections"
    assert post(client, path, town.zhao, {"words": "他不该有"}).status_code == 404
    opened = post(client, path, town.wang, {"words": "少算了"})
    assert (opened.status_code, opened.json["state"]) == (201, "open")
    assert post(client, path, town.wang, {"words": "少算了"}).json["code"] == "already_objected"
    decide = f"/objections/{opened.json['id']}/decide"
    body = {"upheld": True, "answer": "已补"}
    assert post(client, decide, town.coordinator, body).json["code"] == "nothing_corrected"
    typed = body | {"correction": {"confirmed_minutes": 1200}}
    assert post(client, decide, town.coordinator, typed).status_code == 422
    with app.app_context(), transaction():
        mine = db.session.get_one(RoundResult, town.result_id)
        team = db.session.scalars(db.select(Team).limit(1)).one()
        record(mine.volunteer, team, 500)
    weighed = get(client, f"/objections/{opened.json['id']}/weighed", town.coordinator).json
    assert (weighed["stars_before"], weighed["stars_after"], weighed["lowers"]) == (1, 2, False)
    assert weighed["after"]["confirmed_minutes"] == 1200
    assert post(client, decide, town.wang, body).status_code == 404
    decided = post(client, decide, town.coordinator, body)
    assert (decided.status_code, decided.json["state"]) == (200, "upheld")
    assert decided.json["facts_before"]["confirmed_minutes"] == 700
    said = get(client, f"/results/{town.result_id}", town.wang).json
    assert (said["result"]["stars"], said["facts"]["confirmed_minutes"]) == (2, 1200)
    assert said["frozen"]["confirmed_minutes"] == 700
    listed = get(client, f"/rounds/{town.round_id}/objections", town.coordinator).json
    assert [each["answer"] for each in listed["items"]] == ["已补"]
    back = decide.replace("decide", "withdraw-decision")
    assert post(client, back, town.wang, {"reason": "错"}).status_code == 404
    assert post(client, back, town.coordinator, {"reason": "错"}).json["state"] == "open"


def test_a_round_is_withdrawn_before_its_notice(app: Flask, client: FlaskClient) -> None:
    town = Town(app, "draft")
    path = f"/rounds/{town.round_id}/withdraw"
    assert post(client, path, town.wang, {"reason": "错"}).status_code == 404
    gone = post(client, path, town.coordinator, {"reason": "选错了区域"}).json
    assert (gone["state"], gone["withdrawn_reason"]) == ("withdrawn", "选错了区域")
    assert get(client, "/rounds", town.coordinator, state="withdrawn").json["items"] == [gone]


def test_the_notice_is_public_and_masked(app: Flask, client: FlaskClient) -> None:
    town = Town(app, "notice")
    found = get(client, f"/rounds/{town.round_id}/notice").json
    assert found["levels"] == [{"stars": 2, "names": ["𬱖*国"]}]
    assert (found["named"], found["unnamed"], found["counts"][0]) == (1, 1, 1)
    assert get(client, f"/rounds/{town.round_id}/notice", after="9-x").status_code == 404


@pytest.mark.parametrize("state", ["open", "draft"])
def test_no_notice_before_it_is_published(app: Flask, client: FlaskClient, state: str) -> None:
    town = Town(app, state)
    assert get(client, f"/rounds/{town.round_id}/notice").status_code == 404


def test_replay_supplement_and_policies(app: Flask, client: FlaskClient) -> None:
    town = Town(app, "final")
    found = get(client, f"/rounds/{town.round_id}/replay", town.coordinator).json
    assert (found["equal"], found["people"], found["differences"]) == (True, 3, [])
    body = {"volunteer_ids": [town.wang_id], "reason": "补录"}
    extra = post(client, f"/rounds/{town.round_id}/supplements", town.coordinator, body)
    assert (extra.status_code, extra.json["supplement"]) == (201, 1)
    active = get(client, "/policies/active", town.coordinator).json
    assert (active["version"], active["format"], active["numbers"]["adjust_days"]) == (1, 1, 30)
    change = {"changes": {"notice_working_days": 7}, "reason": "试行", "expected": 1}
    added = post(client, "/policies", town.admin, change).json
    assert (added["version"], added["format"]) == (2, 10)
    with app.app_context():
        running = str(HalfYear.of(settings.local_day(clock.now())))
    assert (added["state"], added["half_year"]) == ("proposed", running)
    alone = post(client, "/policies/2/activate", town.admin)
    assert (alone.status_code, alone.json["code"]) == (403, "second_person_needed")
    done = post(client, "/policies/2/refuse", town.admin, {"answer": "先不试"}).json
    assert (done["state"], done["answer"]) == ("refused", "先不试")
    assert post(client, "/policies/2/refuse", town.admin, {"answer": "再"}).status_code == 409
    stale = change | {"expected": 7}
    assert post(client, "/policies", town.admin, stale).status_code == 409
    for other in (town.wang, town.coordinator):
        refused = post(client, "/policies", other, change)
        assert (refused.status_code, refused.json["code"]) == (403, "for_the_whole_service")
    wrong = {"changes": {"star_minutes": [1]}, "reason": "错"}
    assert post(client, "/policies", town.admin, wrong).json["field"] == "star_minutes"
    assert len(get(client, "/policies", town.coordinator).json["items"]) == 2


def test_a_corrected_working_day(app: Flask, client: FlaskClient) -> None:
    town = Town(app, "notice")
    body = {"day": "2026-07-03", "working": False, "reason": "台风停工"}
    assert post(client, "/working-day-corrections", town.admin, body).status_code == 201
    assert get(client, f"/rounds/{town.round_id}", town.coordinator).json["notice_ends_on"] == (
        "2026-07-09"
    )
    again = post(client, "/working-day-corrections", town.admin, body)
    assert again.json["code"] == "working_day_unchanged"


def test_certificates_over_the_api(app: Flask, client: FlaskClient) -> None:
    town = Town(app, "final")
    again = post(client, f"/rounds/{town.round_id}/certificates", town.coordinator)
    assert again.json == {"issued": 0}
    mine = get(client, "/certificates", town.wang).json["items"]
    assert [each["words"]["name"] for each in mine] == ["王建国"]
    number = mine[0]["number"]
    assert get(client, f"/certificates/{number}/png", town.wang).data.startswith(b"\x89PNG")
    assert get(client, f"/certificates/{number}/pdf", town.wang).data.startswith(b"%PDF")
    assert get(client, f"/certificates/{number}/pdf", town.zhao).status_code == 404
    token = mine[0]["verify_url"].rsplit("/", 1)[1]
    told = get(client, f"/certificates/verify/{token}").json
    assert (told["state"], told["masked_name"]) == ("valid", "王*国")
    assert get(client, "/certificates/verify/nonsense").json["state"] == "unknown"
    path = f"/certificates/{number}/revoke"
    assert post(client, path, town.wang, {"reason": "x"}).status_code == 404
    assert post(client, path, town.coordinator, {"reason": "姓名有误"}).status_code == 200
    assert get(client, f"/certificates/verify/{token}").json["state"] == "revoked"
    assert get(client, f"/certificates/{number}/png", town.wang).status_code == 409
    new = post(client, "/certificates", town.coordinator, {"result_id": mine[0]["result_id"]})
    assert (new.status_code, new.json["issue"]) == (201, 2)
    service = {
        "volunteer_id": town.wang_id,
        "begins_on": "2026-01-01",
        "ends_on": "2026-06-30",
    }
    assert post(client, "/certificates/service", town.wang, service).json["words"]["minutes"] == 700
    assert post(client, "/certificates/service", town.zhao, service).status_code == 404
