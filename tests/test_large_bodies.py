"""Bodies larger than a form are accepted only from actors who may send files, where files are sent.

Through the server as it is deployed, with two workers, and through the application alone.
"""

import io
import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests import make, make_doors
from tests.databases import Databases
from tests.make_doors import account_of
from tests.served import Served, sent, served, status
from tests.signing import hidden, sign_in, token_for
from tests.workbooks import hostile
from volunteer_service import clock
from volunteer_service.buffering_proxy.http_framing import WITHOUT_ASKING
from volunteer_service.db import db, transaction
from volunteer_service.people.authentication import accounts, api_tokens, sessions
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Token
from volunteer_service.workbooks.models import Import

pytestmark = pytest.mark.one_database("tests/test_sessions.py, tests/test_rights.py")
MEGABYTE = 1024 * 1024
FORM = "multipart/form-data; boundary=x"
ANYBODY = {"Host": "localhost", "Content-Type": FORM, "Content-Length": str(60 * MEGABYTE)}
Headers = dict[str, str]


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    headers: Headers
    text: str


@dataclass(frozen=True)
class Town:
    """The server, and 周静's doors to it: she may hand workbooks in."""

    server: Served
    app: Flask
    session: Headers
    csrf: str
    token: Headers

    def ask(self, method: str, path: str, headers: Headers) -> Answer:
        """Send a head alone; what is answered before any body came."""
        with closing(self.server.http()) as connection:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in (ANYBODY | headers).items():
                connection.putheader(name, value)
            connection.endheaders()
            with connection.getresponse() as found:
                lower = {name.lower(): value for name, value in found.getheaders()}
                return Answer(found.status, lower, found.read().decode())

    def imports(self) -> int:
        """How many imports there are."""
        with self.app.app_context():
            found = db.session.scalar(select(func.count()).select_from(Import))
            db.session.remove()
        return found or 0


@pytest.fixture(scope="module")
def town_served(
    app_of_run: Flask, databases_of_run: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    databases_of_run.enter(app_of_run, make_doors.things_alone)
    client = app_of_run.test_client()
    sign_in(client, "zhoujing")
    csrf = hidden(client, "/imports")["csrf_token"]
    token = doing(app_of_run, lambda: token_for(account_of("c"), "read", "write"))
    folder = tmp_path_factory.mktemp("served")
    with served(databases_of_run.url, folder, workers=2) as server:
        yield Town(server, app_of_run, cookie_of(client), csrf, token)


def doing(app: Flask, work: Callable[[], Any]) -> Any:
    with app.app_context():
        with transaction():
            found = work()
        db.session.remove()
        db.engine.dispose()
    return found


def cookie_of(client: FlaskClient) -> Headers:
    cookie = client.get_cookie("session")
    assert cookie is not None
    return {"Cookie": f"session={cookie.value}"}


def told(answer: Answer) -> tuple[int, str]:
    """The status and the code of a problem document; the connection has ended."""
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["connection"] == "close"
    return answer.status, json.loads(answer.text)["code"]


# Who may not


@pytest.mark.parametrize("size", [WITHOUT_ASKING + 1, 200 * 1024, MEGABYTE])
@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/sign-in", "application/x-www-form-urlencoded"),
        ("/join", "application/x-www-form-urlencoded"),
        ("/c/nothing", FORM),
        ("/api/v1/check-ins", "application/json"),
        ("/nowhere", "application/json"),
    ],
)
def test_nobody_sends_more_than_the_longest_form(
    town_served: Town, path: str, kind: str, size: int
) -> None:
    """The answer comes although no body did: none of the 16 places for large bodies is taken."""
    headers = {"Content-Type": kind, "Content-Length": str(size)}
    assert town_served.ask("POST", path, headers).status in (404, 405, 413)


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer vs_false", "Basic YTpi", "\xff"])
def test_a_false_token_brings_nothing_in(town_served: Town, authorization: str) -> None:
    before = town_served.imports()
    answer = town_served.ask("POST", "/api/v1/imports", {"Authorization": authorization})
    assert told(answer) == (401, "sign_in_needed")
    assert town_served.imports() == before


def revoke(token: Token, by: Actor) -> None:
    api_tokens.revoke_token(token.id, by=by, at=clock.now())


def disable(token: Token, by: Actor) -> None:
    accounts.disable(token.account_id, by=Actor.system(), at=clock.now())


@pytest.mark.parametrize("end", [revoke, disable])
def test_a_token_that_has_ended_brings_nothing_in(
    town_served: Town, end: Callable[[Token, Actor], None]
) -> None:
    def begin() -> tuple[Headers, int, Actor]:
        login = f"gone{end.__name__}"
        street = make.area(f"{login}街道")
        by = make.acting(make.account(login, "何静", role="coordinator", area=street))
        row, plain = api_tokens.make_token("x", ["write"], 1, by=by, at=clock.now())
        return {"Authorization": f"Bearer {plain}"}, row.id, by

    headers, token_id, by = doing(town_served.app, begin)
    with town_served.server.connect() as caller:
        # Before: it is let in.
        waits = headers | {"Expect": "100-continue"}
        caller.sendall(sent("POST", "/api/v1/imports", ANYBODY | waits))
        assert status(caller) == 100
    doing(town_served.app, lambda: end(db.session.get_one(Token, token_id), by))
    assert told(town_served.ask("POST", "/api/v1/imports", headers)) == (401, "sign_in_needed")


@pytest.mark.parametrize(
    ("letter", "scopes", "refusal"),
    [
        ("c", ["read"], (403, "scope_missing")),
        # Whoever imports nowhere has no files to hand in.
        ("w", ["read", "write"], (403, "not_allowed")),
        ("l", ["read", "write"], (403, "not_allowed")),
    ],
)
def test_a_token_without_the_right_brings_nothing_in(
    town_served: Town, letter: str, scopes: list[str], refusal: tuple[int, str]
) -> None:
    headers = doing(town_served.app, lambda: token_for(account_of(letter), *scopes))
    assert told(town_served.ask("POST", "/api/v1/imports", headers)) == refusal


def test_nobody_is_sent_to_the_sign_in_before_anything_comes(town_served: Town) -> None:
    forged = {"Cookie": "session=eyJhY2NvdW50IjoxfQ.aaaaaa.bbbbbb"}
    for headers in ({}, forged, town_served.token):
        answer = town_served.ask("POST", "/imports", headers)
        assert answer.status == 302
        assert answer.headers["location"].partition("?")[0] == "/sign-in"


def test_an_ended_session_is_sent_to_the_sign_in(town_served: Town) -> None:
    client = town_served.app.test_client()
    sign_in(client, "zhoujing")
    cookie = cookie_of(client)
    with town_served.server.connect() as caller:
        caller.sendall(sent("POST", "/imports", ANYBODY | cookie | {"Expect": "100-continue"}))
        assert status(caller) == 100
    with client.session_transaction() as kept:
        key = kept["key"]
    doing(town_served.app, lambda: sessions.end(key, at=clock.now()))
    assert town_served.ask("POST", "/imports", cookie).status == 302


def test_a_volunteer_learns_no_more_of_the_page_than_elsewhere(town_served: Town) -> None:
    client = town_served.app.test_client()
    sign_in(client, "wang")
    answer = town_served.ask("POST", "/imports", cookie_of(client))
    assert answer.status == 404
    assert "没有找到" in answer.text
    assert re.search(r'<html[^>]* lang="zh', answer.text)


# Where not


@pytest.mark.parametrize(
    ("method", "path", "refusal"),
    [
        ("POST", "/api/v1/check-ins", (413, "request_entity_too_large")),
        ("POST", "/api/v1/nothing", (404, "not_found")),
        ("PUT", "/api/v1/imports", (405, "method_not_allowed")),
        ("DELETE", "/api/v1/imports/1", (413, "request_entity_too_large")),
        ("GET", "/api/v1/imports", (413, "request_entity_too_large")),
    ],
)
def test_files_are_handed_in_at_their_door_only(
    town_served: Town, method: str, path: str, refusal: tuple[int, str]
) -> None:
    assert told(town_served.ask(method, path, town_served.token)) == refusal


@pytest.mark.parametrize(
    ("path", "status_", "words"),
    [
        ("/sign-in", 413, "The file is too large"),
        ("/teams/new", 413, "The file is too large"),
        ("/nowhere", 404, "not found"),
        ("/healthz", 405, "cannot be opened like this"),
    ],
)
def test_pages_say_so_in_the_language_of_the_reader(
    town_served: Town, path: str, status_: int, words: str
) -> None:
    headers = {"Cookie": town_served.session["Cookie"] + "; lang=en"}
    answer = town_served.ask("POST", path, headers)
    assert answer.status == status_
    assert words.lower() in answer.text.lower()


def test_what_is_no_form_of_files_is_too_large(town_served: Town) -> None:
    for kind in ("application/json", "application/x-www-form-urlencoded", "text/plain"):
        headers = town_served.token | {"Content-Type": kind}
        answer = town_served.ask("POST", "/api/v1/imports", headers)
        assert told(answer) == (413, "request_entity_too_large")


def test_more_than_all_files_may_be_is_too_large(town_served: Town) -> None:
    headers = town_served.token | {"Content-Length": str(64 * MEGABYTE + 1)}
    answer = town_served.ask("POST", "/api/v1/imports", headers)
    assert told(answer) == (413, "request_entity_too_large")


@pytest.mark.parametrize("name", ["X-Buffered-Body-Bytes", "x-buffered-body-bytes"])
def test_nobody_else_asks(town_served: Town, name: str) -> None:
    with town_served.server.connect() as caller:
        caller.sendall(sent("POST", "/api/v1/imports", town_served.token | {name: "5"}))
        assert status(caller) == 400
    under = "X_Buffered_Body_Bytes"
    with town_served.server.connect() as caller:
        caller.sendall(sent("POST", "/api/v1/imports", town_served.token | {under: "5"}))
        # It is a request like any other: one without a file.
        assert status(caller) == 422


def test_another_server_than_ours_takes_no_word_of_a_proxy(town_served: Town) -> None:
    headers = town_served.token | {"X-Buffered-Body-Bytes": "5000000"}
    answer = town_served.app.test_client().post("/api/v1/imports", headers=headers)
    assert answer.status_code == 422


# In chunks


def test_chunks_of_nobody_end_where_a_form_would(town_served: Town) -> None:
    piece = b"40000\r\n" + bytes(0x40000) + b"\r\n"
    head = sent("POST", "/api/v1/imports", {"Content-Type": FORM}).replace(
        b"Content-Length: 0", b"Transfer-Encoding: chunked"
    )
    with town_served.server.connect() as caller:
        caller.sendall(head + piece * 5)
        assert status(caller) == 401


# Who may


def files() -> bytes:
    """Two workbooks with a large picture each, as a form of 60 MB has them."""
    parts = []
    for name in ("a.xlsx", "b.xlsx"):
        book = hostile.packed({"xl/media/image1.png": os.urandom(30 * MEGABYTE)})
        says = f'Content-Disposition: form-data; name="files"; filename="{name}"'
        parts += [b"--x\r\n", says.encode(), b"\r\n\r\n", book, b"\r\n"]
    return b"".join([*parts, b"--x--\r\n"])


def field(name: str, value: str) -> bytes:
    return f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()


def test_an_honest_upload_of_60_megabytes_comes_in(town_served: Town) -> None:
    before, body = town_served.imports(), files()
    assert len(body) > 60 * MEGABYTE
    page = field("csrf_token", town_served.csrf) + field("sub_district", "市西街道") + body
    same = {"Content-Type": FORM, "Host": "localhost"}
    with closing(town_served.server.http()) as connection:
        connection.request("POST", "/imports", page, same | town_served.session)
        answer = connection.getresponse()
        answer.read()
        assert (answer.status, (answer.getheader("Location") or "")[:9]) == (303, "/imports/")
        # The same connection, now in chunks; the same files again would be the same import.
        body = files()
        path = "/api/v1/imports?sub_district=%E5%B8%82%E8%A5%BF%E8%A1%97%E9%81%93"
        chunks = iter([body[:MEGABYTE], body[MEGABYTE:]])
        chunked = same | town_served.token | {"Transfer-Encoding": "chunked"}
        connection.request("POST", path, chunks, chunked, encode_chunked=True)
        answer = connection.getresponse()
        assert answer.status == 202, answer.read()
    assert town_served.imports() == before + 2


def test_who_was_turned_away_is_counted_for_prometheus(town_served: Town) -> None:
    def counted() -> float:
        answer = town_served.ask("GET", "/metrics", {"Content-Length": "0"})
        found = re.search(r'proxy_refusals_total{reason="not_admitted"} (\S+)', answer.text)
        assert found is not None
        return float(found[1])

    before = counted()
    assert town_served.ask("POST", "/api/v1/imports", {}).status == 401
    assert counted() == before + 1


# Without the proxy


class Watched(io.BytesIO):
    """A form with a file beside those asked for, too large for a form; counts its readings."""

    def __init__(self) -> None:
        says = 'Content-Disposition: form-data; name="other"; filename="a.xlsx"'
        file = bytes(WITHOUT_ASKING)
        super().__init__(b"--x\r\n%s\r\n\r\n%s\r\n--x--\r\n" % (says.encode(), file))
        self.reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.reads += 1
        return super().read(size)

    def readinto(self, buffer: Any, /) -> int:
        self.reads += 1
        return super().readinto(buffer)


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer vs_false"}])
def test_under_another_server_the_body_is_not_read_either(
    town_served: Town, headers: Headers
) -> None:
    body = Watched()
    answer = town_served.app.test_client().post(
        "/api/v1/imports", input_stream=body, content_type=FORM, headers=headers
    )
    assert (answer.status_code, body.reads) == (401, 0)


def test_a_signed_cookie_alone_is_no_session(town_served: Town) -> None:
    client, body = town_served.app.test_client(), Watched()
    sign_in(client, "zhoujing")
    with client.session_transaction() as kept:
        key = kept["key"]
    doing(town_served.app, lambda: sessions.end(key, at=clock.now()))
    answer = client.post("/imports", input_stream=body, content_type=FORM)
    assert (answer.status_code, body.reads) == (302, 0)


def test_under_another_server_who_may_hands_files_in(town_served: Town) -> None:
    body = Watched()
    answer = town_served.app.test_client().post(
        "/api/v1/imports", input_stream=body, content_type=FORM, headers=town_served.token
    )
    # It was read, and found to hold none of the files.
    assert (answer.status_code, body.reads > 0) == (422, True)
