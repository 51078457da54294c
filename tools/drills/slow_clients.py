"""Runs 200 slow callers on loopback, and tells whether a page and a check-in still answer.

    .venv/bin/python tools/drills/slow_clients.py

It starts ``volunteer-service serve`` on a free port over a SQLite file of its own, without a proxy,
and keeps 50 each of: heads that stop, bodies that stop, connections that idle, answers that nobody
reads. Whoever is turned away comes again at once. Meanwhile it asks for a page and checks people
in, and then lets 1,500 phones come from the same address.

Then 200 strangers of 40 addresses pour bodies of 60 MB into the door of the workbooks, with false
tokens, half of them in chunks; whoever is turned away comes again at once. Meanwhile it asks for
a page, checks people in, and looks at what the proxy keeps in memory and in files (Linux).

Prints one line of JSON; exit 1 where an answer failed, the slowest 1 % took longer than LIMIT_MS,
or the proxy kept more than LIMIT_MB of what strangers sent.
"""

import json
import selectors
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[2] / "bench")]

from _harness import crowd, load, servers  # noqa: E402  it is not installed
from strangers import pouring  # noqa: E402

SLOW_EACH = 50
PHONES = 1500
ASKED = 200
LIMIT_MS = 3000
LIMIT_MB = 64
#: Seconds for which the strangers send before anybody else comes.
POUR_SECONDS = 10
HOST = b"Host: 127.0.0.1\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
PAGE = b"GET /sign-in HTTP/1.1\r\n" + HOST + b"\r\n"
#: The beginning of each kind; none of them continues.
BEGINNINGS = {
    "slow heads": b"GET /sign-in HTTP/1.1\r\nHost: 127",
    "slow bodies": b"POST /sign-in HTTP/1.1\r\n" + HOST + FORM + b"Content-Length: 1000\r\n\r\na=",
    "idle": PAGE,
    "slow readers": PAGE * 200,
}


class Dawdlers(threading.Thread):
    """200 slow callers; a rejected one is replaced. Counts how often that was."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self._port = port
        self.begun = dict.fromkeys(BEGINNINGS, 0)
        self.is_over = threading.Event()

    def run(self) -> None:
        """Be slow until the end."""
        with selectors.DefaultSelector() as selector:
            for kind in BEGINNINGS:
                for _ in range(SLOW_EACH):
                    self._begin(kind, selector)
            while not self.is_over.is_set():
                for key, _events in selector.select(timeout=0.2):
                    self._look(key, selector)

    def _begin(self, kind: str, selector: selectors.BaseSelector) -> None:
        connection = socket.socket()
        if kind == "slow readers":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(10)
        connection.connect(("127.0.0.1", self._port))
        connection.settimeout(0)
        with suppress(BlockingIOError):
            connection.send(BEGINNINGS[kind])
        self.begun[kind] += 1
        # A caller that reads nothing only waits for the end.
        selector.register(connection, selectors.EVENT_READ, kind)

    def _look(self, key: selectors.SelectorKey, selector: selectors.BaseSelector) -> None:
        kind, connection = key.data, key.fileobj
        try:
            # One byte at a time keeps a slow reader slow.
            if connection.recv(1 if kind == "slow readers" else 65536):
                if kind == "slow readers":
                    time.sleep(0.001)
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        selector.unregister(connection)
        connection.close()
        self._begin(kind, selector)


@contextmanager
def dawdling(port: int) -> Iterator[Dawdlers]:
    """Run the slow callers during the block."""
    slow = Dawdlers(port)
    slow.start()
    time.sleep(12)
    try:
        yield slow
    finally:
        slow.is_over.set()
        slow.join()


def refuse_strangers(port: int, check_ins: list[bytes]) -> tuple[dict[str, Any], bool]:
    """Return what the proxy keeps of the strangers, and whether everybody else was answered in
    time.
    """
    with pouring(port) as (poured, kept):
        time.sleep(POUR_SECONDS)
        page = load.run(port, [PAGE] * ASKED, connections=4)
        check_in = load.run(port, check_ins, connections=4)
    answered = set(page.statuses) == {200} and set(check_in.statuses) == {303}
    said = {
        **poured,
        "kept_mb_memory_and_files": kept.megabytes,
        "page_and_check-in_p50_and_p99_ms": [
            *(round(page.p50_ms), round(page.p99_ms)),
            *(round(check_in.p50_ms), round(check_in.p99_ms)),
        ],
    }
    return said, answered and max(page.p99_ms, check_in.p99_ms) <= LIMIT_MS


def main() -> int:
    """Measure, and tell whether it was good enough."""
    with servers.folder() as folder:
        env = crowd.settings(f"sqlite:///{folder / 'drill.db'}", str(folder))
        gathered = crowd.gather(env, 3 * ASKED + PHONES).requests
        with servers.product(env, folder, workers=1) as port:
            calm = load.run(port, gathered[:ASKED], connections=4)
            with dawdling(port) as slow:
                page = load.run(port, [PAGE] * ASKED, connections=4)
                check_in = load.run(port, gathered[ASKED : 2 * ASKED], connections=4)
                phones = load.run(port, gathered[3 * ASKED :], connections=PHONES)
            strangers, meanwhile = refuse_strangers(port, gathered[2 * ASKED : 3 * ASKED])
    measured = {"page": page, "check-in": check_in}
    figures = {name: [round(m.p50_ms), round(m.p99_ms)] for name, m in measured.items()}
    good = {
        "page": set(page.statuses) == {200} and page.p99_ms <= LIMIT_MS,
        "check-in": set(check_in.statuses) == {303} and check_in.p99_ms <= LIMIT_MS,
        "phones": phones.statuses == {303: PHONES},
        "strangers": meanwhile and max(strangers["kept_mb_memory_and_files"]) <= LIMIT_MB,
    }
    said = {
        "slow_callers_begun": slow.begun,
        "p50_and_p99_ms": figures,
        "check-in_without_slow_callers_ms": [round(calm.p50_ms), round(calm.p99_ms)],
        "phones_at_once": PHONES,
        "phones_answered": phones.statuses.get(303, 0),
        "phones_slowest_s": round(PHONES / phones.per_second, 1),
        "strangers": strangers,
        "good": good,
    }
    print(json.dumps(said))
    return 0 if all(good.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
