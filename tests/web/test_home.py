"""Everybody's first page shows what they came for."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make, signing
from volunteer_service import clock
from volunteer_service.db import transaction

TITLE = "河边清洁"


@pytest.fixture
def town(app: Flask) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        event = make.event(
            team=cast.team,
            leader=cast.li_mei,
            title=TITLE,
            starts_at=clock.now() - timedelta(minutes=5),
        )
        make.sign_up(event, cast.wang)


def _home(client: FlaskClient, login: str) -> str:
    signing.sign_in(client, login)
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_a_stranger_learns_what_this_is(town: None, client: FlaskClient) -> None:
    page = client.get("/").get_data(as_text=True)
    assert 'href="/sign-in"' in page
    assert 'href="/join"' in page
    assert TITLE in page


def test_a_volunteer_sees_the_event_hours_and_points(town: None, client: FlaskClient) -> None:
    page = _home(client, "wang")
    assert TITLE in page
    assert "还差 10 小时，到一星级" in page
    assert "可用积分" in page


def test_a_leader_sees_today(town: None, client: FlaskClient) -> None:
    page = _home(client, "limei")
    assert TITLE in page
    assert "/manage" in page


@pytest.mark.parametrize(
    ("login", "words"),
    [
        ("zhoujing", "等您处理的记录"),
        ("wumin", "可以核查的评定"),
        ("admin", "运行状况"),
    ],
)
def test_staff_see_their_work(town: None, client: FlaskClient, login: str, words: str) -> None:
    assert words in _home(client, login)


def test_the_desk_goes_straight_to_its_counter(town: None, client: FlaskClient) -> None:
    signing.sign_in(client, "sunli")
    assert client.get("/").location == "/desk"
