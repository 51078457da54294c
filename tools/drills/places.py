"""Two hundred people come for five places at one moment, while five are given back.

    .venv/bin/python tools/drills/places.py 200 5
    .venv/bin/python tools/drills/places.py 200 5 postgres

On SQLite in a file of its own, or on a PostgreSQL that is thrown away afterwards. Ten processes
share the people, each with a connection of its own. They begin together once all of them have
started, which takes a minute on a busy machine of two cores. Prints one line of JSON; exit 1 where
more or fewer than five places are held or kept, somebody has two, or an answer was an error; a
process that breaks ends the drill with its error.
"""

import json
import multiprocessing as mp
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[2])]

import psycopg  # noqa: E402
from flask import Flask  # noqa: E402
from sqlalchemy import func, select  # noqa: E402

from tests import make, postgres  # noqa: E402
from tests.racing import verb  # noqa: E402
from volunteer_service.app import create_app  # noqa: E402
from volunteer_service.db import db, schema, transaction  # noqa: E402
from volunteer_service.events import sign_ups  # noqa: E402
from volunteer_service.events.models import SignUp  # noqa: E402
from volunteer_service.people.authorization.actor import Actor  # noqa: E402
from volunteer_service.settings import Settings  # noqa: E402

BEFORE = make.MORNING - timedelta(days=7)
#: The most processes at a time, because each has an application of its own in memory.
CROWD = 10
#: The possible answers to a person.
ANSWERS = {"confirmed", "waiting", "cancelled"}
#: Seconds within which every process starts, and within which another answer comes.
PATIENCE = 300


@contextmanager
def _database(kind: str) -> Iterator[str]:
    """Yield the address of an empty database; the empty one is a file in the drill's folder."""
    if kind == "sqlite":
        yield ""
        return
    with postgres.server() as url:
        with psycopg.connect(url("postgres"), autocommit=True) as connection:
            connection.execute("CREATE DATABASE places")
        yield url("places")


def _app(folder: str, url: str) -> Flask:
    env = {"VAR_DIR": folder, "APP_ENV": "demo", "DATABASE_URL": url, "LOG_LEVEL": "ERROR"}
    return create_app(Settings.from_env(env))


def _come(folder: str, url: str, works: list[tuple[str, int, int]], said: Any, start: Any) -> None:
    """Run one process: its people sign up or give back, one after the other, together with all
    others.
    """
    try:
        app = _app(folder, url)
        start.wait(timeout=PATIENCE)
        _act(app, works, said)
    except BaseException as error:
        # Nobody waits for the answers of a dead process.
        start.abort()
        said.put(f"{type(error).__name__}: {error}")
        raise


def _act(app: Flask, works: list[tuple[str, int, int]], said: Any) -> None:
    for kind, id_, shift_id in works:
        if kind == "up":
            by = Actor(None, id_, "", "page")
            said.put(verb(app, lambda: sign_ups.sign_up(shift_id, by=by, at=BEFORE).state)())  # noqa: B023
        else:
            by = Actor.system("cli")
            said.put(verb(app, lambda: sign_ups.withdraw(id_, by=by, at=BEFORE).state)())  # noqa: B023


def main(people: str = "200", places: str = "5", database: str = "sqlite") -> int:
    """Make the event, let everybody come, count."""
    with tempfile.TemporaryDirectory() as folder, _database(database) as url:
        app = _app(folder, url)
        shift_id, who, held = _made(app, int(people), int(places))
        works = [("up", id_, shift_id) for id_ in who] + [("back", id_, shift_id) for id_ in held]
        works.sort(key=lambda work: work[1] % 97)
        mp.set_start_method("spawn")
        said: Any = mp.Queue()
        start = mp.Barrier(CROWD)
        crowd = [
            # A daemon, so that the end of the drill ends its processes.
            mp.Process(target=_come, args=(folder, url, works[n::CROWD], said, start), daemon=True)
            for n in range(CROWD)
        ]
        for each in crowd:
            each.start()
        answers: Counter[str] = Counter()
        for _work in works:
            answers[str(said.get(timeout=PATIENCE))] += 1
            if set(answers) - ANSWERS:
                break
        for each in crowd:
            each.join()
        found = _counted(app, shift_id) | {"answers": dict(answers)}
        with app.app_context():
            db.engine.dispose()
    print(json.dumps(found, ensure_ascii=False))
    is_right = found["taken"] == int(places) and not found["twice"] and not found["passed"]
    return 0 if is_right and set(answers) <= ANSWERS else 1


def _made(app: Flask, people: int, places: int) -> tuple[int, list[int], list[int]]:
    with app.app_context():
        schema.upgrade(db.engine)
        with transaction():
            cast = make.cast()
            shift = make.event(team=cast.team, leader=cast.li_mei, capacity=places).shifts[0]
            first = [make.volunteer(f"先到{n}").id for n in range(places)]
            held = [
                sign_ups.sign_up(shift.id, volunteer_id=id_, by=Actor.system("cli"), at=BEFORE).id
                for id_ in first
            ]
            # They wait since the day before, so that nobody who comes now overtakes them.
            day = BEFORE - timedelta(days=1)
            for n in range(places):
                id_ = make.volunteer(f"候补{n}").id
                sign_ups.sign_up(shift.id, volunteer_id=id_, by=Actor.system("cli"), at=day)
            found = shift.id, [make.volunteer(f"志愿者{n}").id for n in range(people)], held
        db.session.remove()
        db.engine.dispose()
    return found


def _counted(app: Flask, shift_id: int) -> dict[str, Any]:
    with app.app_context(), transaction(write=False):
        mine = SignUp.shift_id == shift_id
        taken = select(func.count()).where(mine, sign_ups.takes_place())
        twice = select(SignUp.volunteer_id).where(mine).group_by(SignUp.volunteer_id)
        twice = twice.having(func.count() > 1)
        # Kept or held by somebody who came with the crowd, though others waited before.
        passed = select(func.count()).where(
            mine, sign_ups.takes_place(), SignUp.created_at == BEFORE
        )
        return {
            "taken": db.session.scalar(taken),
            "twice": len(db.session.scalars(twice).all()),
            "passed": db.session.scalar(passed),
            "rows": db.session.scalar(select(func.count()).where(mine)),
        }


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
