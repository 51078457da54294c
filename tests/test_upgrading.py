"""A database of an older program is upgraded and downgraded, and its users can still sign in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests import signing
from tests.databases import Databases
from tests.old import FOLDERS, Old, restored
from volunteer_service.db import db, schema, transaction
from volunteer_service.scoring.points import doctor
from volunteer_service.scoring.ratings import replays
from volunteer_service.scoring.ratings.models import Round


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name)
def fresh(
    request: pytest.FixtureRequest,
    app_of_run: Flask,
    databases_of_run: Databases,
    tmp_path: Path,
) -> Iterator[Old]:
    """Restored for one test that changes it, not upgraded yet."""
    with app_of_run.app_context():
        db.engine.dispose()
    found = restored(request.param, databases_of_run, tmp_path)
    yield found
    with found.app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_it_goes_down_to_the_old_program_and_up_again(fresh: Old) -> None:
    old_one = fresh.expected["revision"]
    with fresh.app.app_context():
        for to in ("head", old_one, "head"):
            (schema.downgrade if to == old_one else schema.upgrade)(db.engine, to)
            with transaction(write=False):
                assert fresh.figures() == fresh.expected["figures"]
        assert schema.differences(db.engine) == []
        with transaction(write=False):
            rounds = db.session.scalars(select(Round).where(Round.policy_version.is_not(None)))
            assert all(replays.replay(row).equal for row in rounds.all())
            assert doctor.doctor() == []


def test_accounts_sign_in_with_their_passwords_and_an_ended_one_does_not(fresh: Old) -> None:
    with fresh.app.app_context():
        schema.upgrade(db.engine)
    joined, password = fresh.expected["joined"], fresh.expected["password"]
    # 吴敏's account was ended.
    logins = [login for login in fresh.expected["logins"] if login != "wumin"]
    known = {joined["login"]: joined["password"]} | dict.fromkeys(logins, password)
    for login, its_password in known.items():
        client = fresh.app.test_client()
        signing.sign_in(client, login, its_password)
        assert client.get("/me").status_code == 200
    client = fresh.app.test_client()
    form = {"login": "wumin", "password": password} | signing.hidden(client, "/sign-in")
    assert client.post("/sign-in", data=form).status_code == 422
    assert "/sign-in" in client.get("/me").headers["Location"]
