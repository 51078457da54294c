"""A form with large files whose session has ended keeps what was typed, on the deployed server."""

import re
from contextlib import closing

import pytest
from flask.testing import FlaskClient

from tests import make
from tests.signing import hidden, sign_in
from tests.test_large_bodies import (
    FORM,
    MEGABYTE,
    Answer,
    Headers,
    Town,
    cookie_of,
    doing,
    field,
    town_served,
)
from volunteer_service import clock, request_bodies
from volunteer_service.people.authentication import sessions

__all__ = ["town_served"]
pytestmark = pytest.mark.one_database("tests/test_sessions.py, tests/test_rights.py")


def posted(town: Town, page: bytes, headers: Headers) -> Answer:
    path = "/records/sheets/new"
    sent_ = {"Content-Type": FORM, "Host": "localhost", "Referer": f"http://localhost{path}"}
    with closing(town.server.http()) as connection:
        connection.request("POST", path, page, sent_ | headers)
        with connection.getresponse() as found:
            return Answer(found.status, dict(found.getheaders()), found.read().decode())


def sheet_with_photo(client: FlaskClient) -> bytes:
    """A sheet with three megabytes of photo before its words, as a browser sends it."""
    page = client.get("/records/sheets/new").get_data(as_text=True)
    owner = re.search(r'name="filled_by" value="([^"]+)"', page)
    assert owner
    photo = b'--x\r\nContent-Disposition: form-data; name="paper"; filename="a.jpg"\r\n\r\n%s\r\n'
    fields = {"filled_by": owner[1], "event_name": "公园清洁", "names": "王建国", "look": "1"}
    fields |= hidden(client, "/records/sheets/new")
    return b"".join([photo % bytes(3 * MEGABYTE), *(field(*pair) for pair in fields.items())])


def test_an_ended_session_loses_a_large_form_s_files_and_nothing_else(town_served: Town) -> None:
    """Without a script: the sign-in carries what was typed, and its page has it again."""
    client = town_served.app.test_client()
    sign_in(client, "zhoujing")
    body = sheet_with_photo(client) + b"--x--\r\n"
    with client.session_transaction() as kept:
        key = kept["key"]
    doing(town_served.app, lambda: sessions.end(key, at=clock.now()))
    asked = posted(town_served, body, cookie_of(client))
    assert asked.status == 200
    assert "您填的内容还在，登录后把文件重新选上" in asked.text
    assert "公园清洁" not in asked.text
    sealed = re.search(r'name="kept_form" value="([^"]+)"', asked.text)
    assert sealed
    sign = {"login": "zhoujing", "password": make.PASSWORD, "kept_form": sealed[1]}
    again = client.post("/sign-in", data=sign | hidden(client, "/sign-in"))
    text = again.get_data(as_text=True)
    assert again.status_code == 200
    assert 'value="公园清洁"' in text
    assert "王建国</textarea>" in text
    assert "请重新选择文件：a.jpg" in text


def test_a_large_form_from_elsewhere_is_not_read(town_served: Town) -> None:
    large = {"Content-Length": str(3 * MEGABYTE), "Referer": "http://elsewhere.example/imports"}
    assert town_served.ask("POST", "/records/sheets/new", large).status == 302


def test_a_form_without_its_files_is_never_entered(town_served: Town) -> None:
    """Also where its sender may hand files in after all: the view does not run."""
    client = town_served.app.test_client()
    sign_in(client, "zhoujing")
    small = sheet_with_photo(client).replace(bytes(3 * MEGABYTE), b"") + b"--x--\r\n"
    here = {"Referer": "http://localhost/records/sheets/new"}
    marked = {request_bodies.WITHOUT_FILES: True}
    answer = client.post(
        "/records/sheets/new", data=small, content_type=FORM, headers=here, environ_overrides=marked
    )
    text = answer.get_data(as_text=True)
    assert answer.status_code == 413
    assert "您填的内容还在，请换小一些的文件再提交" in text
    assert 'value="公园清洁"' in text
