"""An import in a process of its own, which is killed at a given step; run by a test."""

import os
import signal
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from sqlalchemy import event

from tests.workbooks.town import NOON, SYSTEM
from volunteer_service.app import create_app
from volunteer_service.db import db, fetch, transaction
from volunteer_service.settings import Settings
from volunteer_service.workbooks import applying, receiving, stored_files
from volunteer_service.workbooks.judging.hand_in import Tell, judge
from volunteer_service.workbooks.models import Import


def dying(step: str, share: float) -> Tell:
    """Tell nobody; end the process without a farewell once the step is so far."""

    def tell(now: str, done: int, total: int) -> None:
        if now == step and done >= share * total:
            die()

    return tell


def die(*_connection: Any) -> None:
    """End this process without a farewell."""
    os.kill(os.getpid(), signal.SIGKILL)


def run(paths: list[Path], step: str, share: float) -> None:
    """Hand in, judge and apply, each committed alone, as pages and command line do."""
    tell = dying(step, share)
    with transaction(), ExitStack() as stack:
        files = [stored_files.Upload(p.name, stack.enter_context(p.open("rb"))) for p in paths]
        number = receiving.receive(files, by=SYSTEM, at=NOON).id
    with transaction(write=False):
        judged = judge(fetch(Import, number), at=NOON, tell=tell)
    with transaction():
        receiving.previewed(number, judged)
    with transaction():
        applying.begin(number, by=SYSTEM, at=NOON)
    with transaction():
        applying.bring_in(number, judged, by=SYSTEM, at=NOON, tell=tell)
        if step == "commit":
            # All of it is written; the next word to the database would be COMMIT.
            db.session.flush()
            event.listen(db.engine, "commit", die)


if __name__ == "__main__":
    _, wanted, part, *names = sys.argv
    with create_app(Settings.from_env(os.environ)).app_context():
        run([Path(name) for name in names], wanted, float(part))
        db.session.remove()
