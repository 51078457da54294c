"""Circulars on the page and over the API; the words go into the mail and never into a subject."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import mail_server, make
from tests.signing import hidden, sign_in, token_for
from tests.web.test_message_settings import send as send_mail
from volunteer_service import clock
from volunteer_service.circulars import writing
from volunteer_service.db import db, transaction
from volunteer_service.people.messages.message_models import MessageSettings
from volunteer_service.people.models import Account
from volunteer_service.settings.doors import Doors

WORDS = "周六改到东门集合，\n请带水。"


@pytest.fixture
def town(app: Flask) -> dict[str, int]:
    with app.app_context(), transaction():
        cast = make.cast()
        event = make.event(team=cast.team, leader=cast.li_mei, starts_at=clock.now())
        make.sign_up(event, cast.wang)
        make.volunteer("孙桂英", team=cast.team)
        return {"team": cast.team.id, "event": event.id, "wang": cast.wang.id}


def test_a_leader_looks_at_who_gets_it_and_sends_it(
    client: FlaskClient, town: dict[str, int]
) -> None:
    sign_in(client, "limei")
    page = f"/teams/{town['team']}/circular"
    answer = client.post(page, data={"text": WORDS} | hidden(client, page))
    assert answer.status_code == 303
    here = answer.headers["Location"]
    shown = client.get(here).get_data(as_text=True)
    assert "还没有发出" in shown
    assert "孙桂英" in shown
    assert client.post(f"{here}/send", data=hidden(client, here)).status_code == 303
    assert "已发给 3 人" in client.get(here).get_data(as_text=True)
    sign_in(client, "wang")
    told = client.get("/my/messages").get_data(as_text=True)
    assert "给您发了一条通知" in told
    mine = f"/my{here}"
    assert mine in told
    read = client.get(mine).get_data(as_text=True)
    assert "请带水。" in read
    assert "李梅" in read
    # Only its writer looks at it before and after, and only who got it reads it.
    assert client.get(here).status_code in (403, 404)
    sign_in(client, "zhao")
    assert client.get(mine).status_code == 404


def test_a_form_without_words_or_audience_comes_back_with_what_was_typed(
    client: FlaskClient, town: dict[str, int]
) -> None:
    sign_in(client, "limei")
    page = f"/e/{town['event']}/circular"
    answer = client.post(page, data={"text": "", "audience": "came"} | hidden(client, page))
    assert answer.status_code == 422
    assert 'value="came" checked' in answer.get_data(as_text=True)
    other = client.post(page, data={"text": WORDS, "audience": "all"} | hidden(client, page))
    assert other.status_code == 422
    assert "请带水。" in other.get_data(as_text=True)


def test_over_the_api_it_is_written_sent_once_and_read(
    app: Flask, client: FlaskClient, town: dict[str, int]
) -> None:
    with app.app_context(), transaction():
        by_login = {row.login: row for row in db.session.query(Account)}
        leader, wang = token_for(by_login["limei"]), token_for(by_login["wang"])
    api = "/api/v1"
    body = {"text": WORDS, "audience": "signed_up"}
    made = client.post(
        f"{api}/events/{town['event']}/circulars",
        headers=leader | {"Idempotency-Key": "a" * 32},
        json=body,
    )
    assert (made.status_code, made.get_json()["reach"]["count"], made.get_json()["sent_at"]) == (
        201,
        1,
        None,
    )
    here = f"{api}/circulars/{made.get_json()['id']}"
    sent = client.post(f"{here}/send", headers=leader | {"Idempotency-Key": "b" * 32})
    assert sent.status_code == 200
    again = client.post(f"{here}/send", headers=leader | {"Idempotency-Key": "c" * 32})
    assert (again.status_code, again.get_json()["code"]) == (409, "circular_sent")
    assert client.delete(here, headers=leader).status_code == 409
    [told] = client.get(f"{api}/messages", headers=wang).get_json()["items"]
    assert told["kind"] == "circular"
    read = client.get(f"{api}/messages/circulars/{told['facts']['circular']}", headers=wang)
    assert read.get_json()["text"] == WORDS
    assert client.get(here, headers=wang).status_code == 404
    assert [
        row["id"] for row in client.get(f"{api}/circulars", headers=leader).get_json()["items"]
    ] == [made.get_json()["id"]]


def test_the_mail_holds_the_words_and_its_subject_does_not(
    app: Flask, town: dict[str, int]
) -> None:
    before = app.extensions["settings"]
    with mail_server.running() as (box, server):
        app.extensions["settings"] = replace(before, doors=Doors(mail=server))
        try:
            with app.app_context(), transaction():
                _sent_to_a_reader_of_mail(town)
            send_mail(app)
            [mail] = box.letters
        finally:
            app.extensions["settings"] = before
    assert mail["Subject"] == "您有一条新通知"
    assert "请带水。" in mail.get_content()


def _sent_to_a_reader_of_mail(town: dict[str, int]) -> None:
    chosen = MessageSettings(
        volunteer_id=town["wang"],
        email="wang@example.cn",
        email_confirmed_at=clock.now(),
        off=[],
        # No quiet hours.
        quiet_from=0,
        quiet_to=0,
    )
    db.session.add(chosen)
    by = make.acting(db.session.query(Account).filter_by(login="limei").one())
    row = writing.write_to_team(town["team"], text=WORDS, by=by, at=clock.now())
    writing.send(row.id, by=by, at=clock.now())
