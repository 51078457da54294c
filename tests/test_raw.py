"""Bytes that no browser sends, to the server as deployed, never cause an internal error."""

from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import quote_from_bytes

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import make_doors
from tests.databases import Databases
from tests.served import Served, sent, served, status
from tests.signing import hidden, sign_in, token_for
from volunteer_service.db import db, transaction

pytestmark = pytest.mark.one_database(
    "bytes that are no request; tests/test_hostile.py sends what arrives to both databases"
)

HOST = b"Host: localhost\r\n"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def server(
    databases_of_run: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    databases_of_run.refresh()
    with served(databases_of_run.url, tmp_path_factory.mktemp("served")) as found:
        yield found


def get(path: bytes = b"/sign-in", *fields: bytes) -> bytes:
    return (
        b"GET " + path + b" HTTP/1.1\r\n" + HOST + b"".join(f + b"\r\n" for f in fields) + b"\r\n"
    )


ODD = {
    "chunks that are none": b"POST /sign-in HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n"
    b"\r\nxyz\r\n",
    "a chunk without its end": b"POST /sign-in HTTP/1.1\r\n"
    + HOST
    + b"Transfer-Encoding: chunked\r\n"
    b"\r\n3\r\nabcdef\r\n0\r\n\r\n",
    "two lengths": sent("POST", "/sign-in", {}, b"abc").replace(
        HOST, HOST + b"Content-Length: 4\r\n"
    ),
    "a length and chunks": b"POST /sign-in HTTP/1.1\r\n" + HOST + b"Content-Length: 3\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a length below zero": sent("POST", "/sign-in", {"Content-Length": "-1"}),
    "a length of 5,000 digits": sent("POST", "/sign-in", {"Content-Length": "9" * 5000}),
    "more than its length": sent("POST", "/sign-in", {"Content-Length": "1"}, b"abcdef"),
    "100 kB of fields": get(b"/sign-in", b"A: " + b"x" * 100_000),
    "1,000 fields": get(b"/sign-in", *(b"A%d: x" % n for n in range(1000))),
    "a long address": get(b"/teams?q=" + b"x" * 20_000),
    "an address of another host": get(b"http://evil.example/sign-in"),
    "no address": get(b"*"),
    "a method of its own": b"BREW /sign-in HTTP/1.1\r\n" + HOST + b"\r\n",
    "a tunnel": b"CONNECT localhost:22 HTTP/1.1\r\n" + HOST + b"\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "HTTP/0.9": b"GET /sign-in\r\n\r\n",
    "no host": b"GET /sign-in HTTP/1.1\r\n\r\n",
    "two hosts": get(b"/sign-in", b"Host: evil.example"),
    "bytes in an address": get(b"/c/\xff\xfe%ff%fe?code=%ff%00%c0%af"),
    "percent that is none": get(b"/teams?q=%&cursor=%zz&%=%"),
    "an id of 5,000 digits": get(b"/e/" + b"9" * 5000),
    "dots": get(b"/static/../../../etc/passwd"),
    "coded dots": get(b"/static/%2e%2e/%2e%2e/%2e%2e/etc/passwd"),
    "cookies of bytes": get(
        b"/", b"Cookie: session=\xff\xfe; lang=\x80; =; ;;a", b"Cookie: " + b"a" * 9000
    ),
    "a range": get(b"/static/icons.svg", b"Range: bytes=9999999-1,-,0-" + b"9" * 500),
    "dates": get(b"/static/icons.svg", b"If-Modified-Since: " + b"9" * 500, b"If-None-Match: \xff"),
    "languages": get(b"/sign-in", b"Accept-Language: " + b"zh;q=9e999," * 500),
    "a token of bytes": get(b"/api/v1/me", b"Authorization: Bearer \xff\xfe"),
    "forwarded": get(
        b"/sign-in", b"X-Forwarded-For: \xff,,,", b"X-Forwarded-Host: a b", b"Forwarded: x"
    ),
    "an upgrade": get(b"/sign-in", b"Connection: Upgrade", b"Upgrade: websocket"),
}


@pytest.mark.parametrize("odd", ODD)
def test_odd_bytes_are_no_fault_of_ours(server: Served, odd: str) -> None:
    with server.connect() as caller:
        caller.sendall(ODD[odd])
        found = status(caller)
    assert found is not None
    assert found < 500
    with server.connect() as other:
        other.sendall(get())
        assert status(other) == 200


def test_a_body_that_breaks_off_changes_nothing_and_stops_nobody(server: Served) -> None:
    for _ in range(30):
        with server.connect() as caller:
            caller.sendall(sent("POST", "/sign-in", {"Content-Length": "100"}, b"login=a"))
    with server.connect() as other:
        other.sendall(get())
        assert status(other) == 200


def test_unfinished_requests_of_many_stop_nobody(server: Served) -> None:
    part = sent("POST", "/sign-in", {"Content-Type": FORM, "Content-Length": "100"}, b"login=a")
    with ExitStack() as stack:
        for _ in range(40):
            stack.enter_context(server.connect()).sendall(part)
            stack.enter_context(server.connect()).sendall(get()[:20])
        other = stack.enter_context(server.connect())
        other.sendall(get())
        assert status(other) == 200


@pytest.mark.parametrize(
    "name", ["X-Buffered-Client-Address", "x-buffered-client-address", "X_Buffered_Client_Address"]
)
def test_nobody_says_their_own_address(server: Served, name: str) -> None:
    # /metrics is for this machine: whoever could say an address would be refused, or let in.
    with server.connect() as caller:
        caller.sendall(get(b"/metrics", f"{name}: 192.0.2.7".encode()))
        assert status(caller) in (200, 400)
    with server.connect() as caller:
        caller.sendall(get(b"/metrics"))
        assert status(caller) == 200


@pytest.fixture
def doors(app: Flask, client: FlaskClient) -> FlaskClient:
    """周静's browser, with her token and her form's token in every request."""
    with app.app_context():
        with transaction():
            make_doors.things()
            token = token_for(make_doors.account_of("c"), "read", "write")
        db.session.remove()
    sign_in(client, "zhoujing")
    csrf = hidden(client, "/teams/new")["csrf_token"]
    client.environ_base |= {
        "HTTP_X_CSRFTOKEN": csrf,
        "HTTP_AUTHORIZATION": token["Authorization"],
        "HTTP_IDEMPOTENCY_KEY": "fuzz",
    }
    return client


PATHS = ("/teams/new", "/imports", "/c/x", "/api/v1/teams", "/api/v1/imports", "/api/v1/check-ins")
KINDS = ("application/json", FORM, "multipart/form-data; boundary=x")
PIECES = st.sampled_from(
    [
        *(
            b'{"name":',
            b"{",
            b"}",
            b"[",
            b"]",
            b'"',
            b":",
            b",",
            b"null",
            b"1e999",
            b"-",
            b"9" * 4400,
        ),
        *(
            b"\\ud800",
            b"\xff",
            b"\x00",
            b"\r\n",
            b"--x",
            b"--x--",
            b"&",
            b"=",
            b"%",
            b"%ff",
            b"name",
        ),
        b'Content-Disposition: form-data; name="files"; filename="a.xlsx"\r\n',
        b"Content-Disposition: form-data; name*=utf-8''%ff\r\n",
        b"Content-Type: text/plain; charset=utf-7\r\n",
        b"Content-Transfer-Encoding: base64\r\n",
    ]
)
BODIES = st.one_of(st.binary(max_size=200), st.lists(PIECES, max_size=25).map(b"".join))


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.sampled_from(PATHS), st.sampled_from(KINDS), BODIES, st.binary(max_size=30))
def test_no_body_and_no_query_is_a_fault_of_ours(
    doors: FlaskClient, path: str, kind: str, body: bytes, query: bytes
) -> None:
    answer = doors.post(f"{path}?{quote_from_bytes(query)}", data=body, content_type=kind)
    assert answer.status_code < 500
    assert doors.get(f"/teams?q={quote_from_bytes(query)}&cursor=x").status_code < 500
