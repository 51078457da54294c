"""What a form answers: shown again where the person can mend it, a page where it is not theirs."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import filling, make_doors
from tests.make_doors import Things
from tests.signing import hidden, sign_in
from volunteer_service.db import transaction


@pytest.fixture
def town(app: Flask) -> Things:
    """One of everything."""
    with app.app_context(), transaction():
        return make_doors.things()[1]


def backfill(client: FlaskClient, town: Things, **fields: str) -> tuple[int, str]:
    """Hand the backfill form in."""
    form = filling.form_of("/records/backfill", filling.body(town))
    sent = form | {"starts_at": "2026-05-01T09:00", "ends_at": "2026-05-01T10:00"} | fields
    answer = client.post("/records/backfill", data=sent | hidden(client, "/records/backfill"))
    return answer.status_code, answer.get_data(as_text=True)


def test_a_team_of_others_is_a_page_of_404(client: FlaskClient, town: Things) -> None:
    sign_in(client, "otherlead")
    status, page = backfill(client, town, number="0000000001X")
    assert status == 422
    assert "没有这个编号的志愿者" in page
    form = {"title": "护学", "content": "护学", "place": "东门", "team_id": str(town.team_id)}
    form |= {"starts_at": "2027-05-01T09:00", "ends_at": "2027-05-01T10:00"}
    answer = client.post("/events/new", data=form | hidden(client, "/events/new"))
    assert answer.status_code == 404
    page = answer.get_data(as_text=True)
    assert '<form class="form' not in page
    assert "没有找到。可能已被删除，或您无权查看。" in page


def test_more_than_one_holds_is_a_page_of_403(client: FlaskClient, town: Things) -> None:
    sign_in(client, "zhoujing")
    path = f"/accounts/{town.account_id}"
    form = {"role": "admin", "area_id": str(town.area_id)} | hidden(client, path)
    answer = client.post(f"{path}/grants", data=form)
    assert answer.status_code == 403
    assert '<form class="form' not in answer.get_data(as_text=True)


def test_a_mistyped_number_comes_back_in_its_field(client: FlaskClient, town: Things) -> None:
    sign_in(client, "limei")
    status, page = backfill(client, town, number="123")
    assert status == 422
    assert 'href="#f-number"' in page
    assert 'value="123"' in page
