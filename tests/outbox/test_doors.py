"""SMS gateway and group robots over real HTTP; settings of doors; headlines without facts."""

import json
from pathlib import Path

import pytest

from tests import http_server
from volunteer_service.errors import BadSetting
from volunteer_service.outbox.doors.gateway import GatewayDoor
from volunteer_service.outbox.doors.robots import RobotDoor
from volunteer_service.outbox.letters import DoorAway, Letter, NeverTaken, NotTaken, TakenLater
from volunteer_service.people.messages.message_kinds import KINDS
from volunteer_service.people.messages.message_topics import headline_of, topic_of
from volunteer_service.settings import doors

SMS = Letter(
    to="17000000001",
    headline="有新消息",
    text="有新消息。",
    key="delivery-7",
    kind="shift_tomorrow",
)


def gateway(tmp_path: Path, **changed: object) -> doors.Gateway:
    """Read the gateway from its file, as the service does."""
    told = {
        "headers": {"Authorization": "Bearer ${SMS_TOKEN}"},
        "fields": {"to": "{phone}", "template": "{template}", "all": "{key}: {text} {phone}"},
        "good": {"field": "code", "value": "OK"},
        "templates": {"shift_tomorrow": "SMS_1"},
    }
    path = tmp_path / "gateway.json"
    path.write_text(json.dumps(told | changed))
    env = {"SMS_GATEWAY": str(path), "SMS_TOKEN": "t0ken"}
    found = doors.read(env, is_production=False).gateway
    assert found is not None
    return found


def test_a_gateway_is_asked_as_its_file_says(tmp_path: Path) -> None:
    with http_server.running() as asked:
        GatewayDoor(gateway(tmp_path, url=asked.url)).send(SMS)
    assert json.loads(asked.bodies[0]) == {
        "to": "17000000001",
        "template": "SMS_1",
        "all": "delivery-7: 有新消息。 17000000001",
    }
    assert asked.headers[0]["Authorization"] == "Bearer t0ken"


@pytest.mark.parametrize(
    ("status", "answer", "kind", "code"),
    [
        (500, b"", TakenLater, "http_500"),
        (429, b"", TakenLater, "http_429"),
        (401, b"", DoorAway, "http_401"),
        (400, b"", NeverTaken, "http_400"),
        (302, b"", NeverTaken, "http_302"),
        (200, b'{"code": "LIMIT"}', TakenLater, "gateway_says_no"),
        (200, b"<html>", TakenLater, "gateway_says_no"),
        (200, b"[1]", TakenLater, "gateway_says_no"),
        (200, b"x" * 100_000, TakenLater, "answer_too_long"),
    ],
)
def test_what_a_gateway_answers_is_judged(
    tmp_path: Path, status: int, answer: bytes, kind: type[NotTaken], code: str
) -> None:
    with http_server.running() as asked:
        asked.status, asked.answer = status, answer
        with pytest.raises(kind) as refused:
            GatewayDoor(gateway(tmp_path, url=asked.url)).send(SMS)
    assert (type(refused.value), refused.value.code) == (kind, code)
    assert len(asked.bodies) == 1


def test_a_gateway_that_is_not_there_is_away(tmp_path: Path) -> None:
    with pytest.raises(DoorAway, match="ConnectionError"):
        GatewayDoor(gateway(tmp_path, url="http://127.0.0.1:1/send")).send(SMS)


def test_a_robot_is_told(tmp_path: Path) -> None:
    letter = Letter(to="", headline="等着办的事", text="待确认的记录 3 条", key="delivery-8")
    with http_server.running() as asked:
        address = asked.url.replace("http://", "json://")
        RobotDoor().send(Letter(to=address, headline=letter.headline, text=letter.text, key="k"))
        told = json.loads(asked.bodies[0])
        assert (told["title"], told["message"]) == (letter.headline, letter.text)
        asked.status = 500
        with pytest.raises(TakenLater, match="robot_says_no"):
            RobotDoor().send(Letter(to=address, headline="a", text="b", key="k"))
    with pytest.raises(NeverTaken, match="robot_address"):
        RobotDoor().send(letter)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_a_locked_phone_shows_holds_no_fact_of_anybody(kind: str) -> None:
    headline = headline_of(kind)
    assert "%(" not in headline.message
    assert dict(headline.facts) == {}
    assert topic_of(kind)


@pytest.mark.parametrize(
    ("env", "named"),
    [
        (
            {"MAIL_SERVER": "smtp://user:short@mail.example.cn", "MAIL_FROM": "a@b.cn"},
            "MAIL_SERVER",
        ),
        ({"MAIL_SERVER": "smtp://mail.example.cn", "MAIL_FROM": "a@b.cn"}, "MAIL_SERVER"),
        ({"MAIL_SERVER": "http://mail.example.cn", "MAIL_FROM": "a@b.cn"}, "MAIL_SERVER"),
        ({"MAIL_SERVER": "smtp://127.0.0.1"}, "MAIL_FROM"),
        ({"MAIL_SERVER": "smtp://127.0.0.1", "MAIL_FROM": "a@b.cn\nBcc: x@y.cn"}, "MAIL_FROM"),
        ({"SMS_GATEWAY": "/no/such/file.json"}, "SMS_GATEWAY"),
    ],
)
def test_a_bad_setting_of_a_door_is_refused_by_name(env: dict[str, str], named: str) -> None:
    with pytest.raises(BadSetting) as refused:
        doors.read(env, is_production=True)
    assert refused.value.setting == named


def test_a_weak_secret_of_a_gateway_is_refused_by_its_own_name(tmp_path: Path) -> None:
    path = tmp_path / "gateway.json"
    told = {
        "url": "https://sms.example.cn/",
        "fields": {"key": "${SMS_TOKEN}"},
        "templates": {"shift_tomorrow": "1"},
    }
    path.write_text(json.dumps(told))
    env = {"SMS_GATEWAY": str(path), "SMS_TOKEN": "changeme"}
    with pytest.raises(BadSetting) as refused:
        doors.read(env, is_production=True)
    assert refused.value.setting == "SMS_TOKEN"
