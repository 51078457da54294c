"""Two entries of one 张伟: the one in our team, and the one entered again elsewhere."""

from datetime import date

import pytest

from tests import make
from volunteer_service.people.models import Volunteer

PHONE = "17000009999"


@pytest.fixture
def cast(session: None) -> make.Cast:
    return make.cast()


@pytest.fixture
def kept(cast: make.Cast) -> Volunteer:
    return make.volunteer("张伟", team=cast.team, phone=PHONE)


@pytest.fixture
def other(cast: make.Cast) -> Volunteer:
    fields = {"phone": PHONE, "registered_on": date(2023, 5, 1)}
    return make.volunteer("张伟", team=cast.other_team, **fields)
