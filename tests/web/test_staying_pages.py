"""What the phone of a person says who stays from one shift into the next without a scan."""

from datetime import datetime, timedelta

import pytest

from tests import make
from tests.signing import hidden, sign_in
from volunteer_service import clock, settings
from volunteer_service.attendance import closing
from volunteer_service.attendance.check_ins import event_codes
from volunteer_service.db import db, transaction
from volunteer_service.events.models import Attendance, Event, Shift

MINUTE = timedelta(minutes=1)


@pytest.fixture
def stays(app) -> dict[str, str]:
    """王建国 came two hours ago to a shift that has ended; the next one of theirs runs."""
    with app.app_context(), transaction():
        cast = make.cast()
        begins = clock.now().replace(second=0, microsecond=0) - 120 * MINUTE
        event = make.event(team=cast.team, leader=cast.li_mei, starts_at=begins, minutes=100)
        first = event.shifts[0]
        event.ends_at = begins + 240 * MINUTE
        then = Shift(
            event_id=event.id,
            post_id=first.post_id,
            starts_at=first.ends_at,
            ends_at=event.ends_at,
            capacity=3,
        )
        db.session.add(then)
        db.session.flush()
        place, _next = (make.sign_up(event, cast.wang, shift=shift) for shift in (first, then))
        entry = {"event_id": event.id, "shift_id": first.id, "sign_up_id": place.id}
        came = Attendance(volunteer_id=cast.wang.id, checked_in_at=begins, grade="scanned", **entry)
        db.session.add(came)
        return {
            "event": str(event.id),
            "code": f"/c/{event_codes.token(event)}",
            "came": f"{_said(begins)} 已签到",
            "home": f"{_said(begins)} 签到，{_said(event.ends_at)} 结束",
        }


def _said(at: datetime) -> str:
    return at.astimezone(settings.current().zone).strftime("%H:%M")


def test_the_code_s_page_says_since_when_and_offers_the_exit(app, client, stays) -> None:
    sign_in(client, "wang")
    text = client.get(stays["code"]).get_data(as_text=True)
    assert stays["came"] in text
    assert "签退" in text
    form = hidden(client, stays["code"]) | {"kind": "out", "scan_id": "0123456789ab"}
    assert client.post(stays["code"], data=form).status_code == 303
    assert "已签退" in client.get(stays["code"]).get_data(as_text=True)
    with app.app_context(), transaction(write=False):
        assert all(row.checked_out_at for row in _pairs())
        assert len(_pairs()) == 2


def test_the_first_page_says_until_when_even_after_the_first_shift_is_closed(
    app, client, stays
) -> None:
    sign_in(client, "wang")
    assert stays["home"] in client.get("/").get_data(as_text=True)
    with app.app_context(), transaction():
        event = db.session.get_one(Event, int(stays["event"]))
        closing.close(event.id, by=make.acting(event.leader), at=clock.now())
    assert stays["home"] in client.get("/").get_data(as_text=True)
    assert stays["came"] in client.get(stays["code"]).get_data(as_text=True)


def test_the_first_page_says_nothing_of_a_check_out_forgotten_yesterday(app, client, stays) -> None:
    with app.app_context(), transaction():
        for row in _pairs():
            row.checked_in_at -= timedelta(days=1)
        for shift in db.session.get_one(Event, int(stays["event"])).shifts:
            shift.starts_at -= timedelta(days=1)
            shift.ends_at -= timedelta(days=1)
    sign_in(client, "wang")
    assert "您已签到" not in client.get("/").get_data(as_text=True)


def test_the_leader_s_roster_shows_them_on_the_shift_that_they_stay_on(client, stays) -> None:
    sign_in(client, "limei")
    text = client.get(f"/e/{stays['event']}/manage").get_data(as_text=True)
    assert "在场，从上一班接着" in text
    assert "让出名额" not in text


def _pairs() -> list[Attendance]:
    return list(db.session.query(Attendance).order_by(Attendance.id))
