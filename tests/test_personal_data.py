"""Nobody's phone, identity number or name is where it has no business to be.

王建国's phone and identity number are known here in plain; every page and answer is read for them.
"""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make_doors
from tests.doors import address, rules, town
from tests.make_doors import IDENTITY, PEOPLE, PHONE, Things
from tests.signing import hidden, sign_in, token_for
from volunteer_service.db import transaction

__all__ = ["town"]

#: Where people read their own; nobody else's door opens there.
OWN = {"/me", "/me/export.json"}


def read(app: Flask, client: FlaskClient, things: Things, letter: str) -> dict[str, str]:
    """Every page and answer that opens to this person, by its rule."""
    found, headers = {}, {}
    if letter != "-":
        sign_in(client, PEOPLE[letter])
        with app.app_context(), transaction():
            scopes = ("read", "write", "desk") if letter in "dA" else ("read", "write")
            headers = token_for(make_doors.account_of(letter), *scopes)
    for api in (False, True):
        for rule in rules(app, "GET", api=api):
            if rule.rule in OWN or rule.rule.startswith("/static"):
                continue
            url = address(app, rule, things)
            answer = client.get(url, headers=headers if api else {}, buffered=True)
            found[rule.rule] = answer.get_data().decode("utf-8", "replace")
    return found


@pytest.mark.parametrize("letter", "wldcA")
def test_numbers_are_shown_nowhere_unasked(
    app: Flask, town: Things, client: FlaskClient, letter: str
) -> None:
    for rule, said in read(app, client, town, letter).items():
        assert PHONE not in said, rule
        assert IDENTITY not in said, rule


@pytest.mark.parametrize("letter", "-zoe")
def test_a_stranger_reads_nobody_s_name(
    app: Flask, town: Things, client: FlaskClient, letter: str
) -> None:
    for rule, said in read(app, client, town, letter).items():
        assert "王建国" not in said, rule
        assert town.card not in said, rule
        assert PHONE not in said, rule


def test_a_number_is_told_once_to_who_says_why(
    app: Flask, town: Things, client: FlaskClient
) -> None:
    sign_in(client, PEOPLE["c"])
    page = f"/people/{town.volunteer_id}"
    form = {"field": "phone", "why": "核对"} | hidden(client, page)
    assert PHONE in client.post(f"{page}/reveal", data=form).get_data(as_text=True)
    assert PHONE not in client.get(page).get_data(as_text=True)


def test_the_export_holds_one_s_own_and_nobody_else_s(
    app: Flask, town: Things, client: FlaskClient
) -> None:
    sign_in(client, PEOPLE["z"])
    said = client.get("/me/export.json").get_data(as_text=True)
    assert PHONE not in said
    held = client.get("/me/export.json").get_json()
    assert [row["name"] for row in held["volunteers"]] == ["赵芳"]
