"""A process dies in the middle of an import: it has done nothing, and it goes on or is repeated."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests.databases import Databases
from tests.workbooks import town
from tests.workbooks.street import Street
from tests.workbooks.town import SYSTEM
from volunteer_service import clock, settings
from volunteer_service.db import db, transaction
from volunteer_service.workbooks import applying, import_states, receiving
from volunteer_service.workbooks.models import Import

#: Step, how far it is, the state in which a reader then finds the import.
DEATHS = [
    ("reading", 0.0, "failed"),
    ("writing", 0.0, "previewed"),
    ("writing", 0.5, "previewed"),
    ("commit", 1.0, "previewed"),
]


def killed(app: Flask, url: str, paths: list[Path], step: str, share: float) -> None:
    """Import in a process that dies there."""
    with app.app_context():
        now = settings.current()
        env = {
            **os.environ,
            "APP_ENV": "test",
            "DATABASE_URL": url,
            "SECRET_KEY": now.secret_key,
            "PERSONAL_DATA_KEY": now.personal_data_key,
            "VAR_DIR": str(now.var_dir),
        }
        db.session.remove()
        db.engine.dispose()
    command = [sys.executable, "-m", "tests.races.killed_import", step, str(share)]
    done = subprocess.run([*command, *map(str, paths)], env=env, check=False)
    assert done.returncode == -signal.SIGKILL


@pytest.mark.parametrize(("step", "share", "state"), DEATHS)
def test_killed_at_any_step_it_has_done_nothing_and_goes_on(
    app: Flask,
    databases_of_run: Databases,
    tmp_path: Path,
    step: str,
    share: float,
    state: str,
) -> None:
    street = Street(tmp_path, 4, people=120)
    paths = street.write()

    killed(app, databases_of_run.url, paths, step, share)

    # The file of its progress has not moved for longer than a step may stand still.
    later = clock.now() + timedelta(minutes=2)
    with app.app_context():
        with transaction():
            assert town.counted().keys() <= {"points_accounts"}
            row = db.session.scalars(select(Import)).one()
            found = import_states.standing(row.id, by=SYSTEM, at=later)
            assert (found.state, found.is_cut_off) == (state, True)
            if state == "previewed":
                applying.apply(row.id, by=SYSTEM, at=later)
            else:
                town.applied(paths)
        with transaction():
            there = town.counted()
            assert there["volunteers"] == street.taken["volunteers"]
            assert there["service_records"] == street.taken["service_log"]
            town.healthy()
            # Handed in once more, nothing is doubled.
            again = town.applied(paths)
            assert not any(again.counts["new"].values())
            receiving.drop_old(at=later + timedelta(days=8))
        with transaction(write=False):
            counts = town.counted()
            assert {name: counts[name] for name in there} == there
        db.session.remove()
