"""The server dies in the middle of a crowd: whoever was told «you are in» is in."""

import http.client
import json
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event as Flag
from threading import Semaphore
from uuid import uuid4

from flask import Flask
from sqlalchemy import select

from tests import make
from tests.databases import Databases
from tests.racing import sound
from tests.served import ANSWER_SECONDS, served
from tests.signing import token_for
from volunteer_service import clock
from volunteer_service.attendance.check_ins import event_codes
from volunteer_service.attendance.models import Scan
from volunteer_service.db import db, transaction
from volunteer_service.events.models import Attendance

PEOPLE = 120
#: So many are told before the process is killed; the others are under way or still to come.
TOLD = 30
DOORS = 6


def crowd(app: Flask) -> tuple[str, list[str]]:
    """The code of a poster, and a token of everybody who comes."""
    with app.app_context():
        with transaction():
            cast = make.cast()
            event = make.event(
                team=cast.team, leader=cast.li_mei, starts_at=clock.now(), capacity=PEOPLE
            )
            tokens = []
            for number in range(PEOPLE):
                person = make.volunteer(f"志愿者{number}")
                login = make.account(f"crowd{number}", person.name, volunteer=person)
                make.sign_up(event, person)
                tokens.append(token_for(login)["Authorization"])
            found = event_codes.token(event), tokens
        db.session.remove()
        db.engine.dispose()
    return found


def check_in(port: int, code: str, token: str) -> str | None:
    """The scan's id once the answer says that it is done, None where no answer came."""
    scan_id = uuid4().hex
    headers = {"Authorization": token, "Idempotency-Key": scan_id}
    headers["Content-Type"] = "application/json"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
    try:
        body = json.dumps({"code": code, "scan_id": scan_id, "kind": "in"})
        connection.request("POST", "/api/v1/check-ins", body, headers)
        answer = connection.getresponse()
        assert answer.status == 201, answer.read()
        answer.read()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    return scan_id


def test_what_was_acknowledged_survives_a_killed_server(
    app: Flask, databases_of_run: Databases, tmp_path: Path
) -> None:
    code, tokens = crowd(app)
    dead, told = Flag(), Semaphore(0)

    def door(port: int, people: list[str]) -> Iterator[str]:
        for token in people:
            scan_id = None if dead.is_set() else check_in(port, code, token)
            if scan_id is not None:
                told.release()
                yield scan_id

    with (
        served(databases_of_run.url, tmp_path) as server,
        ThreadPoolExecutor(DOORS) as doors,
    ):
        running = [
            doors.submit(lambda people=tokens[n::DOORS]: list(door(server.port, people)))
            for n in range(DOORS)
        ]
        for _ in range(TOLD):
            assert told.acquire(timeout=ANSWER_SECONDS)
        os.killpg(server.process.pid, signal.SIGKILL)
        dead.set()
        acknowledged = {scan_id for done in running for scan_id in done.result()}

    assert TOLD <= len(acknowledged) < PEOPLE
    with app.app_context():
        with transaction(write=False):
            accepted = select(Scan.scan_id, Scan.volunteer_id).where(Scan.outcome == "accepted")
            kept = dict(db.session.execute(accepted).all())
            present = set(db.session.scalars(select(Attendance.volunteer_id)))
        db.session.remove()
    assert acknowledged <= kept.keys()
    # Whole or not at all, also for those who got no answer.
    assert present == set(kept.values())
    sound(app)
