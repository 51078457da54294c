"""Hostile input: extremes of numbers and calendars, NUL, cursors, markup, bodies."""

import json
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make_doors
from tests.signing import hidden, sign_in, token_for
from volunteer_service.db import transaction

LARGEST = 2**63
MARKUP = "\"'><script>alert(1)</script>\u202e"


@pytest.fixture
def coordinator(town: make_doors.Things, client: FlaskClient) -> FlaskClient:
    """周静, signed in."""
    sign_in(client, "zhoujing")
    return client


@pytest.fixture
def headers(app: Flask, town: make_doors.Things) -> dict[str, str]:
    """周静's token."""
    with app.app_context(), transaction():
        return token_for(make_doors.account_of("c"), "read", "write")


def cursor(*parts: Any) -> str:
    return urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


CURSORS = (
    cursor("name", "x\0", 1),
    cursor("name", 5, 1),
    cursor("name", True, 1),
    cursor("name", None, 1),
    cursor("name", "\ud800", 1),
    cursor("name", "x", LARGEST),
    cursor("name", "x", "1"),
    cursor("login", True, 1),
    cursor("starts_at", "0001-01-01T00:00:00+08:00", 1),
    cursor("starts_at", "x", 1),
    cursor("id", LARGEST, 1),
    cursor("id", "x", 1),
    cursor(),
    urlsafe_b64encode(b"[" * 3000).decode(),
    "é",
    "=",
    "a",
)


@pytest.mark.parametrize("sent", CURSORS)
@pytest.mark.parametrize("path", ["/events", "/imports/meanings", "/records/waiting"])
def test_a_cursor_that_no_list_made(coordinator: FlaskClient, path: str, sent: str) -> None:
    answer = coordinator.get(path, query_string={"cursor": sent})
    assert answer.status_code == 400


@pytest.mark.parametrize("page", ["0", "-1", "9" * 5000, "x", "²", "1e9"])
@pytest.mark.parametrize("path", ["/people", "/teams", "/lists/people"])
def test_a_page_that_no_list_has(coordinator: FlaskClient, path: str, page: str) -> None:
    assert coordinator.get(path, query_string={"page": page, "size": page}).status_code == 200


@pytest.mark.parametrize(
    "path", ["/people?q=%00", "/certificates/%00", "/v/%00", "/c/x%00", "/c?code=%00"]
)
def test_nul_is_looked_for_nowhere(coordinator: FlaskClient, path: str) -> None:
    assert coordinator.get(path).status_code == 400


@pytest.mark.parametrize(
    "id_", ["0", str(LARGEST - 1), str(LARGEST), "9" * 400, "9" * 5000, "-1", "²"]
)
@pytest.mark.parametrize(
    "path", ["/e/{}", "/records/{}", "/people/{}", "/ratings/{}", "/orders/{}", "/teams/{}"]
)
def test_an_id_that_cannot_be(coordinator: FlaskClient, path: str, id_: str) -> None:
    assert coordinator.get(path.format(id_)).status_code == 404


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar(
    coordinator: FlaskClient, town: make_doors.Things, headers: dict[str, str], day: str
) -> None:
    asked = coordinator.get("/events", query_string={"from_on": day, "to_on": day})
    assert asked.status_code == 200
    assert coordinator.get(f"/api/v1/events?to={day}", headers=headers).status_code == 422
    form = {"title": "x", "content": "x", "place": "x", "team_id": str(town.team_id)}
    form |= {"starts_at": f"{day}T00:00", "ends_at": f"{day}T23:59"}
    sent = form | hidden(coordinator, "/events/new")
    assert coordinator.post("/events/new", data=sent).status_code == 422


def test_no_list_falls_over_the_ends_of_the_calendar(
    app: Flask, town: make_doors.Things, coordinator: FlaskClient
) -> None:
    """Every page without a thing in its address, with the days that any list's filter takes."""
    paths = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments and "/api/" not in rule.rule
    ]
    assert len(paths) > 60
    for path in paths:
        for first, last in (("0001-01-01", "0001-01-01"), ("9999-12-31", "9999-12-31")):
            days = {"from_on": first, "to_on": last}
            answer = coordinator.get(path, query_string=days, buffered=True)
            assert answer.status_code != 500, (path, last)


@pytest.mark.parametrize("version", ["-1", str(LARGEST), "9" * 5000, "x", "²"])
def test_a_version_in_a_form_that_cannot_be(
    coordinator: FlaskClient, town: make_doors.Things, version: str
) -> None:
    page = f"/teams/{town.team_id}/edit"
    form = {"name": "新名", "area_id": str(town.area_id), "recording_unit": "居委会"}
    sent = form | {"version": version} | hidden(coordinator, page)
    assert coordinator.post(page, data=sent).status_code == 422


@pytest.mark.parametrize("etag", ['"\xb2"', '"' + "9" * 5000 + '"', "*", '"x"', "9"])
def test_a_version_that_is_none(
    client: FlaskClient, town: make_doors.Things, headers: dict[str, str], etag: str
) -> None:
    body = {"name": "新名", "area_id": town.area_id, "recording_unit": "居委会"}
    answer = client.put(
        f"/api/v1/teams/{town.team_id}", json=body, headers=headers | {"If-Match": etag}
    )
    assert answer.status_code in (412, 428)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"[]", "application/json"),
        (b"null", "application/json"),
        (b"{", "application/json"),
        (b"\xff", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b'{"name": "\\ud800"}', "application/json"),
        (b'{"\\ud800": 1}', "application/json"),
        (b'{"area_id": ' + b"9" * 5000 + b"}", "application/json"),
        (b'{"area_id": ' + b"9" * 300 + b"}", "application/json"),
        (b'{"area_id": 1e400}', "application/json"),
        (b'{"area_id": 0.' + b"9" * 5000 + b"}", "application/json"),
        (b'{"area_id": NaN}', "application/json"),
        (b'{"area_id": -Infinity}', "application/json"),
        (b'{"name": "x", "name": "y"}', "application/json"),
        (b'{"name": "\xff"}', "application/json"),
        ('{"name": "x"}'.encode("utf-16"), "application/json"),
        (b'\xef\xbb\xbf{"name": "x"}', "application/json"),
        (b'{"name": "x"}', "application/json; charset=shift_jis"),
        (b'{"a":' * 100_000, "application/json"),
        (b"", "application/json"),
        (b"x" * 1_100_000, "application/json"),
        (b"x", "multipart/form-data"),
        (b"--x\r\n\r\n" * 2000, "multipart/form-data; boundary=x"),
        (b"&".join([b"a=1"] * 5000), "application/x-www-form-urlencoded"),
        (b'{"name": "\\u0000"}', "application/json"),
        (b"name=x", "application/x-www-form-urlencoded"),
        (b"<x/>", "text/xml"),
    ],
)
def test_a_body_of_another_shape(
    client: FlaskClient, headers: dict[str, str], data: bytes, kind: str
) -> None:
    answer = client.post(
        "/api/v1/teams",
        data=data,
        content_type=kind,
        headers=headers | {"Idempotency-Key": "odd"},
    )
    assert answer.status_code in (400, 413, 415, 422)
    assert answer.mimetype == "application/problem+json"


def test_markup_in_names_is_shown_as_typed(
    app: Flask, coordinator: FlaskClient, town: make_doors.Things
) -> None:
    form = {"name": MARKUP, "area_id": str(town.area_id), "recording_unit": MARKUP}
    answer = coordinator.post("/teams/new", data=form | hidden(coordinator, "/teams/new"))
    assert answer.status_code == 303
    pages = [answer.location, "/teams", f"/teams?q={MARKUP}", "/events/new", "/accounts?q=<script>"]
    for page in pages:
        said = coordinator.get(page).get_data(as_text=True)
        assert "<script>alert" not in said, page
        assert '<script>"' not in said
    assert "&lt;script&gt;alert(1)" in coordinator.get(answer.location).get_data(as_text=True)
