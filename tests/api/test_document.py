"""The OpenAPI document: valid, complete, and true about who may call what."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient

METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    answer = client.get("/api/v1/openapi.json")
    assert answer.mimetype == "application/json"
    return answer.get_json()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def test_an_independent_reader_takes_it_as_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    schema = schemathesis.openapi.from_dict(document)
    schema.validate()
    assert len(list(operations(document))) > 100


def test_every_operation_of_the_api_is_in_it(app: Flask, document: dict[str, Any]) -> None:
    ours = {
        (rule.rule.replace("<int:", "{").replace("<", "{").replace(">", "}"), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and rule.endpoint != "openapi"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert ours == {(path, method) for path, method, _ in operations(document)}


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    for reference in set(re.findall(r'"\$ref": "([^"]+)"', json.dumps(document))):
        found: Any = document
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]


def test_every_operation_has_an_id_of_its_own_and_says_what_it_does(
    document: dict[str, Any],
) -> None:
    found = list(operations(document))
    ids = [operation.get("operationId") for _, _, operation in found]
    assert None not in ids
    assert len(set(ids)) == len(ids)
    assert [(path, method) for path, method, each in found if not each.get("summary")] == []


def test_only_the_check_of_certificates_and_the_public_notice_need_no_token(
    document: dict[str, Any],
) -> None:
    unguarded = {path for path, _, operation in operations(document) if "security" not in operation}
    assert unguarded == {
        "/api/v1/certificates/keys",
        "/api/v1/certificates/verify/{token}",
        "/api/v1/rounds/{round_id}/notice",
    }


def test_it_says_what_it_is_and_how_to_get_a_token(
    document: dict[str, Any], client: FlaskClient
) -> None:
    assert document["info"]["title"] == "volunteer_service API"
    assert "/me/tokens" in document["info"]["description"]
    assert "docs/api.md" in document["info"]["description"]
    groups = [tag["name"] for tag in document["tags"]]
    assert "Gifts and orders" in groups
    assert [name for name in groups if name.startswith("api_")] == []
    assert {name for _, _, each in operations(document) for name in each["tags"]} == set(groups)
    assert '<a class="link" href="/">' in client.get("/api/docs").get_data(as_text=True)
