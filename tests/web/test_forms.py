"""A refused form is shown again if the person can correct it, else an error page."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import filling, make
from tests.make_doors import Things
from tests.signing import hidden, sign_in
from volunteer_service import clock
from volunteer_service.attendance.check_ins import check_in
from volunteer_service.db import transaction
from volunteer_service.people.authorization.actor import Actor


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


def test_more_than_one_holds_is_told_above_the_form(client: FlaskClient, town: Things) -> None:
    sign_in(client, "zhoujing")
    path = f"/accounts/{town.account_id}"
    form = {"role": "admin", "area_id": str(town.area_id)} | hidden(client, path)
    answer = client.post(f"{path}/grants", data=form)
    assert answer.status_code == 403
    page = answer.get_data(as_text=True)
    assert 'class="notice notice-bad" role="alert"' in page
    assert '<option value="admin" selected' in page or 'aria-label="授予角色"' in page


def test_a_mistyped_number_comes_back_in_its_field(client: FlaskClient, town: Things) -> None:
    sign_in(client, "limei")
    status, page = backfill(client, town, number="123")
    assert status == 422
    assert 'href="#f-number"' in page
    assert 'value="123"' in page


class Roster:
    """An event that runs, with somebody still in."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        with app.app_context(), transaction():
            cast = make.cast()
            event = make.event(team=cast.team, leader=cast.li_mei, starts_at=clock.now())
            self._leader, self._wang = make.acting(cast.li_mei), cast.wang.id
            self.address, self._event = f"/e/{event.id}", event.id
        self._tick("in", self._leader)

    def _tick(self, kind: str, by: Actor) -> None:
        with self._app.app_context(), transaction():
            at = clock.now() + timedelta(seconds=90 if kind == "out" else 0)
            check_in.tick(
                self._event,
                volunteer_id=self._wang,
                kind=kind,
                scan_id=f"tick-{kind}",
                by=by,
                at=at,
            )

    def leave(self) -> None:
        """The last one checks out."""
        self._tick("out", self._leader)


def close(
    client: FlaskClient, address: str, came_from: str | None, form: dict[str, str]
) -> TestResponse:
    """Press «end»."""
    headers = {"Referer": came_from} if came_from else {}
    return client.post(f"{address}/close", data=form, headers=headers)


def test_a_refused_button_is_told_on_the_page_where_it_was(app: Flask, client: FlaskClient) -> None:
    roster = Roster(app)
    sign_in(client, "limei")
    manage = f"{roster.address}/manage"
    form = hidden(client, manage)
    answer = close(client, roster.address, f"http://localhost{manage}?page=1", form)
    assert (answer.status_code, answer.location) == (303, f"{manage}?page=1")
    page = client.get(answer.location).get_data(as_text=True)
    assert 'class="notice notice-bad" role="alert"' in page
    assert "还有 1 人没有签退" in page
    assert 'id="roster"' in page
    # Nothing was done: the very same form does it once it may.
    roster.leave()
    assert close(client, roster.address, f"http://localhost{manage}", form).status_code == 303
    assert "已结束登记" in client.get(manage).get_data(as_text=True)


@pytest.mark.parametrize(
    "came_from",
    [
        None,
        "http://elsewhere.example/e/1/manage",
        "http://localhost/e/1/close",  # answers a POST only
        "http://localhost/no/such/page",
        "http://[",
    ],
)
def test_a_refused_button_from_nowhere_is_a_page_of_its_own(
    app: Flask, client: FlaskClient, came_from: str | None
) -> None:
    roster = Roster(app)
    sign_in(client, "limei")
    answer = close(client, roster.address, came_from, hidden(client, f"{roster.address}/manage"))
    assert answer.status_code == 422
    assert "还有 1 人没有签退" in answer.get_data(as_text=True)


def test_a_button_of_others_stays_a_page_of_404(client: FlaskClient, town: Things) -> None:
    sign_in(client, "otherlead")
    form = hidden(client, "/events/new")
    answer = close(client, f"/e/{town.event_id}", "http://localhost/events", form)
    assert answer.status_code == 404
