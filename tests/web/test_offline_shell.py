"""The shell for a check-in page without network: of nobody, and never in a cache of the network."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make
from tests.signing import sign_in
from volunteer_service.db import transaction


@pytest.fixture
def cast(app: Flask) -> None:
    with app.app_context(), transaction():
        make.cast()


def test_it_says_the_same_to_everybody_and_names_nobody(
    app: Flask, client: FlaskClient, cast: None
) -> None:
    stranger = app.test_client().get("/c/offline").text
    sign_in(client, "wang")
    own = client.get("/c/offline").text
    assert own == stranger
    assert "王建国" not in own
    assert "csrf_token" not in own
    assert 'data-who=""' in own
    assert "<form" not in own


def test_it_speaks_the_reader_s_language(client: FlaskClient, cast: None) -> None:
    client.set_cookie("lang", "en")
    page = client.get("/c/offline").text
    assert "No network" in page
    assert 'lang="en"' in page


def test_its_files_are_our_own_and_named_by_what_is_in_them(client: FlaskClient) -> None:
    page = client.get("/c/offline").text
    named = re.findall(r'(?:src|href)="([^"#]+)[^"]*"', page)
    files = [path for path in named if path.startswith("/static/")]
    assert any("js/offline.js" in path for path in files)
    for path in files:
        answer = client.get(path, buffered=True)
        assert answer.status_code == 200, path
        assert "immutable" in answer.headers["Cache-Control"], path


def test_the_worker_is_asked_for_anew_each_time_and_only_for_check_in(client: FlaskClient) -> None:
    for path in ("/c/worker.js", "/e/worker.js"):
        answer = client.get(path, buffered=True)
        assert answer.status_code == 200
        assert answer.mimetype == "text/javascript"
        assert answer.headers["Cache-Control"] == "no-store"
        # Without this header its scope cannot be more than /c/, or /e/.
        assert "Service-Worker-Allowed" not in answer.headers
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
