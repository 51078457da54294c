"""The desk in figures: orders by hour and day, and what runs out first."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make, signing
from tests.make import Cast, acting
from volunteer_service import clock, settings
from volunteer_service.db import db, transaction
from volunteer_service.errors import NotAllowed
from volunteer_service.scoring.rewards import desk_load
from volunteer_service.scoring.rewards.models import Gift, Redemption


def _gift(cast: Cast, name: str, *, stock: int, reserved: int = 0) -> Gift:
    row = Gift(area_id=cast.town.id, name=name, price_centi=100, stock=stock, reserved=reserved)
    db.session.add(row)
    db.session.flush()
    return row


def _given(cast: Cast, gift: Gift, ended_at: datetime, *, quantity: int = 1) -> None:
    db.session.add(
        Redemption(
            volunteer_id=cast.wang.id,
            gift_id=gift.id,
            quantity=quantity,
            points_centi=100,
            state="handed_over",
            month=ended_at.strftime("%Y-%m"),
            ordered_at=ended_at,
            lapses_at=ended_at + timedelta(days=14),
            ended_at=ended_at,
            code_hash=f"code-{make.next_number()}",
        )
    )
    db.session.flush()


@pytest.fixture
def cast(app: Flask) -> Cast:
    """Rice for 14 days, soap gone, towels that nobody takes; given out at 15 and 16 o'clock."""
    with app.app_context(), transaction():
        found = make.cast()
        yesterday = settings.local_day(clock.now()) - timedelta(days=1)
        three = datetime.combine(yesterday, time(15, 30), tzinfo=settings.current().zone)
        rice = _gift(found, "大米", stock=5, reserved=1)
        soap = _gift(found, "肥皂", stock=0)
        _gift(found, "毛巾", stock=9)
        _given(found, rice, three.astimezone(UTC), quantity=8)
        _given(found, soap, (three + timedelta(hours=1)).astimezone(UTC))
        _given(found, soap, (three - timedelta(days=40)).astimezone(UTC))
        _given(found, soap, (three - timedelta(days=400)).astimezone(UTC))
        return found


def test_hours_days_and_what_runs_out(app: Flask, cast: Cast) -> None:
    with app.app_context(), transaction(write=False):
        found = desk_load.load(by=acting(make.again(cast).desk), at=clock.now())

        assert found.by_hour == {15: 2, 16: 1}
        assert sorted(found.by_day.values()) == [1, 2]
        assert [(each.gift.name, each.left, each.lasts) for each in found.gifts] == [
            ("肥皂", 0, 0),
            ("大米", 4, 14),
            ("毛巾", 9, None),
        ]


def test_the_page_shows_both_and_a_day_leads_to_its_orders(client: FlaskClient, cast: Cast) -> None:
    signing.sign_in(client, "sunli")
    page = client.get("/desk/figures").get_data(as_text=True)

    assert page.count('class="chart"') == 2
    assert "已发完" in page
    assert "14 天" in page
    day = re.findall(r'data-value="2"><a href="([^"]+)"', page)[-1].replace("&amp;", "&")
    listed = client.get(day).get_data(as_text=True)
    assert listed.count('scope="row" role="rowheader"') == 2
    assert "/desk/figures" in client.get("/desk").get_data(as_text=True)


def test_who_has_no_desk_is_refused(app: Flask, cast: Cast) -> None:
    with app.app_context(), transaction(write=False), pytest.raises(NotAllowed):
        desk_load.load(by=acting(make.again(cast).wang_account), at=clock.now())
