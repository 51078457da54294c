"""Databases of older programs are upgraded and give the same results as on the day they
were made.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests import make
from tests.databases import Databases
from tests.old import FOLDERS, Old, restored
from volunteer_service import policies
from volunteer_service.certificates import register, rendering, verifying
from volunteer_service.db import db, schema, transaction
from volunteer_service.people.authentication import sessions
from volunteer_service.people.models import Account, Guardian, Volunteer
from volunteer_service.scoring.points import doctor, seals
from volunteer_service.scoring.ratings import replays
from volunteer_service.scoring.ratings.models import Round
from volunteer_service.scoring.rewards import desk_search, pick_up_codes
from volunteer_service.scoring.rewards import doctor as rewards_doctor
from volunteer_service.scoring.rewards.models import Redemption
from volunteer_service.scoring.rules.policy import policy_hash


@pytest.fixture(scope="module", params=FOLDERS, ids=lambda folder: folder.name)
def old(
    request: pytest.FixtureRequest,
    app_of_run: Flask,
    databases_of_run: Databases,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Old]:
    """Upgraded once for all that look at it."""
    with app_of_run.app_context():
        db.engine.dispose()
    found = restored(request.param, databases_of_run, tmp_path_factory.mktemp("var"))
    with found.app.app_context():
        schema.upgrade(db.engine)
    yield found
    with found.app.app_context():
        db.engine.dispose()


@pytest.fixture
def looking(old: Old) -> Iterator[Old]:
    """The upgraded database, read only."""
    with old.app.app_context():
        with transaction(write=False):
            yield old
        db.session.remove()


def test_there_is_one_to_upgrade() -> None:
    assert [folder.name for folder in FOLDERS][:1] == ["0942e45"]


def test_the_schema_is_today_s(looking: Old) -> None:
    assert schema.current(db.engine) == schema.head()
    assert schema.differences(db.engine) == []


def test_every_figure_is_what_the_old_program_wrote_down(looking: Old) -> None:
    assert looking.figures() == looking.expected["figures"]


def test_the_doctors_find_nothing(looking: Old) -> None:
    assert doctor.doctor() == []
    assert rewards_doctor.doctor() == []


def test_the_chain_of_seals_has_the_same_head(looking: Old) -> None:
    assert seals.head() == looking.expected["head"] != "0" * 64


def test_every_round_replays_to_the_same_hashes(looking: Old) -> None:
    rounds = db.session.scalars(select(Round).where(Round.policy_version.is_not(None))).all()
    found = {str(row.id): replays.replay(row) for row in rounds}
    assert [id_ for id_, replay in found.items() if not replay.equal] == []
    assert {str(row.id): [row.facts_hash, found[str(row.id)].final_hash] for row in rounds} == (
        looking.expected["replays"]
    )


def test_every_version_of_the_policy_has_its_hash(looking: Old) -> None:
    kept = policies.versions()
    assert {str(row.version): row.hash for row in kept} == looking.expected["policies"]
    assert [policy_hash(row.policy) for row in kept] == [row.hash for row in kept]


def test_every_paper_verifies_as_it_did_and_is_drawn(looking: Old) -> None:
    papers = looking.expected["papers"]
    assert set(papers.values()) == {"valid", "revoked"}
    assert {token: verifying.verify(token).state for token in papers} == papers
    token = next(token for token, state in papers.items() if state == "valid")
    paper = register.readable(token.split("-")[0], by=of(looking, "admin"))
    assert rendering.pdf(paper).startswith(b"%PDF")


def of(old: Old, login: str) -> Any:
    """Somebody of the street."""
    account = db.session.scalars(select(Account).where(Account.login == login)).one()
    return make.acting(account)


def test_pick_up_codes_are_the_same_and_the_open_order_is_found_by_its_own(looking: Old) -> None:
    orders = db.session.scalars(select(Redemption)).all()
    desk = of(looking, "sunli")
    said = {str(row.id): pick_up_codes.code_of(row) for row in orders}
    assert said == looking.expected["codes"]
    waiting = looking.expected["open_order"]
    found = desk_search.find_by_code(waiting["code"], by=desk)
    assert (found.id, found.state) == (waiting["id"], "ordered")


def test_personal_data_opens(looking: Old) -> None:
    people = db.session.scalars(select(Volunteer).order_by(Volunteer.id))
    assert [[row.name, row.phone, row.identity] for row in people] == looking.expected["people"]
    guardians = db.session.scalars(select(Guardian).order_by(Guardian.id))
    assert [[row.name, row.phone] for row in guardians] == looking.expected["guardians"]


def test_a_token_is_still_one(looking: Old) -> None:
    actor, scopes = sessions.bearer(looking.expected["token"], at=looking.at)
    assert (actor.name, scopes) == ("王建国", {"read"})
