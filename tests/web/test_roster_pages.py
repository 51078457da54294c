"""The leader's roster in pages, its parts, and what its script asks for."""

import re
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make
from tests.make import acting
from tests.signing import hidden, sign_in
from volunteer_service import clock
from volunteer_service.attendance.check_ins import check_in, roster_pages
from volunteer_service.bounds import Invalid
from volunteer_service.db import db, transaction
from volunteer_service.events.models import Event, SignUp
from volunteer_service.people.authorization.actor import Actor

PEOPLE = roster_pages.LINES + 10


@pytest.fixture
def event(app: Flask) -> int:
    """An event that runs, with sixty people; the first three came, one of them left."""
    with app.app_context(), transaction():
        cast = make.cast()
        found = make.event(
            team=cast.team, leader=cast.li_mei, starts_at=clock.now() - timedelta(minutes=10)
        )
        found.shifts[0].capacity = PEOPLE
        people = [make.volunteer(f"赵{n:03}", area_id=cast.community.id) for n in range(PEOPLE)]
        for each in people:
            db.session.add(
                SignUp(
                    event_id=found.id,
                    shift_id=found.shifts[0].id,
                    volunteer_id=each.id,
                    state="confirmed",
                    source="page",
                    created_at=clock.now(),
                )
            )
        db.session.flush()
        by, at = acting(cast.li_mei), clock.now()
        for each, kind in ((people[0], "in"), (people[1], "in"), (people[2], "in")):
            tick(found.id, each.id, kind, by, at)
        tick(found.id, people[2].id, "out", by, at + timedelta(minutes=5))
        return found.id


def tick(event_id: int, volunteer_id: int, kind: str, by: Actor, at: datetime) -> None:
    scan = str(uuid4())
    check_in.tick(event_id, volunteer_id=volunteer_id, kind=kind, scan_id=scan, by=by, at=at)


def leader_of(event_id: int) -> Actor:
    return acting(db.session.get_one(Event, event_id).leader)


def names(text: str) -> list[str]:
    return re.findall(r"赵\d{3}", text)


def test_the_pages_hold_everybody_once_by_name(client: FlaskClient, event: int) -> None:
    sign_in(client, "limei")
    first = client.get(f"/e/{event}/manage").get_data(as_text=True)
    following = re.search(rf'rel="next" href="(/e/{event}/manage\?[^"#]*)#roster"', first)
    assert following is not None
    second = client.get(following.group(1).replace("&amp;", "&")).get_data(as_text=True)
    assert names(first) + names(second) == [f"赵{n:03}" for n in range(PEOPLE)]
    assert len(names(first)) == roster_pages.LINES
    assert "第一页" in second


@pytest.mark.parametrize(
    ("part", "people"),
    [
        ("expected", [f"赵{n:03}" for n in range(3, 3 + roster_pages.LINES)]),
        ("present", ["赵000", "赵001"]),
        ("left", ["赵002"]),
        ("no_show", []),
    ],
)
def test_a_part_holds_those_of_one_state(
    client: FlaskClient, event: int, part: str, people: list[str]
) -> None:
    sign_in(client, "limei")
    assert names(client.get(f"/e/{event}/manage?part={part}").get_data(as_text=True)) == people


def test_a_tick_comes_back_to_the_part_that_was_looked_at(client: FlaskClient, event: int) -> None:
    sign_in(client, "limei")
    path = f"/e/{event}/manage?part=expected"
    form = hidden(client, path) | {"kind": "in", "scan_id": str(uuid4())}
    sent = {"csrf_token": form["csrf_token"], "kind": "in", "scan_id": form["scan_id"]}
    with client.application.app_context(), transaction(write=False):
        person = db.session.scalars(db.select(SignUp.volunteer_id).order_by(SignUp.id)).all()[5]
    answer = client.post(f"/e/{event}/ticks?part=expected", data=sent | {"volunteer_id": person})
    assert answer.location == f"{path}#roster"
    assert "赵005" not in names(client.get(path).get_data(as_text=True))


def test_the_script_asks_for_the_roster_alone_and_only_for_a_newer_one(
    client: FlaskClient, event: int
) -> None:
    sign_in(client, "limei")
    first = client.get(f"/e/{event}/roster?part=present")
    text = first.get_data(as_text=True)
    assert names(text) == ["赵000", "赵001"]
    assert "<html" not in text
    seen = re.search(r'data-version="([^"]+)"', text)
    assert seen is not None
    again = f"/e/{event}/roster?part=present&seen={seen.group(1)}"
    assert client.get(again).status_code == 204
    with client.application.app_context(), transaction():
        leader = leader_of(event)
        person = db.session.scalars(db.select(SignUp.volunteer_id).order_by(SignUp.id)).all()[7]
        tick(event, person, "in", leader, clock.now())
    assert names(client.get(again).get_data(as_text=True)) == ["赵000", "赵001", "赵007"]


def test_an_unknown_part_is_refused(app: Flask, client: FlaskClient, event: int) -> None:
    with app.app_context(), transaction(write=False), pytest.raises(Invalid):
        roster_pages.roster_page(event, part="everybody", by=leader_of(event), at=clock.now())
    sign_in(client, "limei")
    assert client.get(f"/e/{event}/manage?part=everybody").status_code == 422
