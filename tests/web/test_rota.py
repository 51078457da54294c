"""The rota of a week and swaps, on their pages and over the API."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import make
from tests.signing import hidden, sign_in, token_for
from volunteer_service import clock, settings
from volunteer_service.db import db, transaction
from volunteer_service.events import series, sign_ups, swaps
from volunteer_service.events.models import Event, SignUp
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Volunteer

SYSTEM = Actor.system("cli")


@pytest.fixture
def ids(app: Flask) -> dict[str, Any]:
    """王建国 stands there on the first day, 赵芳 a week later; 赵芳 asks to exchange."""
    with app.app_context(), transaction():
        cast, now = make.cast(), clock.now()
        first = make.event(
            team=cast.team, leader=cast.li_mei, capacity=1, starts_at=now + timedelta(days=7)
        )
        until = (now + timedelta(days=22)).date()
        again = series.Repeat(rule="FREQ=WEEKLY", until=until)
        series.repeat(first.id, again, by=make.acting(cast.li_mei), at=now)
        days = db.session.scalars(select(Event).order_by(Event.starts_at)).all()
        mine, theirs = (
            sign_ups.sign_up(day.shifts[0].id, volunteer_id=who.id, by=SYSTEM, at=now)
            for day, who in zip(days, (cast.wang, cast.zhao), strict=False)
        )
        zhao = Actor(None, cast.zhao.id, "", "page")
        swap = swaps.ask_swap(theirs.id, wanted_id=mine.id, by=zhao, at=now)
        later = settings.local_day(days[1].starts_at).isoformat()
        return {
            "event": first.id,
            "mine": mine.id,
            "theirs": theirs.id,
            "swap": swap.id,
            "later": later,
            "wang": token_for(cast.wang_account),
            "leader": token_for(cast.li_mei),
        }


def holder(app: Flask, event_id: int) -> list[str]:
    query = select(Volunteer.name).join(SignUp, SignUp.volunteer_id == Volunteer.id)
    query = query.where(SignUp.event_id == event_id, SignUp.state == "confirmed")
    with app.app_context(), transaction(write=False):
        return list(db.session.scalars(query))


def test_a_volunteer_reads_the_week_and_agrees_on_the_event_s_page(
    app: Flask, client: FlaskClient, ids: dict[str, Any]
) -> None:
    sign_in(client, "wang")
    page = f"/e/{ids['event']}"
    week = client.get(f"{page}/rota?day={ids['later']}").get_data(as_text=True)
    assert "赵*" in week
    assert "赵芳" not in week
    assert client.get(f"{page}/rota.pdf").status_code == 404
    shown = client.get(page).get_data(as_text=True)
    assert "想和您换班" in shown
    sent = hidden(client, page)
    assert client.post(f"/swaps/{ids['swap']}/agree", data=sent).status_code == 303
    assert holder(app, ids["event"]) == ["赵芳"]


def test_one_s_own_place_is_offered_to_all_and_taken_back(
    app: Flask, client: FlaskClient, ids: dict[str, Any]
) -> None:
    sign_in(client, "wang")
    page = f"/sign-ups/{ids['mine']}/swap"
    assert "找人替班" in client.get(page).get_data(as_text=True)
    sent = hidden(client, page) | {"wanted_id": "0"}
    answer = client.post(page, data=sent)
    assert answer.status_code == 303
    shown = client.get(answer.location).get_data(as_text=True)
    assert "还没有人答应" in shown
    again = client.post(page, data=hidden(client, page) | {"wanted_id": "0"})
    assert again.status_code == 422
    assert "请先撤回" in again.get_data(as_text=True)


def test_a_leader_prints_the_week_and_exchanges_two_places(
    app: Flask, client: FlaskClient, ids: dict[str, Any]
) -> None:
    sign_in(client, "limei")
    week = client.get(f"/e/{ids['event']}/rota").get_data(as_text=True)
    assert "王建国" in week
    printed = client.get(f"/e/{ids['event']}/rota.pdf")
    assert printed.data.startswith(b"%PDF-")
    page = f"/sign-ups/{ids['mine']}/swap"
    sent = hidden(client, page) | {"wanted_id": str(ids["theirs"])}
    assert client.post(page, data=sent).status_code == 303
    assert holder(app, ids["event"]) == ["赵芳"]


def test_a_day_that_is_none_shows_the_week_of_the_event(
    client: FlaskClient, ids: dict[str, Any]
) -> None:
    sign_in(client, "limei")
    path = f"/e/{ids['event']}/rota"
    shown = client.get(path, query_string={"day": "gestern"}).get_data(as_text=True)
    assert "王建国" in shown


def test_the_same_over_the_api(app: Flask, client: FlaskClient, ids: dict[str, Any]) -> None:
    wang, leader = ids["wang"], ids["leader"]
    week = {"day": ids["later"]}
    path = f"/api/v1/events/{ids['event']}/rota"
    got = client.get(path, query_string=week, headers=wang)
    assert got.status_code == 200
    assert got.json is not None
    names = {row["name"]: row["volunteer_id"] for row in got.json["people"]}
    assert set(names) == {"王建国", "赵*"}
    assert names["赵*"] is None
    open_ = client.get(f"/api/v1/events/{ids['event']}/swaps", headers=wang)
    assert open_.json is not None
    assert [row["id"] for row in open_.json["items"]] == [ids["swap"]]
    declined = client.post(f"/api/v1/swaps/{ids['swap']}/decline", headers=wang)
    assert declined.json is not None
    assert declined.json["state"] == "declined"
    asked = client.post(
        f"/api/v1/sign-ups/{ids['mine']}/swaps", headers=wang | {"Idempotency-Key": "ask"}, json={}
    )
    assert asked.status_code == 201
    assert asked.json is not None
    back = client.post(f"/api/v1/swaps/{asked.json['id']}/take-back", headers=wang)
    assert back.json is not None
    assert back.json["state"] == "taken_back"
    done = client.post(
        f"/api/v1/sign-ups/{ids['mine']}/arrange-swap",
        headers=leader | {"Idempotency-Key": "arrange"},
        json={"wanted_id": ids["theirs"]},
    )
    assert done.status_code == 200
    assert holder(app, ids["event"]) == ["赵芳"]
