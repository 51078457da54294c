"""Somebody deceased or moved away: frozen, found in lists and in the story, taken back if wrong."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import make, make_ratings
from tests.make import MORNING, acting
from tests.make_attendance import scan
from tests.make_points import FRIDAY, earned, gift
from tests.signing import hidden, sign_in, token_for
from volunteer_service import clock, settings
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db, transaction
from volunteer_service.errors import Invalid, NotAllowed, NotFound, Refused
from volunteer_service.events import sign_ups
from volunteer_service.people.authentication import sign_in as entrance
from volunteer_service.people.authentication.sign_in_tries import Whence
from volunteer_service.people.models import Message
from volunteer_service.people.registrations import departures, reinstating
from volunteer_service.people.registrations.registration_state import RegistrationEnded
from volunteer_service.scoring.points.models import PointsAccount
from volunteer_service.scoring.rewards import orders
from volunteer_service.visible_text import NothingSaid

DAY = timedelta(days=1)


@pytest.fixture
def cast(session: None) -> make.Cast:
    return make.cast()


def mark(cast: make.Cast, *, departed_as: str = "deceased", at: datetime = MORNING) -> None:
    departures.mark_departed(
        cast.wang.id,
        departed_as,
        settings.local_day(at),
        reason="家属到社区告知",
        by=acting(cast.coordinator),
        at=at,
    )


def test_nothing_new_begins_and_what_was_earned_stays(cast: make.Cast) -> None:
    earned(cast.wang, 500)
    record = make_ratings.record(cast.wang, cast.team)
    row = make_ratings.round_at("final", cast)
    result = make_ratings.result(row, cast.wang)
    before = (result.stars, record.minutes, record.state)
    event = make.event(team=cast.team, leader=cast.li_mei, starts_at=FRIDAY + DAY)
    place = make.sign_up(event, cast.wang)
    own = acting(cast.wang_account)
    mark(cast, at=FRIDAY)
    db.session.refresh(place)
    assert place.state == "cancelled"
    (shift,) = event.shifts
    for attempt in (
        lambda: sign_ups.sign_up(
            shift.id, volunteer_id=cast.wang.id, by=acting(cast.li_mei), at=FRIDAY
        ),
        lambda: scan(event, cast.wang),
        lambda: orders.order(gift(cast).id, 1, cast.wang.id, stars=5, by=own, at=FRIDAY),
        lambda: orders.order_at_counter(
            gift(cast).id, 1, cast.wang.id, stars=5, by=acting(cast.desk), at=FRIDAY
        ),
        lambda: entrance.sign_in(
            "wang", make.PASSWORD, name="", whence=Whence("127.0.0.1", None), at=FRIDAY
        ),
    ):
        with pytest.raises(Refused):
            attempt()
    db.session.refresh(result)
    assert (result.stars, record.minutes, record.state) == before
    points = select(PointsAccount.posted).where(PointsAccount.volunteer_id == cast.wang.id)
    assert db.session.scalar(points) == 500
    assert db.session.query(ServiceRecord).count() == 1


def test_relatives_collect_what_was_ordered_before(cast: make.Cast) -> None:
    earned(cast.wang, 10_000)
    row, _code = orders.order(
        gift(cast).id, 1, cast.wang.id, stars=5, by=acting(cast.wang_account), at=FRIDAY
    )
    mark(cast, at=FRIDAY)
    orders.hand_over(row.id, proxy_name="王小明", by=acting(cast.desk), at=FRIDAY)
    db.session.refresh(row)
    assert row.state == "handed_over"


def test_a_wrong_mark_is_taken_back_and_told(cast: make.Cast) -> None:
    mark(cast)
    assert (cast.wang.state, cast.wang.departed_as) == ("left", "deceased")
    by = acting(cast.coordinator)
    departures.take_back_departure(cast.wang.id, reason="同名的另一位", by=by, at=MORNING)
    assert (cast.wang.state, cast.wang.departed_as, cast.wang.departed_on) == ("active", None, None)
    told = select(Message.kind).where(Message.volunteer_id == cast.wang.id)
    assert list(db.session.scalars(told)) == ["departure_taken_back"]
    with pytest.raises(departures.NotDeparted):
        departures.take_back_departure(cast.wang.id, reason="同名的另一位", by=by, at=MORNING)


def test_who_comes_back_after_moving_away_agrees_anew(cast: make.Cast) -> None:
    mark(cast, departed_as="moved")
    by = acting(cast.coordinator)
    reinstating.reinstate(cast.wang.id, reason="又搬回来了", by=by, at=MORNING)
    assert (cast.wang.state, cast.wang.departed_as) == ("active", None)


def test_only_staff_of_the_home_do_it_with_a_reason_and_a_day_that_was(cast: make.Cast) -> None:
    today = settings.local_day(MORNING)
    for account, refusal in (
        (cast.wang_account, Refused),
        (cast.li_mei, Refused),
        (cast.auditor, NotAllowed),
        (cast.desk, NotAllowed),
        (cast.zhao_account, NotFound),
    ):
        with pytest.raises(refusal):
            departures.mark_departed(
                cast.wang.id, "moved", today, reason="听说", by=acting(account), at=MORNING
            )
    by = acting(cast.coordinator)
    for departed_as, on, reason, refusal in (
        ("asleep", today, "听说", Invalid),
        ("moved", today + DAY, "听说", Invalid),
        ("moved", today, " 。", NothingSaid),
    ):
        with pytest.raises(refusal):
            departures.mark_departed(
                cast.wang.id, departed_as, on, reason=reason, by=by, at=MORNING
            )
    mark(cast)
    with pytest.raises(RegistrationEnded):
        mark(cast)


def test_page_api_list_and_story_show_it(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        person, bearer = cast.wang.id, token_for(cast.coordinator)
    sign_in(client, "zhoujing")
    page = f"/people/{person}"
    day = settings_day(app)
    form = {"departed_as": "deceased", "departed_on": day, "departed_reason": ""}
    bad = client.post(f"{page}/departed", data=form | hidden(client, page))
    assert bad.status_code == 422
    form["departed_reason"] = "家属来说"
    assert client.post(f"{page}/departed", data=form | hidden(client, page)).status_code == 303
    assert "已去世" in client.get(page).get_data(as_text=True)
    assert "标记去世或迁走" in client.get(f"{page}/story").get_data(as_text=True)
    assert "王建国" in client.get("/lists/people?state=deceased").get_data(as_text=True)
    assert "王建国" not in client.get("/lists/people?state=left").get_data(as_text=True)
    api = f"/api/v1/volunteers/{person}"
    said = client.get(api, headers=bearer).get_json()
    assert (said["state"], said["departed_as"], said["departed_on"]) == ("left", "deceased", day)
    back = client.post(f"{api}/departed/take-back", headers=bearer, json={"reason": "标错了"})
    assert (back.status_code, back.get_json()["departed_as"]) == (200, None)
    again = {"departed_as": "moved", "on": day, "reason": "搬走"}
    assert client.post(f"{api}/departed", headers=bearer, json=again).status_code == 200


def settings_day(app: Flask) -> str:
    with app.app_context():
        return settings.local_day(clock.now()).isoformat()
