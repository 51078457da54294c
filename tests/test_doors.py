"""Every address of the service, and who comes through its door.

A row is an address; its letters (``make_doors.PEOPLE``) are who may. Nobody else gets more than
«sign in first», «not found» or «not allowed», and nothing is changed by their knocking.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests import make_doors
from tests.make_doors import PEOPLE, Things
from tests.signing import hidden, sign_in, token_for
from volunteer_service.db import Base, db, transaction

EVERYBODY = "".join(PEOPLE)
SIGNED_IN = EVERYBODY.removeprefix("-")
VOLUNTEERS = "zwl"

#: Pages that are read. What a list shows of others' is the next test's question.
PAGES = {
    "/": EVERYBODY,
    "/accounts": "ecA",
    "/accounts/<int:account_id>": "cA",
    "/accounts/new": "A",
    "/c": EVERYBODY,
    "/c/<token>": EVERYBODY,
    "/certificates/<number>": "wacA",
    "/certificates/<number>.pdf": "wacA",
    "/certificates/<number>.png": "wacA",
    "/certificates/<number>/preview.png": "wacA",
    "/claim": EVERYBODY,
    "/desk": "dA",
    "/desk/day": "edcA",
    "/desk/days/<int:sheet_id>": "dcA",
    "/desk/people/<int:volunteer_id>": "dA",
    "/e/<int:event_id>": EVERYBODY,
    "/e/<int:event_id>/edit": "lcA",
    "/e/<int:event_id>/manage": "lcA",
    "/e/<int:event_id>/poster.<kind>": "lcA",
    "/e/<int:event_id>/qr.<kind>": "lcA",
    "/events": EVERYBODY,
    "/events/new": "oelcA",
    "/gifts": SIGNED_IN,
    "/gifts/<int:gift_id>/edit": "dcA",
    "/gifts/<int:gift_id>/order": "zwldcA",
    "/gifts/catalogue": "edcA",
    "/gifts/new": "edcA",
    "/healthz": EVERYBODY,
    "/imports": "ecA",
    "/imports/<int:import_id>": "cA",
    "/imports/<int:import_id>/refused.xlsx": "cA",
    "/join": EVERYBODY,
    "/me": SIGNED_IN,
    "/me/export.json": VOLUNTEERS,
    "/me/password": SIGNED_IN,
    "/me/tokens": SIGNED_IN,
    "/metrics": EVERYBODY,
    "/my/certificates": VOLUNTEERS,
    "/my/points": VOLUNTEERS,
    "/my/records": SIGNED_IN,
    "/my/star": VOLUNTEERS,
    "/notice/<int:round_id>": EVERYBODY,
    "/orders/<int:order_id>": "wdcA",
    "/orders/<int:order_id>/code.svg": "wdA",
    "/people": "ecA",
    "/people/<int:volunteer_id>": "cA",
    "/people/<int:volunteer_id>/points": "acA",
    "/people/new": "ecA",
    "/points": "eacA",
    "/points/transfers/<int:transfer_id>/reverse": "cA",
    "/privacy": EVERYBODY,
    "/ratings": "eacA",
    "/ratings/<int:round_id>": "acA",
    "/ratings/<int:round_id>/people.xlsx": "acA",
    "/ratings/calendar": "ecA",
    "/ratings/people/<int:result_id>": "acA",
    "/records/<int:record_id>": "wlacA",
    "/records/backfill": "oelcA",
    "/records/waiting": "oelacA",
    "/sign-in": EVERYBODY,
    "/teams": SIGNED_IN,
    "/teams/<int:team_id>": SIGNED_IN,
    "/teams/<int:team_id>/edit": "cA",
    "/teams/new": "ecA",
    "/v": EVERYBODY,
    "/v/<token>": EVERYBODY,
}

#: Forms. Where a verb answers «not yours» beneath the form (422), nothing is changed either.
FORMS = {
    "/accounts/<int:account_id>/disable": "A",
    "/accounts/<int:account_id>/grants": "cA",
    "/accounts/new": "A",
    "/c/<token>": SIGNED_IN,
    "/certificates/<number>/revoke": "cA",
    "/certificates/results/<int:result_id>/issue": "cA",
    "/claim": EVERYBODY,
    "/complaints/<int:complaint_id>/<any(uphold,dismiss):answer>": "cA",
    "/desk/areas/<int:area_id>/close": "dA",
    "/desk/orders/<int:order_id>/hand-over": "dA",
    "/desk/orders/<int:order_id>/return": "dcA",
    "/desk/people/<int:volunteer_id>/order": "dA",
    "/disputes/<int:dispute_id>/decide": "cA",
    "/e/<int:event_id>/cancel": "lcA",
    "/e/<int:event_id>/close": "lcA",
    "/e/<int:event_id>/edit": "lcA",
    "/e/<int:event_id>/publish": "lcA",
    "/e/<int:event_id>/shifts": "lcA",
    "/e/<int:event_id>/ticks": "lcA",
    "/events/new": "lcA",
    "/gifts/<int:gift_id>/edit": "dcA",
    "/gifts/<int:gift_id>/order": VOLUNTEERS,
    "/gifts/<int:gift_id>/stock": "dcA",
    "/gifts/new": "dcA",
    "/grants/<int:grant_id>/revoke": "cA",
    "/imports": "ecA",
    "/imports/<int:import_id>/apply": "cA",
    "/imports/<int:import_id>/discard": "cA",
    "/imports/<int:import_id>/undo": "cA",
    "/join": EVERYBODY,
    "/me/consents": VOLUNTEERS,
    "/me/disown": VOLUNTEERS,
    "/me/password": SIGNED_IN,
    "/me/sign-out-everywhere": SIGNED_IN,
    "/me/tokens": SIGNED_IN,
    "/me/tokens/<int:token_id>/revoke": "wA",
    "/memberships/<int:membership_id>/<any(accept,refuse):answer>": "lcA",
    "/my/certificates": VOLUNTEERS,
    "/my/star/<int:result_id>/object": "w",
    "/orders/<int:order_id>/cancel": "wdcA",
    "/people/<int:volunteer_id>/complaints": "cA",
    "/people/<int:volunteer_id>/disown": "cA",
    "/people/<int:volunteer_id>/password": "cA",
    "/people/<int:volunteer_id>/points/adjust": "cA",
    "/people/<int:volunteer_id>/reveal": "cA",
    "/people/new": "cA",
    "/points/adjustments/<int:adjustment_id>/decide": "A",
    "/points/transfers/<int:transfer_id>/reverse": "cA",
    "/preferences": EVERYBODY,
    "/ratings": "cA",
    "/ratings/<int:round_id>/<any(freeze, draft, publish, close, 'sign-off'):step>": "cA",
    "/ratings/<int:round_id>/certificates": "cA",
    "/ratings/<int:round_id>/supplement": "cA",
    "/ratings/<int:round_id>/thaw": "cA",
    "/ratings/calendar": "cA",
    "/ratings/objections/<int:objection_id>/decide": "cA",
    "/records/<int:record_id>/approve": "cA",
    "/records/<int:record_id>/decide": "cA",
    "/records/<int:record_id>/disputes": "w",
    "/records/<int:record_id>/end": "lcA",
    "/records/<int:record_id>/evaluation": "lcA",
    "/records/<int:record_id>/refuse": "lcA",
    "/records/backfill": "lcA",
    "/records/confirm": "lcA",
    "/shifts/<int:shift_id>/sign-up": SIGNED_IN,
    "/sign-in": EVERYBODY,
    "/sign-out": SIGNED_IN,
    "/sign-ups/<int:sign_up_id>/withdraw": "wlcA",
    "/teams/<int:team_id>/edit": "cA",
    "/teams/<int:team_id>/join": SIGNED_IN,
    "/teams/<int:team_id>/leave": SIGNED_IN,
    "/teams/new": "cA",
}

#: What is said to a signed-in stranger; 422: a form shown again with «not found» above it.
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


def test_who_reads_a_page(app: Flask, town: Things, doors: dict[str, FlaskClient]) -> None:
    skipped = {"/static/<path:filename>", "/readyz"}
    found = {}
    for rule in rules(app, "GET"):
        if rule.rule in skipped:
            continue
        url = address(app, rule, town)
        found[rule.rule] = "".join(
            letter for letter in PEOPLE if let_in(doors[letter].get(url, buffered=True))
        )
    assert found == PAGES


def test_nobody_else_s_form_does_anything(
    app: Flask, town: Things, doors: dict[str, FlaskClient]
) -> None:
    tokens = {letter: hidden(doors[letter], "/events") for letter in PEOPLE}
    with app.app_context():
        body = make_doors.body(town)
    before = rows(app)
    known = set()
    for rule in rules(app, "POST"):
        known.add(rule.rule)
        form = make_doors.form_of(rule.rule, body)
        for letter in EVERYBODY:
            if letter not in FORMS.get(rule.rule, ""):
                answer = doors[letter].post(address(app, rule, town), data=form | tokens[letter])
                assert not let_in(answer) or answer.status_code == 422, (rule.rule, letter)
    assert known == FORMS.keys()
    assert rows(app) == before


def test_who_may_comes_through_the_form_s_door(
    app: Flask, town: Things, doors: dict[str, FlaskClient]
) -> None:
    tokens = {letter: hidden(doors[letter], "/events") for letter in PEOPLE}
    with app.app_context():
        body = make_doors.body(town)
    # What ends a session or a role, and what asks for its own page first, has tests of its own.
    ends = re.compile(r"/(disable|disown|password|revoke|leave|sign|join|claim|withdraw)")
    for rule in rules(app, "POST"):
        if ends.search(rule.rule):
            continue
        form = make_doors.form_of(rule.rule, body)
        for letter in FORMS[rule.rule]:
            answer = doors[letter].post(address(app, rule, town), data=form | tokens[letter])
            assert let_in(answer), (rule.rule, letter, answer.status_code)


def test_every_form_needs_its_token(
    app: Flask, town: Things, doors: dict[str, FlaskClient]
) -> None:
    with app.app_context():
        body = make_doors.body(town)
    before = rows(app)
    for rule in rules(app, "POST"):
        form = make_doors.form_of(rule.rule, body)
        answer = doors["A"].post(address(app, rule, town), data=form)
        assert answer.status_code == 400, rule.rule
        answer = doors["A"].post(address(app, rule, town), data=form | {"csrf_token": "guessed"})
        assert answer.status_code == 400, rule.rule
    assert rows(app) == before


# The API


UNSAFE = ("POST", "PUT", "DELETE")


def calls(app: Flask) -> Iterator[tuple[Rule, str]]:
    for method in UNSAFE:
        for rule in rules(app, method, api=True):
            yield rule, method


def fields_of(document: dict[str, Any], rule: Rule, method: str) -> set[str]:
    """The names in the body of a call, as the document says."""
    path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
    content = document["paths"][path][method.lower()].get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return set(schema.get("properties", {}))


def test_the_api_takes_no_cookie(app: Flask, town: Things, doors: dict[str, FlaskClient]) -> None:
    before = rows(app)
    public = {"/api/docs", "/api/v1/openapi.json"}
    public |= {"/api/v1/certificates/verify/<token>", "/api/v1/rounds/<int:round_id>/notice"}
    for rule in rules(app, "GET", api=True):
        answer = doors["A"].get(address(app, rule, town))
        assert answer.status_code == (200 if rule.rule in public else 401), rule.rule
    for rule, method in calls(app):
        answer = doors["A"].open(address(app, rule, town), method=method, json={})
        assert answer.status_code == 401, rule.rule
        assert answer.mimetype == "application/problem+json"
    assert rows(app) == before


def test_a_reading_token_changes_nothing(app: Flask, town: Things, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        headers = token_for(make_doors.account_of("A"), "read")
    before = rows(app)
    for rule, method in calls(app):
        answer = client.open(
            address(app, rule, town),
            method=method,
            json={},
            headers=headers | {"Idempotency-Key": f"{method} {rule.rule}"[:80]},
        )
        assert answer.status_code == 403, rule.rule
        assert answer.get_json()["code"] == "scope_missing"
    assert rows(app) == before


#: Calls by which somebody without any role here does something: for oneself.
FOR_ONESELF = {
    "/api/v1/check-ins",
    "/api/v1/teams/<int:team_id>/join",
    "/api/v1/teams/<int:team_id>/leave",
}


@pytest.mark.parametrize("letter", "zoe")
def test_a_stranger_s_token_does_nothing_to_others(
    app: Flask, town: Things, client: FlaskClient, letter: str
) -> None:
    with app.app_context(), transaction():
        headers = token_for(make_doors.account_of(letter), "read", "write")
        body = make_doors.body(town)
    document = client.get("/api/v1/openapi.json").get_json()
    headers["If-Match"] = '"1"'
    before = rows(app)
    for number, (rule, method) in enumerate(calls(app)):
        if rule.rule in FOR_ONESELF:
            continue
        sent = make_doors.json_of(rule.rule, fields_of(document, rule, method), body)
        answer = client.open(
            address(app, rule, town),
            method=method,
            json=sent,
            headers=headers | {"Idempotency-Key": str(number)},
        )
        # 422: a hand-in without files.
        assert answer.status_code in REFUSED | {422}, (rule.rule, answer.status_code)
        assert answer.status_code != 422 or rule.rule == "/api/v1/imports", answer.get_json()
    after = rows(app)
    # The refusals are kept under their keys, and nothing else is.
    assert after.pop("idempotency_keys") > before.pop("idempotency_keys")
    assert after == before
