"""Check-ins a second through the whole product on SQLite, against a bare app and bare sqlite3.

Each check-in is the POST that a phone sends: session cookie, CSRF token, signed code. The bare app
runs the same SQL with the product's pragmas (WAL, synchronous=FULL) under the same server with the
one worker of 8 threads that the product has on SQLite; bare sqlite3 is one loop without HTTP.
"""

import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

from _harness import figures, race, servers, statements
from _harness.crowd import FIRST


def main() -> None:
    """Measure, and print the figure."""
    quick = figures.quick(__doc__)
    rounds, each = (3, 800) if quick else (5, 4000)
    with servers.folder() as folder:
        product, bare, loop = (folder / f"{name}.db" for name in ("product", "bare", "loop"))

        def copy() -> None:
            for path in (bare, loop):
                shutil.copyfile(product, path)

        # fmt: off
        result = race.run(
            f"sqlite:///{product}", str(bare), copy, folder, workers=1, rounds=rounds, each=each
        )
        # fmt: on
        alone = _loop(loop, rounds * each)
    figures.say(
        "check-ins through the whole product on SQLite",
        round(result.product.per_second),
        "check-ins/s",
        "a bare Flask app on sqlite3, same SQL and pragmas, same server, same run",
        result.ratio,
        "ratio >= 0.75, p99_ratio <= 2",
        **result.more(),
        sqlite3_per_second=round(alone),
        ratio_to_sqlite3=round(result.product.per_second / alone, 3),
    )


def _loop(path: Path, count: int) -> float:
    """Return check-ins a second of one loop over bare sqlite3."""
    database = statements.Sqlite(str(path))
    began = time.perf_counter()
    for id_ in range(FIRST, FIRST + count):
        now = datetime.now(UTC)
        who = {"volunteer": id_, "account": id_, "session": statements.session_of(id_)}
        database.check_in(who | {"scan": f"loop-{id_}", "code": "BENCH001", "now": now})
    return count / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
