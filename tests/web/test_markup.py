"""User input stays plain text on pages, in exports and in the refused workbook."""

import io
from collections.abc import Iterator
from html import escape
from itertools import cycle, repeat

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import String

from tests.doors import address, rules
from tests.make_doors import PEOPLE, Things
from tests.signing import hidden, sign_in
from volunteer_service.areas.models import Area
from volunteer_service.attendance.models import Complaint, Dispute, ServiceRecord
from volunteer_service.db import Base, db, transaction
from volunteer_service.events.models import Event, Post
from volunteer_service.people.models import Account, Volunteer
from volunteer_service.scoring.rewards.models import Gift
from volunteer_service.teams.models import Team

#: Everything that a person writes and others read.
WRITTEN: dict[type[Base], tuple[str, ...]] = {
    Account: ("name",),
    Area: ("name",),
    Complaint: ("words",),
    Dispute: ("words",),
    Event: ("title", "place", "content"),
    Gift: ("name",),
    Post: ("name",),
    ServiceRecord: ("event_name", "place", "content", "organising_unit", "leader_name"),
    Team: ("name", "recording_unit"),
    Volunteer: ("name",),
}
MARKUP = (
    "<b>王</b>",
    "{{7*7}}",
    "{% raw %}%(name)s",
    "</script><script>1",
    "\"'><img src=x>",
    "=1+1",
    "\u202e王建国",
    "😀👨‍👩‍👧🇨🇳",
    "𬱖",
)
LONG = "长" * 200


def written(app: Flask, texts: Iterator[str]) -> None:
    """Put a text everywhere, as long as its column holds; what must differ is told apart."""
    with app.app_context(), transaction():
        for model, names in WRITTEN.items():
            for row in db.session.scalars(db.select(model)):
                for name in names:
                    column = model.__table__.columns[name]
                    longest = column.type.length if isinstance(column.type, String) else None
                    number = f"{row.id} " if column.unique or model in (Area, Team) else ""
                    setattr(row, name, (number + next(texts))[:longest])


def pages(app: Flask, client: FlaskClient, town: Things, letter: str) -> dict[str, str]:
    """Every page that opens to this person."""
    if letter != "-":
        sign_in(client, PEOPLE[letter])
    found = {}
    for rule in rules(app, "GET"):
        if rule.rule.startswith("/static") or rule.rule == "/readyz":
            continue
        answer = client.get(address(app, rule, town), buffered=True)
        assert answer.status_code < 500, rule.rule
        if answer.status_code == 200 and answer.mimetype == "text/html":
            found[rule.rule] = answer.get_data(as_text=True)
    return found


@pytest.mark.parametrize("letter", "wldA")
def test_markup_is_shown_as_it_was_written(
    app: Flask, town: Things, client: FlaskClient, letter: str
) -> None:
    missing = list(MARKUP)
    # Once is enough where a reader sees many columns; who sees few reads them in turn.
    for turn in range(len(MARKUP)):
        written(app, cycle(MARKUP[turn:] + MARKUP[:turn]))
        read = pages(app, client, town, letter)
        for rule, said in read.items():
            for live in ("<b>", "<script>1", "<img src=x", "'><img"):
                assert live not in said, rule
        everything = "".join(read.values())
        missing = [text for text in missing if _attribute(text) not in everything]
        if not missing:
            break
    assert missing == []


@pytest.mark.parametrize("letter", "-wldA")
def test_a_text_as_long_as_it_may_be_breaks_no_page(
    app: Flask, town: Things, client: FlaskClient, letter: str
) -> None:
    written(app, repeat(LONG))
    read = pages(app, client, town, letter)
    assert any("长" * 38 in said for said in read.values())


@pytest.mark.parametrize("name", MARKUP)
def test_a_written_name_comes_back_in_its_field_and_on_its_page(
    client: FlaskClient, town: Things, name: str
) -> None:
    sign_in(client, "zhoujing")
    kept = name.replace("\u202e", "")
    form = {"name": name, "area_id": str(town.area_id), "phone": "x", "consent": "1"}
    again = client.post("/people/new", data=form | hidden(client, "/people/new"))
    assert again.status_code == 422
    assert f'value="{_attribute(name)}"' in again.get_data(as_text=True)
    form |= {"phone": "17012345678", "born_on": "1990-01-01"}
    made = client.post("/people/new", data=form | hidden(client, "/people/new"))
    if not kept.isalpha():
        assert made.status_code == 422  # no name of a person
        return
    assert made.status_code == 303
    assert f"<h1>{_attribute(kept)}</h1>" in client.get(made.location).get_data(as_text=True)


def test_two_hundred_characters_are_too_many_for_a_name(client: FlaskClient, town: Things) -> None:
    sign_in(client, "zhoujing")
    form = {"name": LONG, "area_id": str(town.area_id), "phone": "17012345678", "consent": "1"}
    again = client.post("/people/new", data=form | hidden(client, "/people/new"))
    assert again.status_code == 422
    assert 'href="#f-name"' in again.get_data(as_text=True)


def test_the_list_of_a_round_runs_no_formula(app: Flask, town: Things, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Volunteer, town.volunteer_id).name = "=1+1"
    sign_in(client, "zhoujing")
    answer = client.get(f"/ratings/{town.round_id}/people.xlsx", buffered=True)
    names = [row[1] for row in load_workbook(io.BytesIO(answer.data)).active.iter_rows()]
    assert "'=1+1" in [cell.value for cell in names]
    assert {cell.data_type for cell in names} == {"s"}


def test_one_s_own_data_says_it_exactly(app: Flask, town: Things, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Volunteer, town.volunteer_id).name = "</script>=1+1𬱖"
    sign_in(client, "wang")
    answer = client.get("/me/export.json")
    assert answer.mimetype == "application/json"
    assert answer.get_json()["volunteers"][0]["name"] == "</script>=1+1𬱖"


def _attribute(text: str) -> str:
    return escape(text).replace("&quot;", "&#34;").replace("&#x27;", "&#39;")
