"""The page for forgotten passwords says where to go, and reveals nothing about any account."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make
from tests.signing import hidden
from volunteer_service import clock
from volunteer_service.areas import tree
from volunteer_service.areas.desk_contacts import Contact, set_contact
from volunteer_service.db import transaction
from volunteer_service.people.authorization.actor import Actor

SYSTEM = Actor.system("cli")


@pytest.fixture
def streets(app: Flask) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        other = make.area("市东街道")
        closed = make.area("撤销社区", parent=cast.town, kind="community")
        for area, where in (
            (cast.town, Contact("市西路 1 号", "周一至周五 9:00—17:00", "0856-5221234")),
            (cast.community, Contact("庆丰路 8 号", phone="0856-5225678")),
            (closed, Contact("旧址")),
            (make.area("东门社区", parent=other, kind="community"), Contact("东门 3 号")),
        ):
            set_contact(area.id, where, by=SYSTEM, at=clock.now())
        tree.close(closed.id, reason="撤销", by=SYSTEM, at=clock.now())


def matter(page: str) -> str:
    """What stands on the page besides its frame."""
    return page.partition("<main")[2].partition("</main>")[0]


def test_every_street_s_contact_stands_there_whoever_asks(
    client: FlaskClient, streets: None
) -> None:
    assert "/forgot" in client.get("/sign-in").text
    page = client.get("/forgot").text
    for word in (
        "市西街道",
        "市西路 1 号",
        "0856-5221234",
        "庆丰社区",
        "0856-5225678",
        "东门 3 号",
    ):
        assert word in page
    assert "旧址" not in page
    assert 'href="/code"' in page


def test_nothing_is_asked_and_so_nothing_is_told(client: FlaskClient, streets: None) -> None:
    plain = matter(client.get("/forgot").text)
    assert "<input" not in plain
    for typed in ("wang", "nobody", "17000000001"):
        assert matter(client.get(f"/forgot?login={typed}").text) == plain
    form = {"login": "wang"} | hidden(client, "/sign-in")
    assert client.post("/forgot", data=form).status_code == 404


def test_the_words_after_a_wrong_password_are_the_same_for_a_known_and_an_unknown_login(
    client: FlaskClient, streets: None
) -> None:
    said = []
    for login in ("wang", "nobody"):
        form = {"login": login, "password": "wrong password"} | hidden(client, "/sign-in")
        answer = client.post("/sign-in", data=form)
        assert answer.status_code == 422
        assert 'href="/forgot"' in answer.text
        said.append(answer.text.partition("notice-title")[2].partition("</p>")[0])
    assert said[0] == said[1]


def test_where_nobody_has_written_a_contact_the_page_says_where_to_go_all_the_same(
    client: FlaskClient,
) -> None:
    assert "请到您住的社区居委会" in client.get("/forgot").text
