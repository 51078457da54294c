"""The pages of merging two teams: choose, look, merge, undo."""

from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make
from tests.signing import hidden, sign_in, token_for
from volunteer_service.db import transaction
from volunteer_service.teams import team_lists


@pytest.fixture
def teams(app: Flask) -> tuple[int, int]:
    """The two teams of the cast: the one to be merged, and the other."""
    with app.app_context(), transaction():
        cast = make.cast()
        return cast.team.id, cast.other_team.id


def state(app: Flask, team_id: int) -> str:
    with app.app_context(), transaction(write=False):
        return team_lists.standing(team_id).state


def test_from_choosing_to_undoing(app: Flask, teams: tuple[int, int], client: FlaskClient) -> None:
    team, other = teams
    sign_in(client, "zhoujing")
    page = f"/teams/{team}/merge"
    assert page in client.get(f"/teams/{team}").get_data(as_text=True)
    assert f"{page}?into_id={other}" in client.get(page).get_data(as_text=True)
    seen = client.get(f"{page}?into_id={other}").get_data(as_text=True)
    for words in ("2 人", "李梅", "以前各期评定"):
        assert words in seen, words
    form = {"into_id": other, **hidden(client, f"{page}?into_id={other}")}
    refused = client.post(page, data=form)
    assert (refused.status_code, state(app, team)) == (422, "active")
    done = client.post(page, data=form | {"merge_reason": "人少了"})
    assert (done.status_code, state(app, team)) == (303, "closed")
    where = done.headers["Location"]
    assert "渤海社区助老志愿服务队" in client.get(f"/teams/{team}").get_data(as_text=True)
    assert where in client.get(f"/teams/{other}").get_data(as_text=True)
    undone = client.post(f"{where}/undo", data={"reason": "弄错了", **hidden(client, where)})
    assert (undone.status_code, state(app, team)) == (303, "active")
    assert "这次合并已撤销" in client.get(where).get_data(as_text=True)


def test_a_team_that_cannot_be_chosen_says_why(teams: tuple[int, int], client: FlaskClient) -> None:
    team, _other = teams
    sign_in(client, "zhoujing")
    said = client.get(f"/teams/{team}/merge?into_id={team}").get_data(as_text=True)
    assert "这是同一支队伍" in said


def test_the_api_previews_merges_and_undoes(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        team, other = cast.team.id, cast.other_team.id
        mine, wang = token_for(cast.coordinator), token_for(cast.wang_account)
    merge = f"/api/v1/teams/{team}/merge"
    seen = client.get(merge, query_string={"into_id": other}, headers=mine).get_json()
    assert (seen["members"], seen["deputies"]) == (2, ["李梅"])
    assert client.get(merge, query_string={"into_id": other}, headers=wang).status_code == 404

    def post(path: str, **body: object) -> tuple[int, dict[str, object]]:
        headers = mine | {"Idempotency-Key": uuid4().hex}
        answer = client.post(path, json=body, headers=headers)
        return answer.status_code, answer.get_json()

    status, row = post(merge, into_id=other, reason="人少了")
    assert (status, row["state"]) == (201, "done")
    assert client.get(f"/api/v1/team-mergings/{row['id']}", headers=mine).get_json() == row
    team_now = client.get(f"/api/v1/teams/{team}", headers=mine).get_json()
    assert (team_now["state"], team_now["merged_into_id"]) == ("closed", other)
    assert post(f"/api/v1/team-mergings/{row['id']}/undo", reason="弄错了")[1]["state"] == "undone"
    status, again = post(f"/api/v1/team-mergings/{row['id']}/undo", reason="弄错了")
    assert (status, again["code"]) == (409, "team_merging_undone")
