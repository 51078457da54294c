"""Records entered later than 10 working days count, and say so (order 67, art. 11)."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make
from tests.make_attendance import record
from tests.signing import sign_in
from volunteer_service import clock
from volunteer_service.attendance.backfills import backfill
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.attendance.records import record_decisions
from volunteer_service.db import transaction
from volunteer_service.web.shared import record_reasons

#: The tenth working day after Saturday 16 May 2026 is Friday 29 May.
TENTH = make.MORNING + timedelta(days=13)
ELEVENTH = make.MORNING + timedelta(days=16)


@pytest.fixture
def cast(session: None) -> make.Cast:
    return make.cast()


def _confirmed(cast: make.Cast, at: datetime) -> ServiceRecord:
    row = record(cast.wang, team=cast.team, state="waiting", waits_for="leader")
    record_decisions.confirm([row.id], by=make.acting(cast.li_mei), at=at)
    return row


def _backfilled(cast: make.Cast, at: datetime) -> ServiceRecord:
    plan = backfill.Backfill(
        team_id=cast.team.id,
        volunteer_id=cast.wang.id,
        event_name="护学",
        place="东门",
        content="护送学生过马路",
        starts_at=make.MORNING,
        ends_at=make.MORNING + timedelta(minutes=120),
        minutes=120,
        leader_name="李梅",
        reason="当天断网",
    )
    return backfill.backfill(plan, by=make.acting(cast.li_mei), at=at)


@pytest.mark.parametrize("enter", [_confirmed, _backfilled])
def test_ten_working_days_are_in_time(cast: make.Cast, enter) -> None:
    assert enter(cast, TENTH).reasons == []


@pytest.mark.parametrize("enter", [_confirmed, _backfilled])
def test_an_eleventh_is_marked_not_refused(cast: make.Cast, enter, app) -> None:
    row = enter(cast, ELEVENTH)
    numbers = {"working_days": 11, "allowed": 10}
    assert row.reasons == [{"code": "entered_late", "numbers": numbers}]
    assert row.state in {"confirmed", "waiting"}
    with app.test_request_context("/"):
        assert record_reasons.reason(row.reasons[0]).startswith("服务结束 11 个工作日后才记录")


def test_the_leader_s_first_page_says_so_in_time(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        town = make.cast()
        yesterday = clock.now() - timedelta(days=1)
        event_id = make.event(team=town.team, leader=town.li_mei, starts_at=yesterday).id
    sign_in(client, "limei")
    page = client.get("/").get_data(as_text=True)
    assert "活动结束后 10 个工作日内要录入" in page
    assert f"/e/{event_id}/manage" in page
