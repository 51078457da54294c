"""The cast, and this morning's event for which 王建国 has signed up."""

import pytest

from tests import make
from volunteer_service.events.models import Event


@pytest.fixture
def cast(session: None) -> make.Cast:
    return make.cast()


@pytest.fixture
def event(cast: make.Cast) -> Event:
    row = make.event(team=cast.team, leader=cast.li_mei)
    make.sign_up(row, cast.wang)
    return row
