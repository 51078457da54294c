"""Sessions, redirects and headers on every page and API call."""

import secrets
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make
from tests.signing import hidden, sign_in
from volunteer_service.app import create_app
from volunteer_service.db import db, transaction
from volunteer_service.settings import Settings

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@pytest.fixture
def wang(app: Flask, client: FlaskClient) -> FlaskClient:
    """王建国, signed in."""
    with app.app_context(), transaction():
        make.cast()
    sign_in(client, "wang")
    return client


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie("session")
    assert found is not None
    return found.value


def test_signing_in_changes_the_session(wang: FlaskClient) -> None:
    before = cookie(wang)
    token = hidden(wang, "/me/password")["csrf_token"]
    wang.post("/sign-out", data={"csrf_token": token})
    sign_in(wang, "zhao")
    assert cookie(wang) != before
    # The token of the last person's form is worth nothing now.
    assert wang.post("/sign-out", data={"csrf_token": token}).status_code == 400


def test_signing_out_ends_the_session_in_this_browser(wang: FlaskClient) -> None:
    wang.post("/sign-out", data=hidden(wang, "/me/password"))
    assert wang.get("/me").status_code == 302
    assert wang.get("/my/points").status_code == 302


def test_a_changed_password_ends_the_other_sessions_and_not_this_one(
    app: Flask, wang: FlaskClient
) -> None:
    other = app.test_client()
    sign_in(other, "wang")
    form = {"present": make.PASSWORD, "password": "another long one"}
    answer = wang.post("/me/password", data=form | hidden(wang, "/me/password"))
    assert answer.status_code == 303
    assert wang.get("/me").status_code == 200
    assert other.get("/me").status_code == 302


def test_ending_every_session_ends_this_one_too(app: Flask, wang: FlaskClient) -> None:
    other = app.test_client()
    sign_in(other, "wang")
    assert wang.post("/me/sign-out-everywhere", data=hidden(wang, "/me")).status_code == 303
    assert [each.get("/me").status_code for each in (wang, other)] == [302, 302]


def test_a_session_that_somebody_wrote_is_none(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        make.cast()
    for value in ("", "x", "eyJhY2NvdW50IjoxfQ.aaaa.bbbb"):
        client.set_cookie("session", value)
        assert client.get("/me").status_code == 302


EVIL = (
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "https://evil.example/",
    "javascript:alert(1)",
    "/\tevil",
    "/x\r\nSet-Cookie: a=b",
    "evil.example",
    " //evil.example",
    "///evil.example",
)


@pytest.mark.parametrize("target", EVIL)
def test_nobody_is_sent_elsewhere_after_signing_in(
    app: Flask, client: FlaskClient, target: str
) -> None:
    with app.app_context(), transaction():
        make.cast()
    form = {"login": "wang", "password": make.PASSWORD, "next": target}
    answer = client.post("/sign-in", data=form | hidden(client, "/sign-in"))
    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/join", query_string={"next": target}).location == "/"
    back = client.post("/preferences", data={"back": target} | hidden(client, "/events"))
    assert back.location == "/"


def test_the_page_asked_for_is_where_signing_in_leads(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        make.cast()
    asked = client.get("/my/points?cursor=x")
    assert asked.location == "/sign-in?next=/my/points?cursor%3Dx"
    form = {"login": "wang", "password": make.PASSWORD, "next": "/my/points"}
    answer = client.post("/sign-in", data=form | hidden(client, "/sign-in"))
    assert answer.location == "/my/points"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/sign-in", 200),
        ("/me", 200),
        ("/nothing", 404),
        ("/people", 404),
        ("/e/0", 404),
        ("/static/icons.svg", 200),
        ("/static/nothing.css", 404),
        ("/healthz", 200),
        ("/v/x", 200),
        ("/api/docs", 200),
        ("/api/v1/events", 401),
        ("/api/v1/nothing", 404),
        ("/sign-in?next=%00", 400),
        ("/api/v1/events?q=%00", 400),
    ],
)
def test_every_answer_carries_the_headers(wang: FlaskClient, path: str, status: int) -> None:
    for method in ("GET", "HEAD"):
        answer = wang.open(path, method=method, buffered=True)
        assert answer.status_code == status
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-eval" not in policy
        if not path.startswith("/static/icons"):
            assert answer.headers["Cache-Control"] == "no-store"


def test_other_methods_are_told_which_ones_there_are(wang: FlaskClient) -> None:
    allowed = wang.options("/me").headers["Allow"].split(", ")
    assert sorted(allowed) == ["GET", "HEAD", "OPTIONS"]
    token = hidden(wang, "/me")
    answer = wang.post("/me", data=token)
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert wang.open("/me", method="TRACE").status_code in (400, 405)


def test_the_cookie_is_kept_from_scripts_and_from_plain_http(
    app: Flask, databases_of_run, tmp_path
) -> None:
    settings = Settings.from_env(
        {
            "APP_ENV": "production",
            "DATABASE_URL": databases_of_run.url,
            "SECRET_KEY": secrets.token_hex(32),
            "PERSONAL_DATA_KEY": secrets.token_hex(32),
            "BASE_URL": "https://stars.example",
            "VAR_DIR": str(tmp_path),
        }
    )
    # The limiter is one for the process.
    other = create_app(replace(settings, rate_limits=False))
    try:
        with other.app_context(), transaction():
            make.cast()
        client = other.test_client()
        answer = client.get("/sign-in", base_url="https://stars.example")
        words = answer.headers["Set-Cookie"]
        assert "HttpOnly" in words
        assert "Secure" in words
        assert "SameSite=Lax" in words
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    finally:
        with other.app_context():
            db.session.remove()
            db.engine.dispose()
