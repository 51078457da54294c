"""Imports a street's 30,000 rows over a breaking connection into a server that is killed at every
step.

    .venv/bin/python tools/drills/killed_imports.py [--quick]

It starts ``volunteer-service serve`` over a SQLite file of its own and sends five workbooks in
pieces. Every fifth piece is cut in the middle by closing the connection. The server and all its
processes get kill -9 in the middle of a piece, while the rows are judged, and while they are
written; then it is started again, and the same clerk goes on. Two clerks: one hands in, the other
one approves.

Prints one line of JSON; exit 1 where the database holds other counts than the preview said, or
anything at all after a kill. ``--quick`` sends a quarter of the example's rows.
"""

import base64
import hashlib
import http.client
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from _harness import larger, servers  # noqa: E402  it is not installed

from tests import make  # noqa: E402
from tests.signing import token_for  # noqa: E402
from volunteer_service.app import create_app  # noqa: E402
from volunteer_service.db import db, schema, transaction  # noqa: E402
from volunteer_service.settings import Settings  # noqa: E402

PIECE = 96 * 1024
CUT_EVERY = 5
#: Twice the example's rows are over 30,000.
TIMES, QUICK_TIMES = 2, 0.25
HELD = ("SELECT count(*), coalesce(sum(minutes), 0) FROM service_records",)


class Server:
    """The service over one folder; killed with everything it started."""

    def __init__(self, folder: Path) -> None:
        self.env = {"VAR_DIR": str(folder / "var"), "APP_ENV": "demo", "RATE_LIMITS": "off"}
        self.log = folder / "server.log"
        self.port = servers.free_port()
        self.kills = 0

    def start(self) -> None:
        command = [str(Path(sys.executable).parent / "volunteer-service"), "serve"]
        with self.log.open("a") as out:
            self.running = subprocess.Popen(
                [*command, "--port", str(self.port)],
                cwd=ROOT,
                env=dict(os.environ) | self.env,
                start_new_session=True,
                stdout=out,
                stderr=out,
            )
        servers.wait_for(self.port, self.running, self.log)

    def kill(self) -> None:
        os.killpg(self.running.pid, signal.SIGKILL)
        self.running.wait()
        self.kills += 1

    def ask(
        self, method: str, path: str, who: dict[str, str], body: Any = None, **fields: str
    ) -> tuple[int, dict[str, str], Any]:
        """Send one request on a connection of its own; return status, fields, JSON."""
        data, said = body, who | {name.replace("_", "-"): value for name, value in fields.items()}
        if method == "POST":
            said |= {"Content-Type": "application/json", "Idempotency-Key": os.urandom(8).hex()}
            data = json.dumps(body or {})
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as line:
            line.request(method, path, data, said)
            answer = line.getresponse()
            text = answer.read()
            found = json.loads(text) if text else None
            if answer.status >= 400:
                raise SystemExit(f"{method} {path}: {answer.status} {text.decode()}")
            kept = {name.lower(): value for name, value in answer.headers.items()}
            return answer.status, kept, found

    def cut(self, path: str, who: dict[str, str], offset: int, piece: bytes) -> None:
        """Send half of a piece and close the connection."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as line:
            line.putrequest("PATCH", path)
            for name, value in (who | _fields(offset, piece)).items():
                line.putheader(name, value)
            line.putheader("Content-Length", str(len(piece)))
            line.endheaders()
            line.send(piece[: len(piece) // 2])


def _fields(offset: int, piece: bytes) -> dict[str, str]:
    checksum = base64.b64encode(hashlib.sha256(piece).digest()).decode()
    return {
        "Upload-Offset": str(offset),
        "Upload-Checksum": f"sha256 {checksum}",
        "Content-Type": "application/offset+octet-stream",
    }


def upload(server: Server, who: dict[str, str], path: Path, told: dict[str, int]) -> str:
    """Send one file; the server is killed once in the middle of the first one."""
    whole = path.read_bytes()

    def coded(text: str) -> str:
        return base64.b64encode(text.encode()).decode()

    about = f"filename {coded(path.name)},sha256 {coded(hashlib.sha256(whole).hexdigest())}"
    _, fields, _ = server.ask(
        "POST",
        "/api/v1/imports/uploads",
        who | {"Upload-Length": str(len(whole)), "Upload-Metadata": about},
    )
    place = "/api/v1/imports/uploads/" + fields["location"].rsplit("/", 1)[1]
    offset = 0
    while offset < len(whole):
        piece = whole[offset : offset + PIECE]
        told["pieces"] += 1
        if told["pieces"] % CUT_EVERY == 0:
            server.cut(place, who, offset, piece)
            told["cuts"] += 1
            if server.kills == 0:
                server.kill()
                server.start()
        else:
            server.ask("PATCH", place, who | _fields(offset, piece), piece)
        _, fields, _ = server.ask("HEAD", place, who)
        told["bytes_again"] += max(0, offset + len(piece) - int(fields["upload-offset"]))
        offset = int(fields["upload-offset"])
    return place.rsplit("/", 1)[1]


def until(server: Server, here: str, who: dict[str, str], is_so: Callable[[Any], bool]) -> Any:
    """Ask for the import until it is in the wanted state."""
    for _ in range(9000):
        found = server.ask("GET", here, who)[2]
        if is_so(found):
            return found
        time.sleep(0.05)
    raise SystemExit(f"{here} stays {found}")


def held(server: Server) -> tuple[int, int, int]:
    """Return records, minutes and volunteers in the database."""
    with closing(sqlite3.connect(Path(server.env["VAR_DIR"]) / "service.db")) as connection:
        (records, minutes) = connection.execute(HELD[0]).fetchone()
        (people,) = connection.execute("SELECT count(*) FROM volunteers").fetchone()
        return records, minutes, people


def main() -> None:
    """Run the drill and print its figures."""
    times = QUICK_TIMES if "--quick" in sys.argv else TIMES
    with servers.folder() as folder:
        larger.write(ROOT / "examples" / "programme", folder / "books", times)
        server = Server(folder)
        app = create_app(Settings.from_env(server.env))
        with app.app_context():
            schema.upgrade(db.engine)
            with transaction():
                cast = make.cast()
                first, second = token_for(cast.coordinator), token_for(cast.second)
                street = cast.town.id
            db.session.remove()
            db.engine.dispose()
        server.start()
        try:
            print(json.dumps(drill(server, folder / "books", first, second, street)))
        finally:
            server.kill()


def drill(
    server: Server, books: Path, first: dict[str, str], second: dict[str, str], street: int
) -> dict[str, Any]:
    """Upload, judge, approve, with each step killed once; return the figures."""
    told = dict.fromkeys(("pieces", "cuts", "bytes_again"), 0)
    before, began = held(server), time.monotonic()
    keys = [upload(server, first, path, told) for path in sorted(books.glob("*.xlsx"))]
    told["upload_seconds"] = round(time.monotonic() - began)
    body = {"uploads": keys, "area_id": street}
    handed_in = server.ask("POST", "/api/v1/imports/from-uploads", first, body)[2]
    here = f"/api/v1/imports/{handed_in['id']}"
    until(server, here, first, lambda it: it["done"])
    server.kill()
    if held(server) != before:
        raise SystemExit("a killed judging left something behind")
    server.start()
    until(server, here, first, lambda it: it["state"] == "failed")
    server.ask("POST", f"{here}/read", first)
    counts = until(server, here, first, lambda it: it["state"] == "previewed")["counts"]
    server.ask("POST", f"{here}/ask", first)
    server.ask("POST", f"{here}/approve", second)
    # Applying judges again, then writes, so the count begins again.
    seen = [0]

    def is_writing(it: Any) -> bool:
        if it["state"] == "applied":
            raise SystemExit("written before it could be killed")
        is_so = it["state"] == "applying" and 0 < it["done"] < seen[0]
        seen[0] = it["done"]
        return is_so

    until(server, here, second, is_writing)
    server.kill()
    if held(server) != before:
        raise SystemExit("a killed applying left something behind")
    server.start()
    until(server, here, first, lambda it: it["state"] == "asked")
    server.ask("POST", f"{here}/approve", second)
    until(server, here, first, lambda it: it["state"] == "applied")
    records, minutes, people = held(server)
    expected = (
        before[0] + counts["service_accepted"],
        before[1] + counts["service_minutes"],
        before[2] + counts["new"]["volunteers"],
    )
    if (records, minutes, people) != expected:
        raise SystemExit(f"{(records, minutes, people)} instead of {expected}")
    rows = counts["volunteers_rows"] + counts["service_rows"]
    told |= {"rows": rows, "records": records, "minutes": minutes, "kills": server.kills}
    return told | {"seconds": round(time.monotonic() - began)}


if __name__ == "__main__":
    main()
