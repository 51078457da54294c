"""Milliseconds of server time for every list that staff read, at the example street.

The example's workbooks are imported into an empty SQLite file. Each list is asked for as an admin
of the street sees it, in its own order and in every order of its headings (``--quick``: in its own
order alone); of each address the median of some runs counts, warmed by one. Exits with 1 where a
list is slower than the limit. ``cpu_ms`` is the most that an address took of a processor: where it
is far below the figure, the machine had other work.
"""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

from _harness import figures, servers
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy import event

from volunteer_service import clock
from volunteer_service.app import create_app
from volunteer_service.areas.models import Area
from volunteer_service.db import db, transaction
from volunteer_service.lists.registry import LISTS
from volunteer_service.people.models import Account, Grant
from volunteer_service.settings import Settings

LIMIT_MS = 60
PROGRAMME = servers.ROOT / "examples" / "programme"
LOGIN, PASSWORD = "bench", "bench-of-lists-7"
_CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')


def main() -> None:
    """Measure, and print the figure."""
    quick = figures.quick(__doc__)
    runs = 5 if quick else 9
    with servers.folder() as folder:
        env = dict(os.environ) | {
            "VAR_DIR": str(folder),
            "DATABASE_URL": "",
            "APP_ENV": "demo",
            "RATE_LIMITS": "off",
        }
        command = [str(Path(sys.executable).parent / "volunteer-service"), "import", "--json"]
        subprocess.run(
            [*command, str(PROGRAMME)],
            env=env,
            cwd=servers.ROOT,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        app = create_app(Settings.from_env(env))
        client = app.test_client()
        with app.app_context(), transaction():
            people = _admin()
            engine = db.engine
        said: list[str] = []
        event.listen(engine, "before_cursor_execute", lambda *what: said.append(what[2]))
        _sign_in(client)
        found = {path: _measured(client, path, runs, said) for path in _addresses(quick)}
        with app.app_context():
            db.engine.dispose()
    for path, (ms, cpu_ms, statements) in sorted(found.items(), key=lambda each: -each[1][0]):
        print(f"{ms:7.1f} ms {cpu_ms:7.1f} ms CPU {statements:3} statements {path}", flush=True)
    slowest = max(found, key=lambda path: found[path][0])
    worst = found[slowest][0]
    figures.say(
        "every list of staff at the example street",
        round(worst, 1),
        "ms, the slowest address",
        f"the limit of {LIMIT_MS} ms",
        round(worst / LIMIT_MS, 3),
        "ratio <= 1",
        people=people,
        lists=len(LISTS),
        addresses=len(found),
        slowest=slowest,
        median_ms=round(figures.median([ms for ms, _cpu, _said in found.values()]), 1),
        cpu_ms=round(max(cpu for _ms, cpu, _said in found.values()), 1),
        most_statements=max(statements for _ms, _cpu, statements in found.values()),
        over=[path for path, (ms, _cpu, _said) in found.items() if ms > LIMIT_MS],
    )
    if worst > LIMIT_MS:
        sys.exit(1)


def _addresses(quick: bool) -> list[str]:
    addresses = []
    for name, declared in LISTS.items():
        addresses.append(f"/lists/{name}")
        if not quick:
            addresses += [f"/lists/{name}?sort={sort}" for sort in declared.sorts.names]
    return addresses


def _admin() -> int:
    """Make the reader; return how many people there are."""
    hashed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    account = Account(login=LOGIN, name="测", password_hash=hashed, created_at=clock.now())
    db.session.add(account)
    db.session.flush()
    for area_id in db.session.scalars(db.select(Area.id).where(Area.parent_id.is_(None))):
        db.session.add(Grant(account_id=account.id, role="admin", area_id=area_id))
    people = db.session.scalar(db.text("SELECT count(*) FROM volunteers"))
    return int(people or 0)


def _sign_in(client: FlaskClient) -> None:
    page = client.get("/sign-in").get_data(as_text=True)
    form = {"login": LOGIN, "password": PASSWORD, "csrf_token": _CSRF.search(page)[1]}
    if client.post("/sign-in", data=form).status_code != 303:
        sys.exit("The reader of the lists cannot sign in.")


def _measured(
    client: FlaskClient, path: str, runs: int, said: list[str]
) -> tuple[float, float, int]:
    """Return the medians of the milliseconds, by clock and by CPU, and the statements of a run."""
    taken, used = [], []
    for _run in range(runs + 1):
        said.clear()
        began, cpu = time.perf_counter(), time.process_time()
        answer = client.get(path)
        taken.append((time.perf_counter() - began) * 1000)
        used.append((time.process_time() - cpu) * 1000)
        if answer.status_code != 200:
            sys.exit(f"{path} answers {answer.status_code}.")
    return figures.median(taken[1:]), figures.median(used[1:]), len(said)


if __name__ == "__main__":
    main()
