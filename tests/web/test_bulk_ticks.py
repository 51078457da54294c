"""Several lines of the roster ticked in one tap: each counts or says at its line why not."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import make
from tests.signing import hidden, sign_in, token_for
from volunteer_service import clock
from volunteer_service.db import db, transaction
from volunteer_service.events.models import Attendance, SignUp
from volunteer_service.people.models import Account


@pytest.fixture
def town(app):
    with app.app_context(), transaction():
        cast = make.cast()
        event = make.event(
            team=cast.team, leader=cast.li_mei, starts_at=clock.now() - timedelta(minutes=10)
        )
        people = [make.volunteer(f"赵{n:03}", team=cast.team) for n in range(3)]
        lines = [make.sign_up(event, each).id for each in people]
        elsewhere = make.event(team=cast.team, leader=cast.li_mei, title="别处")
        other = make.sign_up(elsewhere, cast.wang).id
        return {"event": event.id, "lines": lines, "other": other}


def tick(client, town, lines, kind="in", **fields):
    page = f"/e/{town['event']}/manage"
    form = hidden(client, page) | {"scan_id": "one-tap-for-all", "kind": kind, "line": lines}
    return client.post(f"/e/{town['event']}/ticks/lines", data=form | fields)


def inside(app) -> int:
    with app.app_context():
        query = select(Attendance.sign_up_id).where(Attendance.checked_out_at.is_(None))
        return len(db.session.scalars(query).all())


def test_all_ticked_are_in_once_however_often_it_is_sent(app, client, town) -> None:
    sign_in(client, "limei")
    for _sending in range(2):
        assert tick(client, town, town["lines"]).status_code == 303
        assert inside(app) == 3


def test_who_is_refused_reads_why_at_the_line_and_the_others_are_in(app, client, town) -> None:
    sign_in(client, "limei")
    assert tick(client, town, town["lines"][:1]).status_code == 303
    answer = tick(client, town, town["lines"], scan_id="a-second-tap")
    page = answer.get_data(as_text=True)
    assert (answer.status_code, inside(app)) == (422, 3)
    assert page.count("此人已经签到") == 2, "in the summary and at the line"
    line = f'name="line" value="{town["lines"][0]}" form="lines" checked'
    assert line in page


def test_with_a_line_of_another_event_nobody_is_ticked(app, client, town) -> None:
    sign_in(client, "limei")
    assert tick(client, town, [*town["lines"], town["other"]]).status_code == 404
    with app.app_context():
        state = db.session.scalar(select(SignUp.state).where(SignUp.id == town["other"]))
        assert (state, db.session.scalars(select(Attendance)).all()) == ("confirmed", [])


def test_nothing_ticked_says_so(app, client, town) -> None:
    sign_in(client, "limei")
    answer = tick(client, town, [])
    assert (answer.status_code, inside(app)) == (422, 0)
    assert "请先勾选名单里的人" in answer.get_data(as_text=True)


def test_the_api_ticks_lines_and_says_who_was_not(app, client, town) -> None:
    with app.app_context(), transaction():
        account = db.session.scalars(select(Account).where(Account.login == "limei")).one()
        headers = token_for(account)
    path = f"/api/v1/events/{town['event']}/ticks/lines"

    def send(n, lines):
        body = {"sign_up_ids": lines, "kind": "in", "scan_id": f"api-tap-{n}"}
        return client.post(path, headers=headers | {"Idempotency-Key": f"tap {n}"}, json=body)

    assert send(1, town["lines"][:2]).get_json() == {"refused": []}
    assert send(4, [*town["lines"], town["other"]]).status_code == 404
    told = send(2, town["lines"]).get_json()["refused"]
    assert [each["code"] for each in told] == ["already_checked_in"] * 2
    assert inside(app) == 3
    assert send(3, []).status_code == 422
