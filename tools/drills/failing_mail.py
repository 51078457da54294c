"""A mail server that hangs, refuses and is killed, while the service tells people things.

    .venv/bin/python tools/drills/failing_mail.py

It builds a town of its own over SQLite, tells 王建国 something while no mail server is there, while
one takes connections and never answers, and while one answers 451; then the jobs process itself is
killed (kill -9) between two letters. In each phase the first page is asked for: its slowest answer
is told. At the end a server that works takes everything.

Prints one line of JSON. Exit 1 where a letter is lost, comes more than twice, or the outbox is
not empty.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT)]

from flask import Flask  # noqa: E402  after the path is set
from sqlalchemy import func, select  # noqa: E402

from tests import mail_server, make  # noqa: E402
from volunteer_service import clock  # noqa: E402
from volunteer_service.app import create_app  # noqa: E402
from volunteer_service.db import db, schema, transaction  # noqa: E402
from volunteer_service.jobs import sending_office  # noqa: E402
from volunteer_service.outbox import sending  # noqa: E402
from volunteer_service.outbox.doors.email import MailDoor  # noqa: E402
from volunteer_service.outbox.models import Delivery  # noqa: E402
from volunteer_service.people.messages import messages  # noqa: E402
from volunteer_service.people.messages.message_models import MessageSettings  # noqa: E402
from volunteer_service.settings import Settings  # noqa: E402
from volunteer_service.settings.doors import Doors, MailServer  # noqa: E402

#: Letters of each phase.
LETTERS = 20
#: The child that sends and is killed after so many letters.
KILLED_AFTER = 5


def main() -> int:
    """Run the phases; print what was seen."""
    with TemporaryDirectory() as folder, ExitStack() as stack:
        app = _town(Path(folder))
        person = _person(app)
        hanging = stack.enter_context(_hanging())
        box, good = stack.enter_context(mail_server.running())
        seen: dict[str, Any] = {}
        at = clock.now() + timedelta(hours=1)
        _page_ms(app)  # The first page compiles its template.
        for phase, server in (("away", replace(good, port=1)), ("hangs", hanging)):
            _tell(app, person)
            seen[phase] = _send_beside_pages(app, server, at)
            at += timedelta(hours=2)
        box.to_letter = "451 later"
        _tell(app, person)
        seen["refuses"] = _send_beside_pages(app, good, at)
        box.to_letter = mail_server.TAKEN
        at += timedelta(hours=26)
        seen["killed"] = _killed(Path(folder), good, at)
        while _waiting(app) and at < clock.now() + timedelta(days=9):
            at += timedelta(hours=1)
            _send(app, good, at)
        times = Counter(letter["Message-ID"] for letter in box.letters)
        seen |= {
            "told": 3 * LETTERS,
            "arrived": len(times),
            "repeated": sum(n > 1 for n in times.values()),
            "most_times": max(times.values(), default=0),
            "still_waiting": _waiting(app),
        }
    print(json.dumps(seen))
    good_end = seen["arrived"] == seen["told"] and seen["most_times"] <= 2
    return 0 if good_end and not seen["still_waiting"] else 1


def _settings(folder: Path) -> Settings:
    return Settings.from_env({"VAR_DIR": str(folder / "var"), "APP_ENV": "demo"})


def _town(folder: Path) -> Flask:
    app = create_app(_settings(folder))
    with app.app_context():
        schema.upgrade(db.engine)
    return app


def _person(app: Flask) -> int:
    with app.app_context(), transaction():
        person = make.cast().wang
        row = MessageSettings(volunteer_id=person.id, email="wang@example.cn", off=[])
        row.email_confirmed_at, row.quiet_from, row.quiet_to = clock.now(), 0, 0
        db.session.add(row)
        return person.id


def _tell(app: Flask, person: int) -> None:
    # The door is set up, whatever its server does.
    before = app.extensions["settings"]
    door = MailServer("127.0.0.1", 1, False, None, None, "zhiyuan@street.example.cn")
    app.extensions["settings"] = replace(before, doors=Doors(mail=door))
    with app.app_context():
        for points in range(LETTERS):
            with transaction():
                messages.tell(person, "points_adjusted", at=clock.now(), points=points + 1)


def _send(app: Flask, server: MailServer, at: Any, door: MailDoor | None = None) -> dict[str, Any]:
    began = time.monotonic()
    found = door or MailDoor(server, answer_seconds=2, letter_seconds=4)
    with app.app_context():
        office = replace(sending_office.office(), doors={"email": found}, now=lambda: at)
        counts = sending.send_due(office)
        db.session.remove()
    return {"counts": counts, "seconds": round(time.monotonic() - began, 1)}


def _send_beside_pages(app: Flask, server: MailServer, at: Any) -> dict[str, Any]:
    """Send, and meanwhile request pages."""
    with ThreadPoolExecutor(1) as thread:
        sent = thread.submit(_send, app, server, at)
        slowest = _page_ms(app)
        return sent.result() | {"page_ms": slowest}


def _killed(folder: Path, server: MailServer, at: Any) -> dict[str, Any]:
    """Run the sending in a process of its own that dies right after a server accepted a letter."""
    command = [sys.executable, __file__, "--send", str(folder), str(server.port), at.isoformat()]
    ended = subprocess.run(command, cwd=ROOT, check=False, env=dict(os.environ))
    return {"signal": -ended.returncode}


def _send_and_die(folder: str, port: str, at: str) -> None:
    from datetime import datetime

    server = MailServer("127.0.0.1", int(port), False, None, None, "zhiyuan@street.example.cn")
    _send(create_app(_settings(Path(folder))), server, datetime.fromisoformat(at), Dying(server))


class Dying(MailDoor):
    """A sender that gets kill -9 after some letters, before the answer is stored."""

    def __init__(self, server: MailServer) -> None:
        super().__init__(server)
        self.sent = 0

    def send(self, letter: Any) -> None:
        super().send(letter)
        self.sent += 1
        if self.sent == KILLED_AFTER:
            os.kill(os.getpid(), signal.SIGKILL)


def _page_ms(app: Flask) -> float:
    """Return the slowest of twenty first pages."""
    client, slowest = app.test_client(), 0.0
    for _ in range(20):
        began = time.monotonic()
        answer = client.get("/", base_url=_settings_of(app).base_url)
        if answer.status_code != 200:
            raise RuntimeError(answer.status)
        slowest = max(slowest, time.monotonic() - began)
    return round(slowest * 1000, 1)


def _settings_of(app: Flask) -> Settings:
    found: Settings = app.extensions["settings"]
    return found


def _waiting(app: Flask) -> int:
    with app.app_context():
        query = select(func.count()).where(Delivery.state.not_in(("sent", "dropped")))
        found = db.session.scalar(query) or 0
        db.session.remove()
    return found


@contextmanager
def _hanging() -> Any:
    """Run a server that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.listen(50)
        port = listening.getsockname()[1]
        yield MailServer("127.0.0.1", port, False, None, None, "zhiyuan@street.example.cn")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--send"]:
        _send_and_die(*sys.argv[2:])
    sys.exit(main())
