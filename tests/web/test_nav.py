"""The navigation: each role reaches what it came for, and every link opens."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make, signing
from volunteer_service.db import transaction

_BAR = re.compile(r'<nav class="bar".*?</nav>', re.DOTALL)


@pytest.fixture
def town(app: Flask) -> None:
    with app.app_context(), transaction():
        make.cast()


def links(client: FlaskClient) -> list[str]:
    bar = _BAR.search(client.get("/events").get_data(as_text=True))
    return re.findall(r'<a href="(/[^"]*)"', bar[0]) if bar else []


@pytest.mark.parametrize(
    ("login", "first", "also"),
    [
        ("wang", ["/", "/events", "/my/star", "/my/points"], {"/my/records", "/gifts"}),
        ("limei", ["/", "/events", "/records/waiting", "/teams"], {"/my/star"}),
        ("zhoujing", ["/", "/records/waiting", "/ratings", "/people"], {"/points", "/imports"}),
        ("sunli", ["/", "/desk", "/gifts/catalogue", "/desk/day"], {"/events"}),
        ("wumin", ["/", "/ratings", "/points", "/records/waiting"], {"/events"}),
        ("admin", ["/", "/records/waiting", "/ratings", "/people"], {"/gifts/catalogue"}),
    ],
)
def test_what_they_came_for_stands_first(
    town: None, client: FlaskClient, login: str, first: list[str], also: set[str]
) -> None:
    signing.sign_in(client, login)
    found = links(client)
    assert found[:4] == first
    assert also <= set(found)
    assert len(found) == len(set(found))
    for path in found:
        assert client.get(path, follow_redirects=True).status_code == 200, path


def test_a_stranger_checks_a_certificate_by_typing(client: FlaskClient) -> None:
    assert 'href="/v"' in client.get("/").get_data(as_text=True)
    assert 'name="token"' in client.get("/v").get_data(as_text=True)
    answer = client.get("/v?token=2026100000123- 4F7K9QXA")
    assert (answer.status_code, answer.location) == (303, "/v/2026100000123-4F7K9QXA")
    assert "查无此证" in client.get(answer.location).get_data(as_text=True)
