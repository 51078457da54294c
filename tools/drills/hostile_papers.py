"""Four hostile PDFs at once, and whether pages and check-ins still answer.

    .venv/bin/python tools/drills/hostile_papers.py

It starts ``volunteer-service serve`` on a free port over a SQLite file of its own, asks for a page
and checks people in: first calmly, then while four uploads are decoded over and over, as the
service does it (in processes of their own, with their bounds). Each upload is a page of 200,000
curves that uses up all the work that a file may take.

Prints one line of JSON; exit 1 where an answer failed or 1 % of them took longer than LIMIT_MS.
"""

import json
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "bench"), str(ROOT)]

from _harness import crowd, load, servers  # noqa: E402  it is not installed

from tests.paper import hostile_scans  # noqa: E402
from volunteer_service.paper import uploaded_pages  # noqa: E402

UPLOADS = 4
ASKED = 200
LIMIT_MS = 3000
PAGE = b"GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


class Uploader(threading.Thread):
    """Hands the file in over and over; counts what it is told."""

    def __init__(self, data: bytes) -> None:
        super().__init__(daemon=True)
        self._data = data
        self.told: list[str] = []
        self.is_over = threading.Event()

    def run(self) -> None:
        """Upload until it is over."""
        while not self.is_over.is_set():
            try:
                uploaded_pages.pages(self._data)
                self.told.append("taken")
            except uploaded_pages.Unreadable as refused:
                self.told.append(refused.reason)


def ask(port: int, check_ins: list[bytes]) -> dict[str, load.Measured]:
    """Ask for the page and check in."""
    return {
        "page": load.run(port, [PAGE] * ASKED, connections=4),
        "check-in": load.run(port, check_ins, connections=4),
    }


def main() -> int:
    """Measure, and say whether it was good enough."""
    uploaders = [Uploader(hostile_scans.intricate_pdf()) for _n in range(UPLOADS)]
    with servers.folder() as folder:
        env = crowd.settings(f"sqlite:///{folder / 'drill.db'}", str(folder))
        gathered = crowd.gather(env, 2 * ASKED).requests
        with servers.product(env, folder, workers=1) as port:
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
    told = sorted(reason for one in uploaders for reason in one.told)
    print(json.dumps({"p50_and_p99_ms": said, "uploads": {r: told.count(r) for r in set(told)}}))
    return 0 if good and max(m.p99_ms for m in busy.values()) <= LIMIT_MS else 1


if __name__ == "__main__":
    sys.exit(main())
