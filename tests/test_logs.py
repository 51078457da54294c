"""The log has one JSON object a line, enough to find a fault, and no personal data."""

import json
import logging
from collections.abc import Iterator
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make
from volunteer_service import clock
from volunteer_service.attendance.check_ins import event_codes
from volunteer_service.db import transaction
from volunteer_service.monitoring import logs


@pytest.fixture
def written(app: Flask) -> Iterator[list[str]]:
    """The lines that the service writes during the test."""
    lines: list[str] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    handler = Keeping()
    handler.setFormatter(logs.JsonLines())
    logger = logging.getLogger(logs.LOGGER)
    logger.addHandler(handler)
    logger.setLevel("INFO")
    yield lines
    logger.removeHandler(handler)


def test_a_request_is_one_line(client: FlaskClient, written: list[str]) -> None:
    answer = client.get("/healthz?name=王建国")
    (line,) = map(json.loads, written)
    assert line.pop("ms") >= 0
    assert line.pop("at").endswith("+00:00")
    assert line == {
        "level": "INFO",
        "event": "request",
        "request_id": answer.headers["X-Request-Id"],
        "method": "GET",
        "route": "/healthz",
        "status": 200,
    }


def test_an_unknown_path_is_not_written(client: FlaskClient, written: list[str]) -> None:
    client.open("/c/secret-code-of-somebody/x/y", method="BREW13800001111")
    (line,) = map(json.loads, written)
    assert (line["method"], line.get("route"), line["status"] >= 400) == ("OTHER", None, True)
    assert "secret-code" not in "".join(written)


def test_a_refusal_is_written_by_its_code(client: FlaskClient, written: list[str]) -> None:
    client.get("/metrics", environ_overrides={"REMOTE_ADDR": "203.0.113.7"})
    assert json.loads(written[-1])["refused"] == "not_found"


def test_signing_in_writes_nothing_about_the_person(
    app: Flask, client: FlaskClient, written: list[str]
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context(), transaction():
        account = make.cast().coordinator
        secrets = [account.login, account.name, make.PASSWORD, "13800001111"]
        account_id = account.id
    for login, password in (("13800001111", "wrong-pass"), (secrets[0], make.PASSWORD)):
        client.post("/sign-in?next=/me", data={"login": login, "password": password})
    client.get("/me")
    app.config["WTF_CSRF_ENABLED"] = True

    text = "".join(written)
    assert json.loads(written[-1])["account"] == account_id
    assert not [secret for secret in secrets if secret in text]
    assert "\\u" not in text, "escaped Chinese would be a name in disguise"


def test_checking_in_writes_nothing_about_the_person(
    app: Flask, client: FlaskClient, written: list[str]
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context(), transaction():
        cast = make.cast()
        event = make.event(team=cast.team, leader=cast.li_mei, starts_at=clock.now())
        make.sign_up(event, cast.wang)
        token, login = event_codes.token(event), cast.wang_account.login
        secrets = [token, event.code, cast.wang.name, cast.wang.number, str(cast.wang.phone)]
    client.post("/sign-in", data={"login": login, "password": make.PASSWORD})
    answer = client.post(f"/c/{token}", data={"scan_id": str(uuid4()), "kind": "in"})
    app.config["WTF_CSRF_ENABLED"] = True

    assert answer.status_code == 303
    line = json.loads(written[-1])
    assert (line["route"], line["status"]) == ("/c/<token>", 303)
    assert not [secret for secret in secrets if secret in "".join(written)]


def test_a_crash_is_written_without_its_message(app: Flask, written: list[str]) -> None:
    def crash() -> None:
        raise ZeroDivisionError("王建国 13800001111")

    try:
        crash()
    except ZeroDivisionError:
        app.logger.exception("unhandled")
    (line,) = map(json.loads, written)
    assert line["error"][0] == "ZeroDivisionError"
    assert line["error"][-1].endswith(" crash")
    assert "13800001111" not in written[0]
