"""Lists over the API: the rows of the page, the same filters, nothing in plain."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make
from tests.signing import token_for
from volunteer_service.db import transaction
from volunteer_service.lists.exports import writing_exports
from volunteer_service.lists.registry import LISTS


@pytest.fixture
def headers(app: Flask) -> dict[str, dict[str, str]]:
    with app.app_context(), transaction():
        cast = make.cast()
        held = {"coordinator": cast.coordinator, "desk": cast.desk, "wang": cast.wang_account}
        return {name: token_for(account, "read") for name, account in held.items()}


def test_a_reader_is_told_the_lists_that_they_read(
    client: FlaskClient, headers: dict[str, dict[str, str]]
) -> None:
    named = {
        name: {
            each["name"] for each in client.get("/api/v1/lists", headers=kept).get_json()["items"]
        }
        for name, kept in headers.items()
    }
    assert named["wang"] == {"teams"}
    assert "people" in named["coordinator"]
    assert "people" not in named["desk"]
    assert "orders" in named["desk"]
    assert client.get("/api/v1/lists/people", headers=headers["desk"]).status_code == 404


def test_rows_are_those_of_the_page_with_phones_masked(
    client: FlaskClient, headers: dict[str, dict[str, str]]
) -> None:
    address = "/api/v1/lists/people?q=王建国&col=phone&col=registered_on&size=30&sums=1"
    body = client.get(address, headers=headers["coordinator"]).get_json()
    [found] = body["items"]
    assert (body["count"], body["is_exact"], body["page"]) == (1, True, 1)
    assert found.keys() == {"id", "name", "phone", "registered_on"}
    assert found["name"] == "王建国"
    assert "*" in found["phone"]
    assert body["sums"] == {"hours": 0}
    nobody = "/api/v1/lists/people?registered_on=1&from_on=2099-01-01"
    assert client.get(nobody, headers=headers["coordinator"]).get_json()["items"] == []


#: The lists that only admins read.
OF_ADMINS = {"deliveries", "journal"}


@pytest.mark.parametrize("name", LISTS)
def test_every_list_answers(
    client: FlaskClient, headers: dict[str, dict[str, str]], name: str
) -> None:
    answer = client.get(f"/api/v1/lists/{name}", headers=headers["coordinator"])
    is_read = not LISTS[name].roles or "coordinator" in LISTS[name].roles
    assert answer.status_code == (200 if is_read and name not in OF_ADMINS else 404)


@pytest.mark.parametrize("wrong", ["page=0", "size=7", "page=x", "count=some"])
def test_what_cannot_be_asked_names_its_field(
    client: FlaskClient, headers: dict[str, dict[str, str]], wrong: str
) -> None:
    answer = client.get(f"/api/v1/lists/teams?{wrong}", headers=headers["coordinator"])
    assert answer.status_code == 422
    assert wrong.partition("=")[0] in answer.get_json()["errors"]["query"]


def test_a_whole_list_is_written_to_a_file_of_ones_own(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        mine, other = token_for(cast.coordinator), token_for(cast.desk)
    call = "/api/v1/lists/people/exports?col=phone&q=王建国"
    bad = client.post(call, json={"kind": "pdf"}, headers=mine | {"Idempotency-Key": "0"})
    assert bad.status_code == 422
    assert client.post(call, json={"kind": "csv"}, headers=mine).status_code == 400
    sent = mine | {"Idempotency-Key": "a"}
    begun = client.post(call, json={"kind": "csv"}, headers=sent)
    assert begun.status_code == 202
    writing_exports.wait()
    here = f"/api/v1/lists/exports/{begun.get_json()['id']}"
    found = client.get(here, headers=mine).get_json()
    assert (found["state"], found["total"], found["written"]) == ("done", 1, 1)
    data = client.get(f"{here}/file", headers=mine, buffered=True).data.decode("utf-8-sig")
    assert data.splitlines()[0] == "姓名,手机号"
    assert "王建国" in data
    assert client.get(f"{here}/file", headers=other).status_code == 404
    assert client.post(f"{here}/cancel", headers=mine).get_json()["state"] == "cancelled"
    gone = client.get(f"{here}/file", headers=mine)
    assert (gone.status_code, gone.get_json()["code"]) == (409, "export_not_ready")
    key = other | {"Idempotency-Key": "b"}
    assert client.post(call, json={"kind": "csv"}, headers=key).status_code == 404
