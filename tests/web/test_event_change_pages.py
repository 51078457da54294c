"""Changing a published event on its pages: first whom it touches, then the change, then back."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make
from tests.signing import hidden, sign_in
from volunteer_service import clock
from volunteer_service.db import db, transaction
from volunteer_service.events.models import Event, Shift

#: Five hours: the event's own two and some.
LATER = timedelta(hours=5)


@pytest.fixture
def event(app: Flask) -> int:
    """An event in two days for which 王建国 signed up."""
    with app.app_context(), transaction():
        cast = make.cast()
        starts_at = clock.now().replace(hour=2, minute=0, second=0, microsecond=0)
        row = make.event(
            team=cast.team, leader=cast.li_mei, starts_at=starts_at + timedelta(days=2)
        )
        make.sign_up(row, cast.wang)
        return row.id


def shift_of(app: Flask, event: int) -> Shift:
    with app.app_context(), transaction(write=False):
        row = db.session.get_one(Event, event).shifts[0]
        db.session.expunge(row)
        return row


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]+)"', page)
    assert found
    return found[1]


def filled(client: FlaskClient, path: str, row: Shift, **fields: str) -> dict[str, str]:
    """The shift's form with a beginning and an end five hours later."""
    zone = timedelta(hours=8)
    return (
        hidden(client, path)
        | {
            "starts_at": f"{row.starts_at + zone + LATER:%Y-%m-%dT%H:%M}",
            "ends_at": f"{row.ends_at + zone + LATER:%Y-%m-%dT%H:%M}",
            "capacity": "10",
            "reason": "操场被占用",
        }
        | fields
    )


def test_a_leader_sees_whom_it_touches_then_changes_and_undoes_it(app, client, event) -> None:
    sign_in(client, "limei")
    row = shift_of(app, event)
    path = f"/shifts/{row.id}/edit"
    shown = client.post(path, data=filled(client, path, row))
    assert (shown.status_code, "王建国" in shown.text) == (200, True)
    assert "护学岗 10:00–12:00" in shown.text
    assert shift_of(app, event).starts_at == row.starts_at
    sent = filled(client, path, row, seen=seen(shown.text))
    done = client.post(path, data=sent, follow_redirects=True)
    assert "操场被占用" in done.text
    assert shift_of(app, event).starts_at == row.starts_at + LATER
    assert "操场被占用" in app.test_client().get(f"/e/{event}").text
    with app.app_context(), transaction(write=False):
        version = db.session.get_one(Event, event).version
    manage = f"/e/{event}/manage"
    back = hidden(client, manage) | {"version": str(version)}
    client.post(f"/e/{event}/undo-change", data=back)
    assert shift_of(app, event).starts_at == row.starts_at
    assert "操场被占用" not in app.test_client().get(f"/e/{event}").text


def test_a_preview_that_is_not_true_any_more_changes_nothing(app, client, event) -> None:
    sign_in(client, "limei")
    row = shift_of(app, event)
    path = f"/shifts/{row.id}/edit"
    answer = client.post(path, data=filled(client, path, row, seen="0" * 32))
    assert (answer.status_code, "请再看一遍" in answer.text) == (422, True)
    assert shift_of(app, event).starts_at == row.starts_at


def test_without_a_reason_the_form_comes_back(app, client, event) -> None:
    sign_in(client, "limei")
    row = shift_of(app, event)
    path = f"/shifts/{row.id}/edit"
    answer = client.post(path, data=filled(client, path, row, reason=""))
    assert (answer.status_code, "请写明原因" in answer.text) == (422, True)


def test_an_event_is_put_off_and_handed_over_in_the_same_two_steps(app, client, event) -> None:
    sign_in(client, "zhoujing")
    row = shift_of(app, event)
    path = f"/e/{event}/put-off"
    day = {"starts_at": f"{row.starts_at + timedelta(hours=32):%Y-%m-%dT%H:%M}", "reason": "大雨"}
    shown = client.post(path, data=hidden(client, path) | day)
    client.post(path, data=hidden(client, path) | day | {"seen": seen(shown.text)})
    assert shift_of(app, event).starts_at == row.starts_at + timedelta(days=1)
    path = f"/e/{event}/hand-over"
    found = re.search(r'<option value="(\d+)"[^>]*>渤海社区助老', client.get(path).text)
    assert found
    team = {"team_id": found[1], "reason": "人手不够"}
    shown = client.post(path, data=hidden(client, path) | team)
    client.post(path, data=hidden(client, path) | team | {"seen": seen(shown.text)})
    assert "渤海社区助老志愿服务队" in app.test_client().get(f"/e/{event}").text


def test_who_leads_one_team_is_told_who_hands_over(client, event) -> None:
    sign_in(client, "limei")
    assert "请社区管理员办理" in client.get(f"/e/{event}/hand-over").text
