"""Everything that an auditor may read, on one page, each with a link that gives a file."""

import html
import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make, make_ratings, signing
from volunteer_service.db import db, transaction
from volunteer_service.lists import registry
from volunteer_service.people.authentication.sessions import actor_of
from volunteer_service.people.models import Account


@pytest.fixture(autouse=True)
def rated(app: Flask) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        make_ratings.record(cast.wang, cast.team, on=date(2026, 5, 16))
        make_ratings.round_at("final", cast)


def _links(client: FlaskClient) -> list[str]:
    page = client.get("/audit/exports").get_data(as_text=True)
    found = re.findall(r'<a href="([^"]+)" download', page)
    return [html.unescape(url) for url in found]


def test_each_link_of_an_auditor_gives_a_file(client: FlaskClient) -> None:
    signing.audit(client, "wumin")
    links = _links(client)

    assert len(links) > 20
    kinds = set()
    for url in links:
        with client.get(url) as answer:
            assert answer.status_code == 200, url
            kinds.add(answer.mimetype)
    assert "application/pdf" in kinds
    assert len(kinds) == 3


def test_every_list_that_an_auditor_reads_is_there(app: Flask, client: FlaskClient) -> None:
    signing.audit(client, "wumin")
    links = _links(client)

    with app.app_context():
        account = db.session.scalars(db.select(Account).where(Account.login == "wumin")).one()
        names = {each.name for each in registry.all_open_to(by=actor_of(account, door="page"))}
    there = {url[len("/lists/") :].partition(".")[0] for url in links if url.startswith("/lists/")}
    assert there == names - {"batches", "exports"}


def test_a_volunteer_has_no_such_page(client: FlaskClient) -> None:
    signing.sign_in(client, "wang")
    assert client.get("/audit/exports").status_code == 404
