"""The page of messages, the line on the first page, and the same over the API."""

import html
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make, make_doors
from tests.make import MORNING
from tests.signing import hidden, sign_in, token_for
from volunteer_service.db import db, transaction
from volunteer_service.people.messages import messages
from volunteer_service.people.messages.message_facts import As
from volunteer_service.people.messages.message_kinds import KINDS
from volunteer_service.people.models import Account, Message, Volunteer
from volunteer_service.web.shared import message_words

#: A value for each way in which a fact is worded.
VALUES: dict[As, Any] = {
    As.POINTS: 1250,
    As.CHANGE: 1250,
    As.HOURS: 210,
    As.DAY: "2026-05-16",
    As.STARS: 3,
    As.HALF_YEAR: "2026H1",
    As.NUMBER: 4,
    As.NAME: "庆丰社区",
    As.KEY: 7,
}
#: Pages of staff: what a message to who began something is about.
OF_STAFF = {
    "home",
    "outbox",
    "policies",
    "account",
    "gift",
    "import",
    "merging",
    "person",
    "person_change",
    "points_of",
    "round",
}


def facts_of(kind: str) -> dict[str, Any]:
    """Facts that the kind takes."""
    return {
        name: VALUES[said] if isinstance(said, As) else next(iter(said))
        for name, said in KINDS[kind].facts.items()
    }


@pytest.fixture
def wang(app: Flask) -> int:
    """王建国 with a message of every kind."""
    with app.app_context(), transaction():
        cast = make.cast()
        for kind in KINDS:
            messages.tell(cast.wang.id, kind, at=MORNING, **facts_of(kind))
        messages.tell(cast.zhao.id, "role_granted", at=MORNING, role="desk", place="只给赵芳的")
        return cast.wang.id


def read(client: FlaskClient, path: str) -> str:
    return client.get(path).get_data(as_text=True)


def inbox(client: FlaskClient) -> str:
    """Every page of the messages."""
    pages, path = [], "/my/messages"
    while path:
        pages.append(read(client, path))
        following = re.search(r'rel="next" href="(/my/messages\?cursor=[^"]+)"', pages[-1])
        path = html.unescape(following[1]) if following else ""
    return "".join(pages)


def test_every_kind_reads_as_a_sentence(wang: int, client: FlaskClient) -> None:
    sign_in(client, "wang")
    said = inbox(client)
    assert "您的积分有一次人工调整：+12.50 分。" in said
    assert "原为 3.5 小时，现为 3.5 小时" in said
    assert "2026年上半年星级评定已签发：您是三星级。" in said
    assert "您有了一个新的角色：队长（庆丰社区）。" in said
    assert said.count("未读") == len(KINDS)
    assert "只给赵芳的" not in said
    for code in ("upheld", "points_adjusted", "%(", "2026H1", "leader"):
        assert code not in said


def test_in_english_no_chinese_sentence_is_left(wang: int, client: FlaskClient) -> None:
    client.set_cookie("lang", "en")
    sign_in(client, "wang")
    said = inbox(client)
    assert "+12.50 points" in said
    assert "您" not in said


def test_what_was_shown_is_marked_and_the_first_page_counts(wang: int, client: FlaskClient) -> None:
    sign_in(client, "wang")
    assert f"您有 {len(KINDS)} 条新消息" in read(client, "/")
    assert f"消息（{len(KINDS)} 条未读）" in read(client, "/me")
    with client.application.app_context():
        newest = db.session.scalar(
            db.select(db.func.max(Message.id)).where(Message.volunteer_id == wang)
        )
    form = {"up_to": str(newest)} | hidden(client, "/my/messages")
    answer = client.post("/my/messages/read", data=form)
    assert (answer.status_code, answer.location) == (303, "/my/messages")
    said = read(client, "/my/messages")
    assert "未读" not in said
    assert "全部标为读过" not in said
    assert "条新消息" not in read(client, "/")


def test_a_number_that_is_none_marks_nothing(wang: int, client: FlaskClient) -> None:
    sign_in(client, "wang")
    form = {"up_to": "x"} | hidden(client, "/my/messages")
    assert client.post("/my/messages/read", data=form).status_code == 422
    assert inbox(client).count("未读") == len(KINDS)


def test_nobody_told_anything_reads_so(wang: int, client: FlaskClient) -> None:
    sign_in(client, "limei")
    assert "还没有消息。" in read(client, "/my/messages")


def test_staff_who_are_no_volunteer_read_what_their_account_was_told(
    wang: int, client: FlaskClient
) -> None:
    with client.application.app_context(), transaction():
        account = db.session.scalars(db.select(Account).where(Account.login == "zhoujing")).one()
        facts = {"member": wang, "points": 1250, "outcome": "refused"}
        messages.tell_account(account.id, "adjustment_answered", at=MORNING, **facts)
    sign_in(client, "zhoujing")
    assert "您有 1 条新消息" in read(client, "/")
    # The frame of every page counts them, for its menu and for the menu's rest.
    menu = read(client, "/people")
    assert re.findall(r'class="badge badge-bad">\s*(\d+)', menu) == ["1"] * 3
    said = read(client, "/my/messages")
    assert "您提出的一次积分调整（+12.50 分）已有答复：没有同意。" in said
    assert f'href="/people/{wang}/points"' in said
    assert client.get(f"/people/{wang}/points").status_code == 200
    assert "只给赵芳的" not in said
    newest = re.search(r'name="up_to" value="(\d+)"', said)
    assert newest
    form = {"up_to": newest[1]} | hidden(client, "/my/messages")
    assert client.post("/my/messages/read", data=form).status_code == 303
    assert "badge-bad" not in read(client, "/people")


def test_a_message_leads_to_what_it_is_about(app: Flask) -> None:
    of = db.select(Message)
    with app.app_context(), transaction():
        cast, things = make_doors.things()
        facts = {
            "record": {"record": things.record_id},
            "order": {"order": things.order_id},
            "certificate": {"number": things.number},
            "circular": {"circular": things.received_id},
            "complaint": {"complaint": things.complaint_id},
            "event": {"event": things.event_id},
            "account": {"account": things.account_id},
            "gift": {"gift": things.gift_id},
            "import": {"import": things.import_id},
            "merging": {"merging": things.merging_id},
            "person": {"person": cast.wang.id},
            "person_change": {"change": things.change_id},
            "points_of": {"member": cast.wang.id},
            "round": {"round": things.round_id},
        }
        for kind, declared in KINDS.items():
            told = facts_of(kind) | facts.get(declared.about, {})
            reader = cast.admin if declared.about in OF_STAFF else cast.wang_account
            messages.tell_account(reader.id, kind, at=MORNING, **told)
        with app.test_request_context():
            paths = {
                reader.login: {message_words.page_of(row) for row in db.session.scalars(query)}
                for reader, query in (
                    (cast.wang_account, of.where(Message.volunteer_id == cast.wang.id)),
                    (cast.admin, of.where(Message.account_id == cast.admin.id)),
                )
            }
    assert min(map(len, paths.values())) >= 5
    for login, those in paths.items():
        reading = app.test_client()
        sign_in(reading, login)
        for path in sorted(those):
            assert reading.get(path).status_code == 200, path


def test_the_api_lists_and_marks(wang: int, client: FlaskClient) -> None:
    with client.application.app_context(), transaction():
        account = db.session.scalars(db.select(Account).where(Account.login == "wang")).one()
        headers = token_for(account, "read", "write")
    page = client.get("/api/v1/messages?limit=2", headers=headers).get_json()
    assert [each["kind"] for each in page["items"]] == list(KINDS)[:-3:-1]
    assert page["items"][0]["read_at"] is None
    marked = client.post(
        "/api/v1/messages/read", json={"up_to": page["items"][1]["id"]}, headers=headers
    )
    assert marked.get_json() == {"unread": 1}


def test_the_api_shows_staff_their_own_and_nobody_s(wang: int, client: FlaskClient) -> None:
    with client.application.app_context(), transaction():
        account = db.session.scalars(db.select(Account).where(Account.login == "admin")).one()
        headers = token_for(account, "read", "write", "admin")
        messages.tell_account(account.id, "phone_confirmed", at=MORNING)
    page = client.get("/api/v1/messages", headers=headers).get_json()
    assert [each["kind"] for each in page["items"]] == ["phone_confirmed"]
    marked = client.post("/api/v1/messages/read", json={"up_to": 2**62}, headers=headers)
    assert marked.get_json() == {"unread": 0}
    with client.application.app_context():
        unread = db.select(db.func.count(Message.id)).where(Message.read_at.is_(None))
        assert db.session.scalar(unread) == len(KINDS) + 1


def test_the_export_holds_what_one_was_told(wang: int, client: FlaskClient) -> None:
    sign_in(client, "wang")
    held = client.get("/me/export.json").get_json()
    assert [row["kind"] for row in held["messages"]] == list(KINDS)
    assert {row["volunteer_id"] for row in held["messages"]} == {wang}
    with client.application.app_context():
        assert db.session.get_one(Volunteer, wang).name == held["volunteers"][0]["name"]
