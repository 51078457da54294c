"""Every write of the OpenAPI document, with a whole and valid body, upon things of another street.

The operations and their bodies are made from the document, so that a new one is asked by itself.
Whoever asks has a street of their own; whatever they name of the other one is not theirs to change.
"""

from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection

from tests import held_open
from tests.rights_matrix import Call, Matrix
from tests.test_rights_matrix import client, enter, held, matrix

__all__ = ["client", "held", "matrix"]

ROLES = ("coordinator", "leader", "desk")
ANOTHER_STREET = "f"


#: What one does about oneself in another street, where all may serve: the tables that keep it.
#: A refused scan is kept.
OF_ONESELF = {
    "POST /api/v1/check-ins": {"scans"},
    "POST /api/v1/check-ins #code": {"scans"},
    "POST /api/v1/check-ins #shift_id": {"scans"},
    "POST /api/v1/teams/<int:team_id>/join": {"journal", "memberships"},
}
#: Answers other than 403 and 404, and why.
OTHERWISE = {
    **dict.fromkeys(OF_ONESELF, "what one does oneself"),
    "POST /api/v1/accounts/me/home": "one's own home",
    "POST /api/v1/shifts/<int:shift_id>/claim": "one's own service, at whatever event",
    "POST /api/v1/records/<int:record_id>/claim-photos": "takes files; asks for them first",
    "POST /api/v1/events/<int:event_id>/photos": "takes files; asks their words first",
    "POST /api/v1/record-sheets/<key>/papers": "takes files, under a key of one's own",
}


def writes(matrix: Matrix) -> Iterator[Call]:
    """The operations that change and name things: all of another street, or one of them alone."""
    for call in matrix.calls({}):
        is_write = call.method in ("POST", "PUT", "PATCH", "DELETE")
        if is_write and call.rule.rule.startswith("/api/") and ANOTHER_STREET in call.whose:
            yield call


def schema_of(matrix: Matrix, call: Call) -> dict[str, Any] | None:
    """The schema of its body, with all that it refers to."""
    content = matrix.operation(call.rule, call.method).get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema")
    return schema and readable({**schema, "components": matrix.document["components"]})


def readable(part: Any) -> Any:
    """The same without the patterns that this validator cannot read."""
    if isinstance(part, dict):
        strange = "\\ud800" in str(part.get("pattern")) or "\\Z" in str(part.get("pattern"))
        kept = {key: each for key, each in part.items() if key != "pattern" or not strange}
        return {key: readable(value) for key, value in kept.items()}
    return [readable(each) for each in part] if isinstance(part, list) else part


def test_every_body_is_as_the_document_says(matrix: Matrix) -> None:
    invalid, checked = [], 0
    for call in writes(matrix):
        schema = schema_of(matrix, call)
        if schema:
            checked += 1
            sent = matrix.json_of(call, ANOTHER_STREET)
            errors = jsonschema_rs.Draft202012Validator(schema).iter_errors(sent)
            invalid += [f"{call}: {error.message}" for error in errors]
    assert checked
    assert not invalid, "\n".join(invalid)


@pytest.mark.parametrize("role", ROLES)
def test_nothing_of_another_street_is_changed(
    app_of_run: Flask, held: Connection, matrix: Matrix, client: FlaskClient, role: str
) -> None:
    answered, changed = [], []
    with held_open.taken_back(held):
        keys = enter(app_of_run, matrix, role)
        before = held_open.contents(held)
        asked = list(writes(matrix))
        for call in asked:
            with held_open.taken_back(held), held_open.heard_writes(held) as written:
                answer = matrix.send(client, call, ANOTHER_STREET, keys).answer
                after = held_open.contents(held) if written else before
                tables = {name for name in before if before[name] != after[name]}
                if not tables <= OF_ONESELF.get(str(call), set()):
                    changed.append(f"{call} {answer.status_code} {tables}")
                # Where all else is one's own, the other thing may not fit for another reason.
                is_refused = answer.status_code in (range(400, 500) if call.field else (403, 404))
                if not is_refused and str(call) not in OTHERWISE:
                    said = answer.get_data(as_text=True)[:300]
                    answered.append(f"{call} {answer.status_code} {said}")
    assert {str(call) for call in asked} >= OTHERWISE.keys()
    assert not answered + changed, "\n".join(answered + changed)
