"""At the poster and on the roster: the page asks which shift, one tap each; a roster by shift."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import make
from tests.signing import hidden, sign_in
from volunteer_service import clock
from volunteer_service.attendance.check_ins import event_codes
from volunteer_service.db import db, transaction
from volunteer_service.events.models import Attendance, Post, Shift
from volunteer_service.identifiers import check_characters


@pytest.fixture
def town(app):
    """An event that runs, with two posts of one shift each; 王建国 comes without signing up."""
    with app.app_context(), transaction():
        cast = make.cast()
        cast.wang.number = check_characters.volunteer_number(77)
        begins = clock.now() - timedelta(minutes=10)
        event = make.event(team=cast.team, leader=cast.li_mei, starts_at=begins)
        post = Post(event_id=event.id, name="引导岗")
        db.session.add(post)
        db.session.flush()
        other = Shift(
            event_id=event.id,
            post_id=post.id,
            starts_at=begins,
            ends_at=event.ends_at,
            capacity=3,
        )
        db.session.add(other)
        db.session.flush()
        return {
            "token": event_codes.token(event),
            "event": event.id,
            "other": other.id,
            "one": event.shifts[0].id,
            "number": cast.wang.number,
            "wang": cast.wang.id,
        }


def shift_of(app) -> list[int]:
    with app.app_context(), transaction(write=False):
        return list(db.session.scalars(select(Attendance.shift_id)))


def test_the_poster_s_page_asks_and_one_tap_answers(app, client, town) -> None:
    sign_in(client, "wang")
    path = f"/c/{town['token']}"
    text = client.get(path).get_data(as_text=True)
    assert "签到：引导岗" in text
    assert "签到：护学岗" in text
    form = hidden(client, path) | {"kind": "in", "scan_id": "0123456789ab"}
    refused = client.post(path, data={k: v for k, v in form.items() if k != "shift_id"})
    assert refused.status_code == 422
    assert shift_of(app) == []
    assert client.post(path, data=form | {"shift_id": town["other"]}).status_code == 303
    assert shift_of(app) == [town["other"]]


def test_a_leader_chooses_moves_and_reads_one_shift(app, client, town) -> None:
    sign_in(client, "limei")
    page = f"/e/{town['event']}/manage"
    form = hidden(client, page) | {"kind": "in", "scan_id": "0123456789ab"}
    form = {k: v for k, v in form.items() if k not in ("shift_id", "volunteer_id")}
    asked = client.post(f"/e/{town['event']}/ticks", data=form | {"number": town["number"]})
    text = asked.get_data(as_text=True)
    assert asked.status_code == 422
    assert "签到：引导岗" in text
    assert shift_of(app) == []
    assert f'name="number" value="{town["number"]}"' in text
    chosen = form | {"number": town["number"], "shift_id": town["one"], "volunteer_id": 0}
    assert client.post(f"/e/{town['event']}/ticks", data=chosen).status_code == 303
    assert shift_of(app) == [town["one"]]
    move = f"/e/{town['event']}/ticks/{town['wang']}/move"
    assert move in client.get(page).get_data(as_text=True)
    moved = client.post(move, data=form | {"shift_id": town["other"]})
    assert moved.status_code == 303
    assert shift_of(app) == [town["other"]]
    alone = client.get(page, query_string={"shift_id": town["one"]}).get_data(as_text=True)
    assert move not in alone
    assert move in client.get(page).get_data(as_text=True)
