"""The cast, this morning's event for which 王建国 has signed up, and a town over the API."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make
from tests.town import Town
from volunteer_service import clock
from volunteer_service.events.models import Event


@pytest.fixture
def cast(session: None) -> make.Cast:
    return make.cast()


@pytest.fixture
def event(cast: make.Cast) -> Event:
    row = make.event(team=cast.team, leader=cast.li_mei)
    make.sign_up(row, cast.wang)
    return row


@pytest.fixture
def town(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> Town:
    return Town(app, client, lambda at: monkeypatch.setattr(clock, "now", lambda: at))
