"""Two people edit one thing at once: both versions stand side by side, and who saves chooses."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make, make_points
from tests.signing import hidden, sign_in, token_for
from volunteer_service.db import db, transaction
from volunteer_service.events.models import Event
from volunteer_service.scoring.rewards.models import Gift
from volunteer_service.teams.models import Team

_VALUE = re.compile(r'<input id="f-(\w+)" name="\1" type="[\w-]+" value="([^"]*)"')
_CHOSEN = re.compile(r'<select id="f-(\w+)".*?<option value="([^"]*)" selected', re.S)
_TEXT = re.compile(r'<textarea id="f-(\w+)"[^>]*>([^<]*)</textarea>')
_PICKED = re.compile(r'type="radio" id="f-(\w+)-\d+" name="\w+" value="([^"]*)" checked')
_VERSION = re.compile(r'name="version" value="(\d+)"')


@dataclass(frozen=True)
class Kind:
    """A thing with a form, and two of its fields."""

    page: str
    api: str
    model: Any
    id: int
    first: tuple[str, str, str]
    second: tuple[str, str, str]


@pytest.fixture
def kinds(app: Flask) -> dict[str, Kind]:
    with app.app_context(), transaction():
        cast = make.cast()
        event = make.event(team=cast.team, leader=cast.li_mei)
        gift, team = make_points.gift(cast), cast.team
        return {
            "team": Kind(
                f"/teams/{team.id}/edit",
                f"/api/v1/teams/{team.id}",
                Team,
                team.id,
                ("name", "她的名称", "我的名称"),
                ("recording_unit", "她的单位", "我的单位"),
            ),
            "event": Kind(
                f"/e/{event.id}/edit",
                f"/api/v1/events/{event.id}",
                Event,
                event.id,
                ("title", "她的名称", "我的名称"),
                ("content", "她的内容", "我的内容"),
            ),
            "gift": Kind(
                f"/gifts/{gift.id}/edit",
                f"/api/v1/gifts/{gift.id}",
                Gift,
                gift.id,
                ("name", "她的名称", "我的名称"),
                ("minimum_stars", "2", "3"),
            ),
        }


def filled(client: FlaskClient, path: str) -> dict[str, str]:
    """The form as a browser has it."""
    page = client.get(path).get_data(as_text=True)
    form = page[page.rindex('name="version"') - 40 :]
    found = (
        dict(_PICKED.findall(form))
        | dict(_VALUE.findall(form))
        | dict(_CHOSEN.findall(form))
        | dict(_TEXT.findall(form))
    )
    version = _VERSION.search(form)
    assert version
    return found | hidden(client, path) | {"version": version[1]}


def now(app: Flask, kind: Kind) -> tuple[str, str]:
    with app.app_context(), transaction(write=False):
        row = db.session.get_one(kind.model, kind.id)
        return str(getattr(row, kind.first[0])), str(getattr(row, kind.second[0]))


@pytest.mark.parametrize("name", ["team", "event", "gift"])
def test_the_second_sees_both_and_takes_each_field_from_one(
    app: Flask, client: FlaskClient, kinds: dict[str, Kind], name: str
) -> None:
    kind = kinds[name]
    (first, hers, mine), (second, hers_too, mine_too) = kind.first, kind.second
    sign_in(client, "zhoujing")
    other = app.test_client()
    sign_in(other, "qianwei")
    form = filled(client, kind.page)
    saved = other.post(kind.page, data=filled(other, kind.page) | {first: hers, second: hers_too})
    assert saved.status_code == 303
    sent = form | {first: mine, second: mine_too}
    answer = client.post(kind.page, data=sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "别人改过" in page
    assert now(app, kind) == (hers, hers_too)
    asked = set(re.findall(r'name="take-(\w+)" value="mine" required', page))
    assert asked == {first, second}
    assert hers in page
    assert mine in page
    version = _VERSION.search(page[page.rindex('name="version"') - 40 :])
    assert version
    assert int(version[1]) == int(form["version"]) + 1
    again = sent | {
        "version": version[1],
        f"take-{first}": "theirs",
        f"theirs-{first}": hers,
        f"take-{second}": "mine",
        f"theirs-{second}": hers_too,
    }
    assert client.post(kind.page, data=again).status_code == 303
    assert now(app, kind) == (hers, mine_too)


def test_a_caller_is_told_both(app: Flask, client: FlaskClient, kinds: dict[str, Kind]) -> None:
    kind = kinds["team"]
    with app.app_context(), transaction():
        account = db.session.scalar(db.select(make.Account).where(make.Account.login == "zhoujing"))
        headers = token_for(account)
    found = client.get(kind.api, headers=headers)
    body = {
        key: value
        for key, value in found.get_json().items()
        if key in ("name", "area_id", "recording_unit", "brand", "project", "founded_on", "state")
    }
    match = headers | {"If-Match": found.headers["ETag"]}
    first = client.put(kind.api, json=body | {"name": "她的名称"}, headers=match)
    assert first.status_code == 200, first.get_json()
    answer = client.put(kind.api, json=body | {"recording_unit": "我的单位"}, headers=match)
    problem = answer.get_json()
    assert (answer.status_code, problem["code"]) == (412, "etag_stale")
    assert problem["both"] == {
        "name": {"theirs": "她的名称", "mine": body["name"]},
        "recording_unit": {"theirs": body["recording_unit"], "mine": "我的单位"},
    }
    assert f'"{problem["version"]}"' == first.headers["ETag"]
