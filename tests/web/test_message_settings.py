"""Pages of message settings: an address confirmed by its link, topics, leaving, the outbox."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import mail_server, make
from tests.mail_server import Postbox
from tests.make import MORNING
from tests.signing import hidden, sign_in
from volunteer_service import clock
from volunteer_service.db import db, transaction
from volunteer_service.jobs import sending_office
from volunteer_service.outbox import sending
from volunteer_service.outbox.models import Delivery
from volunteer_service.people.messages import messages
from volunteer_service.people.messages.message_models import MessageSettings
from volunteer_service.people.models import Message
from volunteer_service.settings.doors import Doors

PAGE = "/my/messages/settings"


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
def wang(app: Flask, client: FlaskClient) -> int:
    with app.app_context(), transaction():
        found = make.cast().wang.id
    sign_in(client, "wang")
    return found


def send(app: Flask) -> None:
    with app.app_context():
        sending.send_due(sending_office.office())
        db.session.remove()


def chosen(app: Flask) -> MessageSettings:
    with app.app_context():
        row = db.session.scalars(select(MessageSettings)).one()
        db.session.remove()
        return row


def link(box: Postbox, word: str) -> str:
    found = re.search(rf"http://localhost(/mail/{word}/\S+)", box.letters[-1].get_content())
    assert found is not None
    return found[1]


def give(client: FlaskClient, email: str, present: str = make.PASSWORD) -> int:
    sent = hidden(client, PAGE) | {"email": email, "present": present}
    return client.post("/my/messages/email", data=sent).status_code


def test_an_address_is_used_once_its_link_was_followed_and_left_with_one_click(
    app: Flask, client: FlaskClient, wang: int, box: Postbox
) -> None:
    assert give(client, "wang@example.cn") == 303
    send(app)
    assert box.letters[0]["Subject"] == "请确认您的邮箱"
    visitor, address = app.test_client(), link(box, "confirm")
    assert visitor.get(address).status_code == 200
    assert chosen(app).email_confirmed_at is None
    assert visitor.post(address, data=hidden(visitor, address)).status_code == 200
    assert chosen(app).email_confirmed_at is not None
    with app.app_context(), transaction():
        # Wide awake at any hour.
        row = db.session.scalars(select(MessageSettings)).one()
        row.quiet_from = row.quiet_to = 0
        messages.tell(wang, "points_adjusted", at=clock.now(), points=100)
    send(app)
    assert len(box.letters) == 2
    leaving = link(box, "leave")
    assert box.letters[1]["List-Unsubscribe"] == f"<http://localhost{leaving}>"
    assert visitor.get(leaving).status_code == 200
    assert chosen(app).left_at is None
    # A mail program's own button sends no hidden field (RFC 8058).
    assert visitor.post(leaving, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert chosen(app).left_at is not None
    assert "您退订了邮件" in client.get(PAGE).get_data(as_text=True)
    assert client.post("/my/messages/come-back", data=hidden(client, PAGE)).status_code == 303
    assert chosen(app).left_at is None


def test_a_link_that_somebody_made_up_or_of_another_address_confirms_nothing(
    app: Flask, client: FlaskClient, wang: int, box: Postbox
) -> None:
    give(client, "first@example.cn")
    send(app)
    first = link(box, "confirm")
    give(client, "second@example.cn")
    visitor = app.test_client()
    assert visitor.post(first, data=hidden(visitor, first)).status_code == 409
    for made_up in ("/mail/confirm/x", first[:-3], first.replace("confirm", "leave")):
        assert visitor.get(made_up).status_code == 404, made_up
    assert chosen(app).email_confirmed_at is None


def told(app: Flask) -> list[str]:
    with app.app_context():
        found = list(db.session.scalars(select(Message.kind).order_by(Message.id)))
        db.session.remove()
        return found


def test_a_mailbox_is_changed_with_the_password_alone_and_both_ends_are_told(
    app: Flask, client: FlaskClient, wang: int, box: Postbox
) -> None:
    """Whoever holds a stolen session neither gives a mailbox nor takes one away unseen."""
    assert give(client, "thief@example.cn", "a guess") == 422
    with app.app_context():
        assert db.session.scalar(select(MessageSettings.email)) is None
    assert told(app) == []
    for address in ("wang@example.cn", "wang@example.org"):
        assert give(client, address) == 303
        send(app)
        visitor, confirm = app.test_client(), link(box, "confirm")
        assert visitor.post(confirm, data=hidden(visitor, confirm)).status_code == 200
    assert told(app) == ["email_given", "email_confirmed"] * 2
    assert give(client, "", "a guess") == 422
    assert give(client, "") == 303
    send(app)
    assert told(app)[-1] == "email_removed"
    last = [each["To"] for each in box.letters if each["Subject"] == "这个邮箱不再使用"]
    assert last == ["wang@example.cn", "wang@example.org"]
    assert "修改密码" in box.letters[-1].get_content()


@pytest.mark.parametrize(
    "email", ["wang", "wang@", "a b@c.cn", "王@例子.cn", "a@b.cn\nBcc: x@y.cn"]
)
def test_what_is_no_address_is_said_beside_the_field(
    client: FlaskClient, wang: int, email: str
) -> None:
    assert give(client, email) == 422


def test_only_so_many_links_a_day_go_out(app: Flask, client: FlaskClient, wang: int) -> None:
    answers = [give(client, f"somebody{n}@example.cn") for n in range(7)]
    assert answers == [303] * 5 + [422] * 2
    with app.app_context():
        assert len(db.session.scalars(select(Delivery)).all()) == 5


def test_topics_hours_and_language_are_kept(app: Flask, client: FlaskClient, wang: int) -> None:
    sent = hidden(client, PAGE) | {
        "on_points_email": "1",
        "quiet_from": "22:30",
        "quiet_to": "07:00",
        "language": "en",
    }
    assert client.post(PAGE, data=sent).status_code == 303
    row = chosen(app)
    assert (row.language, row.quiet_from, row.quiet_to) == ("en", 22 * 60 + 30, 7 * 60)
    assert "points:email" not in row.off
    assert "places:email" in row.off
    assert client.post(PAGE, data=sent | {"quiet_from": "25:00"}).status_code == 422


def test_staff_see_how_a_message_reads_in_both_languages(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        messages.tell(cast.wang.id, "points_adjusted", at=MORNING, points=1250)
    sign_in(client, "zhoujing")
    page = client.get("/messages/kinds?kind=points_adjusted").get_data(as_text=True)
    assert "您的积分有新消息" in page
    assert "News about your points" in page
    assert page.count("+12.5") == 2
    assert "王建国" not in page
    assert "还没有发过" in client.get("/messages/kinds?kind=door_paused").get_data(as_text=True)
