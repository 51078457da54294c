"""Every address of the API, and whose token opens it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests import filling, make_doors
from tests.doors import REFUSED, address, doors, rows, rules, town
from tests.make_doors import Things
from tests.signing import token_for
from volunteer_service.db import transaction

__all__ = ["doors", "town"]

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
    "/api/v1/messages/read",
    "/api/v1/teams/<int:team_id>/join",
    "/api/v1/teams/<int:team_id>/leave",
}


@pytest.mark.parametrize("letter", "zoe")
def test_a_stranger_s_token_does_nothing_to_others(
    app: Flask, town: Things, client: FlaskClient, letter: str
) -> None:
    with app.app_context(), transaction():
        headers = token_for(make_doors.account_of(letter), "read", "write")
        body = filling.body(town)
    document = client.get("/api/v1/openapi.json").get_json()
    headers["If-Match"] = '"1"'
    before = rows(app)
    for number, (rule, method) in enumerate(calls(app)):
        if rule.rule in FOR_ONESELF:
            continue
        sent = filling.json_of(rule.rule, fields_of(document, rule, method), body)
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
