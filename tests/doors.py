"""Knocking: the addresses filled in, a browser for everybody, and whether a door opened."""

from collections.abc import Iterator

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests import make_doors
from tests.make_doors import PEOPLE, Things
from tests.signing import sign_in
from volunteer_service.db import Base, db, transaction

EVERYBODY = "".join(PEOPLE)
SIGNED_IN = EVERYBODY.removeprefix("-")

#: What is said to a signed-in stranger.
REFUSED = {401, 403, 404}


@pytest.fixture
def town(app: Flask) -> Things:
    """One of everything."""
    with app.app_context(), transaction():
        return make_doors.things()[1]


@pytest.fixture
def doors(app: Flask, town: Things) -> dict[str, FlaskClient]:
    """A browser for everybody."""
    found = {letter: app.test_client() for letter in PEOPLE}
    for letter in SIGNED_IN:
        sign_in(found[letter], PEOPLE[letter])
    return found


def rules(app: Flask, method: str, *, api: bool = False) -> Iterator[Rule]:
    """The addresses that know this method."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/") is api and method in (rule.methods or ()):
            yield rule


def address(app: Flask, rule: Rule, town: Things) -> str:
    """The address with everything filled in."""
    values = {name: town.values()[name] for name in rule.arguments}
    if "answer" in values:
        values["answer"] = "refuse" if "membership" in rule.rule else "dismiss"
    if "step" in values:
        values["step"] = "draft"
    with app.test_request_context():
        return url_for(rule.endpoint, **values)


def let_in(answer: TestResponse) -> bool:
    """Whether the door opened: neither refused nor sent to sign in."""
    assert answer.status_code < 500 or answer.request.path == "/readyz", answer.request.path
    sent_away = answer.status_code in (302, 303) and answer.location.startswith("/sign-in")
    return not sent_away and answer.status_code not in REFUSED


def rows(app: Flask) -> dict[str, int]:
    """How many rows each table has."""
    with app.app_context():
        return {
            table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }
