"""A phone at the rotating screen: the scan is exchanged first, then signing in takes its time."""

import re
from datetime import timedelta

import pytest

from tests import make
from tests.limiting import limited
from tests.signing import hidden, sign_in
from volunteer_service import clock
from volunteer_service.attendance.check_ins import event_codes, spoken_codes
from volunteer_service.db import db, transaction
from volunteer_service.events.models import Event


@pytest.fixture
def event_id(app) -> int:
    with app.app_context(), transaction():
        cast = make.cast()
        begins = clock.now() - timedelta(minutes=10)
        return make.event(team=cast.team, leader=cast.li_mei, starts_at=begins).id


@pytest.fixture
def passed(monkeypatch):
    """Lets the server's clock go on by so many seconds."""
    began = clock.now()
    gone = [0.0]
    monkeypatch.setattr(clock, "now", lambda: began + timedelta(seconds=gone[0]))

    def wait(seconds: float) -> None:
        gone[0] += seconds

    return wait


def scanned(app, event_id: int) -> str:
    with app.app_context(), transaction(write=False):
        return f"/c/{event_codes.screen_token(db.session.get(Event, event_id), clock.now())}"


def tap(client, path: str):
    form = hidden(client, path) | {"kind": "in", "scan_id": "0123456789ab"}
    return client.post(path, data=form, follow_redirects=True).get_data(as_text=True)


def test_signing_in_after_the_scan_may_take_minutes(app, client, event_id, passed) -> None:
    first = client.get(scanned(app, event_id))
    assert first.status_code == 303
    here = first.location
    assert "登录一次" in client.get(here).get_data(as_text=True)
    passed(200)
    sign_in(client, "wang")
    assert "已签到" in tap(client, here)
    # The page after it offers no way out: leaving takes a scan of its own.
    after = client.get(here).get_data(as_text=True)
    assert "已签到" in after
    assert 'value="out"' not in after
    passed(1800)
    again = client.get(scanned(app, event_id)).location
    assert 'value="out"' in client.get(again).get_data(as_text=True)


def test_the_address_alone_opens_nothing_in_another_browser(app, client, event_id) -> None:
    here = client.get(scanned(app, event_id)).location
    friend = app.test_client()
    sign_in(friend, "zhao")
    answer = friend.get(here)
    assert answer.status_code == 422
    assert "再扫一次现场屏幕" in answer.get_data(as_text=True)
    form = hidden(friend, "/") | {"kind": "in", "scan_id": "0123456789ab"}
    assert friend.post(here, data=form).status_code == 422


def test_a_photo_of_the_screen_is_dead_and_says_what_to_do(app, client, event_id, passed) -> None:
    photo = scanned(app, event_id)
    passed(61)
    sign_in(client, "wang")
    answer = client.get(photo)
    assert answer.status_code == 422
    assert "再扫一次现场屏幕" in answer.get_data(as_text=True)


def test_who_took_too_long_scans_again(app, client, event_id, passed) -> None:
    here = client.get(scanned(app, event_id)).location
    passed(301)
    sign_in(client, "wang")
    text = client.get(here).get_data(as_text=True)
    assert "再扫一次现场屏幕" in text
    assert 'value="in"' not in text
    assert "已签到" in tap(client, client.get(scanned(app, event_id)).location)


def test_the_leader_s_screen_changes_and_names_who_came(app, client, event_id, passed) -> None:
    sign_in(client, "limei")
    page = client.get(f"/e/{event_id}/screen").get_data(as_text=True)
    assert "还没有人签到" in page
    person = app.test_client()
    sign_in(person, "wang")
    tap(person, person.get(scanned(app, event_id)).location)
    passed(20)
    part = client.get(f"/e/{event_id}/screen/now").get_data(as_text=True)
    assert "王*国" in part
    assert "王建国" not in part
    codes = [re.search(r'fill="#000" d="([^"]+)"', text)[1] for text in (page, part)]
    assert codes[0] != codes[1]


def test_the_screen_of_another_team_is_not_shown(client, event_id) -> None:
    sign_in(client, "wang")
    assert client.get(f"/e/{event_id}/screen").status_code == 404


def digits(app, event_id: int) -> str:
    with app.app_context(), transaction(write=False):
        return spoken_codes.spoken_digits(db.session.get(Event, event_id).code, clock.now())


def test_digits_said_by_the_leader_check_in_whoever_types_them(app, client, event_id) -> None:
    leader = app.test_client()
    sign_in(leader, "limei")
    page = leader.get(f"/e/{event_id}/spoken").get_data(as_text=True)
    said = digits(app, event_id)
    assert f"{said[:3]} {said[3:]}" in page
    sign_in(client, "wang")
    here = client.get(f"/c?code={said[:3]}+{said[3:]}")
    assert here.status_code == 303
    assert "已签到" in tap(client, here.location)


def test_who_is_not_signed_in_signs_in_before_the_digits(app, client, event_id) -> None:
    answer = client.get(f"/c?code={digits(app, event_id)}")
    assert (answer.status_code, "/sign-in" in answer.location) == (302, True)


def test_wrong_digits_say_so_and_are_counted(app, event_id) -> None:
    wrong = f"{(int(digits(app, event_id)) + 1) % 10**6:06}"
    with limited(app) as client:
        sign_in(client, "wang")
        answers = [client.get(f"/c?code={wrong}") for _ in range(6)]
    assert "再问一次负责人" in answers[0].get_data(as_text=True)
    assert [answer.status_code for answer in answers] == [404] * 5 + [429]
