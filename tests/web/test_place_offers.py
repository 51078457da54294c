"""A place kept for who waits: answered on the page and from the letter, given by a leader."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import mail_server, make
from tests.mail_server import Postbox
from tests.signing import hidden, sign_in
from tests.web.test_message_settings import link, send
from volunteer_service import clock
from volunteer_service.db import db, transaction
from volunteer_service.events import sign_ups
from volunteer_service.events.models import SignUp
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.messages.message_models import MessageSettings
from volunteer_service.settings.doors import Doors

SYSTEM = Actor.system("cli")


@pytest.fixture
def box(app: Flask) -> Iterator[Postbox]:
    """A mail server that the application knows."""
    before = app.extensions["settings"]
    with mail_server.running() as (found, server):
        app.extensions["settings"] = replace(before, doors=Doors(mail=server))
        try:
            yield found
        finally:
            app.extensions["settings"] = before


@pytest.fixture
def offer(app: Flask) -> tuple[int, int]:
    """Event and sign-up: a place that 赵芳 gave back is kept for 王建国, who reads e-mail."""
    with app.app_context(), transaction():
        return _offered()


def _offered() -> tuple[int, int]:
    cast, now = make.cast(), clock.now()
    event = make.event(
        team=cast.team, leader=cast.li_mei, capacity=1, starts_at=now + timedelta(days=7)
    )
    settings = MessageSettings(
        volunteer_id=cast.wang.id,
        language="zh",
        off=[],
        email="wang@example.cn",
        email_confirmed_at=now,
        quiet_from=0,
        quiet_to=0,
    )
    db.session.add(settings)
    db.session.flush()
    rows = [
        sign_ups.sign_up(event.shifts[0].id, volunteer_id=who.id, by=SYSTEM, at=now)
        for who in (cast.zhao, cast.wang)
    ]
    sign_ups.withdraw(rows[0].id, by=SYSTEM, at=now)
    return event.id, rows[1].id


def state(app: Flask, sign_up_id: int) -> str:
    with app.app_context(), transaction(write=False):
        found = db.session.scalar(select(SignUp.state).where(SignUp.id == sign_up_id))
        assert found is not None
        return found


@pytest.mark.parametrize(
    ("answer", "becomes"), [("accept-offer", "confirmed"), ("decline-offer", "cancelled")]
)
def test_it_is_answered_with_one_tap_on_the_page(
    app: Flask, client: FlaskClient, offer: tuple[int, int], answer: str, becomes: str
) -> None:
    event_id, sign_up_id = offer
    sign_in(client, "wang")
    page = f"/e/{event_id}"
    text = client.get(page).get_data(as_text=True)
    assert "有名额了" in text
    assert "我要这个名额" in text
    path = f"/sign-ups/{sign_up_id}/{answer}"
    assert client.post(path, data=hidden(client, page)).status_code == 303
    assert state(app, sign_up_id) == becomes
    assert "我要这个名额" not in client.get(page).get_data(as_text=True)


@pytest.mark.parametrize(("answer", "becomes"), [("accept", "confirmed"), ("decline", "cancelled")])
def test_the_letter_s_link_answers_once_without_signing_in(
    app: Flask, box: Postbox, offer: tuple[int, int], answer: str, becomes: str
) -> None:
    send(app)
    address, visitor = link(box, "place"), app.test_client()
    assert visitor.get(address).status_code == 200
    assert state(app, offer[1]) == "waiting"
    sent = hidden(visitor, address)
    assert visitor.post(f"{address}/{answer}", data=sent).status_code == 200
    assert state(app, offer[1]) == becomes
    assert visitor.get(address).status_code == 409
    assert visitor.get(address[:-3]).status_code == 404


def test_a_leader_sees_who_was_asked_and_gives_the_place(
    app: Flask, client: FlaskClient, offer: tuple[int, int]
) -> None:
    event_id, sign_up_id = offer
    sign_in(client, "limei")
    page = f"/e/{event_id}/manage"
    text = client.get(page).get_data(as_text=True)
    assert "等答复" in text
    assert "直接给名额" in text
    path = f"/sign-ups/{sign_up_id}/give-place"
    assert client.post(path, data=hidden(client, page)).status_code == 303
    assert state(app, sign_up_id) == "confirmed"
