"""Hostile PDFs handed in to the running server, and whether pages and check-ins still answer.

    .venv/bin/python tools/drills/hostile_papers.py

It starts ``volunteer-service serve`` with one process on a free port over a SQLite file of its own,
asks for a page and checks people in: first calmly, then while UPLOADS connections, more than the
server has threads, hand a file in over and over through the API. Each file is a page of 200,000
curves that uses up all the work and time that a file may take.

Prints one line of JSON; exit 1 where an answer failed, no upload was decoded to its limit, or 1 %
of the answers took longer than LIMIT_MS.
"""

import json
import sys
import threading
from collections import Counter
from collections.abc import Mapping
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "bench"), str(ROOT)]

from _harness import crowd, load, servers  # noqa: E402  it is not installed

from tests.paper import hostile_scans  # noqa: E402
from volunteer_service import clock  # noqa: E402
from volunteer_service.app import create_app  # noqa: E402
from volunteer_service.db import db, transaction  # noqa: E402
from volunteer_service.people.authentication import api_tokens  # noqa: E402
from volunteer_service.people.authentication.sessions import actor_of  # noqa: E402
from volunteer_service.people.models import Account, Grant  # noqa: E402
from volunteer_service.server import THREADS  # noqa: E402
from volunteer_service.settings import Settings  # noqa: E402

UPLOADS = THREADS + 4
ASKED = 200
LIMIT_MS = 3000
PAGE = b"GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
#: A sheet that does not exist; the files are read before that is found.
DOOR = f"/api/v1/record-sheets/{'a' * 32}/papers"
BOUNDARY = "drill"


class Uploader(threading.Thread):
    """Uploads the file again and again; counts the answers."""

    def __init__(self, port: int, token: str, data: bytes) -> None:
        super().__init__(daemon=True)
        self._port, self._token = port, token
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="paper"; filename="a.pdf"'
        kind = "\r\nContent-Type: application/pdf\r\n\r\n"
        self._body = (head + kind).encode() + data + f"\r\n--{BOUNDARY}--\r\n".encode()
        self.told: Counter[str] = Counter()
        self.is_over = threading.Event()

    def run(self) -> None:
        """Upload until it is over."""
        while not self.is_over.is_set():
            self.told[self._upload()] += 1

    def _upload(self) -> str:
        """Return the status and the reason of one upload."""
        asking = HTTPConnection("127.0.0.1", self._port, timeout=60)
        headers = {
            "Authorization": f"Bearer {self._token}",
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        }
        try:
            asking.request("POST", DOOR, self._body, headers)
            answer = asking.getresponse()
            said = answer.read()
            # The proxy's refusals are plain text.
            code = json.loads(said).get("code", "") if said.startswith(b"{") else ""
            return f"{answer.status} {code}".strip()
        except OSError as fault:
            return type(fault).__name__
        finally:
            asking.close()


def coordinator(env: Mapping[str, str]) -> str:
    """Return a token of somebody who may hand papers in."""
    app = create_app(Settings.from_env(env))
    with app.app_context():
        with transaction():
            nobody = "-"
            who = Account(login="drill", name="周静", password_hash=nobody, created_at=clock.now())
            db.session.add(who)
            db.session.flush()
            db.session.add(Grant(account_id=who.id, role="coordinator", area_id=1))
            db.session.flush()
            by = actor_of(who, door="page")
            _row, text = api_tokens.make_token("drill", ["write"], 1, by=by, at=clock.now())
        db.session.remove()
        db.engine.dispose()
    return text


def ask(port: int, check_ins: list[bytes]) -> dict[str, load.Measured]:
    """Ask for the page and check in."""
    return {
        "page": load.run(port, [PAGE] * ASKED, connections=4),
        "check-in": load.run(port, check_ins, connections=4),
    }


def main() -> int:
    """Measure, and tell whether it was good enough."""
    with servers.folder() as folder:
        env = crowd.settings(f"sqlite:///{folder / 'drill.db'}", str(folder))
        gathered, token = crowd.gather(env, 2 * ASKED).requests, coordinator(env)
        with servers.product(env, folder, workers=1) as port:
            data = hostile_scans.intricate_pdf()
            uploaders = [Uploader(port, token, data) for _n in range(UPLOADS)]
            calm = ask(port, gathered[:ASKED])
            for one in uploaders:
                one.start()
            busy = ask(port, gathered[ASKED:])
            for one in uploaders:
                one.is_over.set()
            for one in uploaders:
                one.join()
    expected = {"page": {200}, "check-in": {303}}
    good = all(set(busy[name].statuses) == expected[name] for name in expected)
    said = {
        name: {state: [round(m[name].p50_ms), round(m[name].p99_ms)] for state, m in both}
        for name in expected
        for both in [(("calm", calm), ("while decoding", busy))]
    }
    told = sum((one.told for one in uploaders), Counter())
    print(json.dumps({"p50_and_p99_ms": said, "uploads": told}))
    good = good and any(status.endswith("paper_too_intricate") for status in told)
    return 0 if good and max(m.p99_ms for m in busy.values()) <= LIMIT_MS else 1


if __name__ == "__main__":
    sys.exit(main())
