"""A volunteer's own calendar: the days served, hours by month, the way to the next star."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make, make_attendance, signing
from volunteer_service import clock, settings
from volunteer_service.db import transaction
from volunteer_service.scoring.rules.half_years import HalfYear


@pytest.fixture
def served(app: Flask) -> HalfYear:
    """An hour today, two and a waiting one in the half-year before, and somebody else's."""
    with app.app_context(), transaction():
        cast = make.cast()
        before = HalfYear.of(settings.local_day(clock.now())).previous
        then = settings.day_begins(before.starts_on) + timedelta(days=40, hours=9)
        for starts_at, minutes, state in (
            (clock.now(), 60, "confirmed"),
            (then, 90, "confirmed"),
            (then + timedelta(hours=3), 30, "confirmed"),
            (then + timedelta(days=1), 30, "waiting"),
        ):
            make_attendance.record(
                cast.wang, team=cast.team, starts_at=starts_at, minutes=minutes, state=state
            )
        make_attendance.record(cast.zhao, team=cast.team, starts_at=then, minutes=240)
        return before


def _days(client: FlaskClient, login: str, of: object = "") -> str:
    signing.sign_in(client, login)
    answer = client.get(f"/my/days?of={of}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def _served(page: str) -> list[str]:
    return re.findall(r'class="is-served">\d+<span class="read-aloud">([^<]*)<', page)


def test_the_calendar_shows_confirmed_days_of_oneself(
    served: HalfYear, client: FlaskClient
) -> None:
    assert _served(_days(client, "wang")) == ["服务 1 小时"]
    assert _served(_days(client, "wang", served)) == ["服务 2 小时"]
    assert _served(_days(client, "zhao", served)) == ["服务 4 小时"]


def test_months_stand_as_bars_and_the_next_star_has_its_way(
    served: HalfYear, client: FlaskClient
) -> None:
    page = _days(client, "wang")

    bars = [float(value) for value in re.findall(r'data-value="([^"]*)"', page)][::2]
    assert sum(bars) == 3
    assert "离下一颗星还差 9 小时" in page


def test_a_half_year_ahead_or_nonsense_is_the_running_one(
    served: HalfYear, client: FlaskClient
) -> None:
    for of in ("2999H1", "x" * 400, "0000H9"):
        assert _served(_days(client, "wang", of)) == ["服务 1 小时"], of


def test_staff_without_records_of_their_own_are_told(client: FlaskClient, served: object) -> None:
    assert "is-served" not in _days(client, "wumin")
