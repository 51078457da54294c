"""A request's body is read whole before a transaction begins, so that a slow sender
delays nobody.
"""

import io
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from tests import make, make_doors
from tests.databases import Databases
from tests.doors import address
from tests.served import Served, sent, served, status
from tests.signing import hidden, sign_in, token_for
from volunteer_service import clock
from volunteer_service.attendance.check_ins import event_codes
from volunteer_service.attendance.models import Scan
from volunteer_service.db import db, transaction
from volunteer_service.workbooks import background_steps

JSON = {"Content-Type": "application/json"}


class Watched(io.BytesIO):
    """A body that notes whether a database connection was held while it was read."""

    def __init__(self, body: bytes) -> None:
        super().__init__(body)
        self.held: list[int] = []

    def read(self, size: int | None = -1, /) -> bytes:
        self.held.append(db.engine.pool.checkedout())
        return super().read(size)

    def readinto(self, buffer: Any, /) -> int:
        self.held.append(db.engine.pool.checkedout())
        return super().readinto(buffer)


@pytest.fixture
def staff(town: make_doors.Things, client: FlaskClient) -> FlaskClient:
    """周静, signed in."""
    sign_in(client, "zhoujing")
    return client


@pytest.fixture
def token(app: Flask, town: make_doors.Things) -> dict[str, str]:
    """周静's token."""
    with app.app_context(), transaction():
        return token_for(make_doors.account_of("c"), "read", "write")


def every_door(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method


def bodies_of(csrf: str) -> list[tuple[str, bytes]]:
    """Types and bodies: what this door takes, and what it does not."""
    form = f"csrf_token={csrf}&name=x".encode()
    parts = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n{value}\r\n'
        for name, more, value in [("csrf_token", "", csrf), ("files", '; filename="a.xlsx"', "PK")]
    )
    return [
        ("application/json", b'{"name": "x"}'),
        ("application/x-www-form-urlencoded", form),
        ("multipart/form-data; boundary=x", f"{parts}--x--\r\n".encode()),
        ("text/plain", b"name"),
    ]


def test_no_door_holds_a_connection_while_it_reads(
    app: Flask, staff: FlaskClient, town: make_doors.Things, token: dict[str, str]
) -> None:
    csrf, read, holding = hidden(staff, "/teams/new")["csrf_token"], set(), set()
    session = staff.get_cookie("session")
    assert session is not None
    for rule, method in every_door(app):
        headers = {"Idempotency-Key": uuid4().hex}
        if rule.rule.startswith("/api/"):
            headers |= token
        # Pages are slow to make, and what is read does not depend on the method.
        for kind, body in bodies_of(csrf)[: 1 if method == "GET" else None]:
            headers |= {"Content-Type": kind, "Content-Length": str(len(body))}
            # One door signs out, another starts a thread.
            staff.set_cookie("session", session.value)
            background_steps.wait()
            with app.app_context():
                stream = Watched(body)
                path = address(app, rule, town)
                staff.open(path, method=method, input_stream=stream, headers=headers).close()
            if stream.held:
                read.add((method, rule.rule))
            if any(stream.held):
                holding.add((method, rule.rule, kind))
    assert len(read) > 100
    assert sorted(holding) == []


@pytest.fixture
def crowd(app: Flask) -> tuple[str, dict[str, str], dict[str, str]]:
    """A poster's code, and the tokens of two people who come."""
    with app.app_context():
        with transaction():
            cast = make.cast()
            event = make.event(team=cast.team, leader=cast.li_mei, starts_at=clock.now())
            tokens = []
            for name in ("first", "second"):
                person = make.volunteer(name)
                make.sign_up(event, person)
                tokens.append(token_for(make.account(name, name, volunteer=person)))
            found = event_codes.token(event), tokens[0], tokens[1]
        db.session.remove()
        db.engine.dispose()
    return found


@pytest.fixture
def server(crowd: Any, databases_of_run: Databases, tmp_path: Path) -> Iterator[Served]:
    with served(databases_of_run.url, tmp_path) as found:
        yield found


def half_a_check_in(server: Served, code: str, token: dict[str, str]) -> socket.socket:
    """A check-in whose second half does not come."""
    body = json.dumps({"code": code, "scan_id": uuid4().hex, "kind": "in"}).encode()
    headers = JSON | token | {"Idempotency-Key": uuid4().hex, "Content-Length": str(len(body))}
    connection = server.connect()
    connection.sendall(sent("POST", "/api/v1/check-ins", headers, body[:10]))
    return connection


def test_half_a_body_stops_nobody(
    app: Flask, crowd: tuple[str, dict[str, str], dict[str, str]], server: Served
) -> None:
    code, first, second = crowd
    scan_id = uuid4().hex
    body = json.dumps({"code": code, "scan_id": scan_id, "kind": "in"}).encode()
    headers = JSON | second | {"Idempotency-Key": scan_id}
    with half_a_check_in(server, code, first), server.connect() as other:
        other.settimeout(5)
        other.sendall(sent("POST", "/api/v1/check-ins", headers, body))
        assert status(other) == 201
    with app.app_context():
        with transaction(write=False):
            assert set(db.session.scalars(select(Scan.scan_id))) == {scan_id}
        db.session.remove()
