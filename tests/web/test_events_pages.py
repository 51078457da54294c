"""Event to records on the pages, without script: leader, volunteer, stranger."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import select

from tests import make
from tests.signing import hidden, sign_in
from volunteer_service import clock
from volunteer_service.attendance.check_ins import event_codes
from volunteer_service.attendance.models import Dispute, Scan, ServiceRecord
from volunteer_service.db import db, transaction
from volunteer_service.events.models import Attendance, Event

SCAN = re.compile(r'name="scan_id" value="([^"]+)"')


@pytest.fixture
def town(app):
    """An event that runs right now, as plain facts."""
    with app.app_context(), transaction():
        cast = make.cast()
        event = make.event(
            team=cast.team, leader=cast.li_mei, starts_at=clock.now() - timedelta(minutes=90)
        )
        make.sign_up(event, cast.wang)
        return {
            "event": event.id,
            "shift": event.shifts[0].id,
            "wang": cast.wang.id,
            "team": cast.team.id,
            "other": cast.other_team.id,
            "area": cast.community.id,
            "token": event_codes.token(event),
        }


def rows(app, query):
    with app.app_context(), transaction(write=False):
        found = db.session.scalars(query).all()
        db.session.expunge_all()
        return found


def page(client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def send(client, page_at: str, to: str, **fields):
    return client.post(to, data=hidden(client, page_at) | fields)


def test_anyone_sees_published_events_and_nobody_by_name(client, town) -> None:
    for path in ("/events", f"/e/{town['event']}"):
        text = page(client, path)
        assert "庆丰小学门前护学" in text
        assert "李梅" not in text
        assert "王建国" not in text
    for path in ("manage", "edit", "poster.pdf", "qr.svg"):
        assert client.get(f"/e/{town['event']}/{path}").status_code in (302, 404)


def test_a_leader_makes_publishes_and_prints_an_event(app, client, town) -> None:
    sign_in(client, "limei")
    times = {"starts_at": "2030-05-16T09:00", "ends_at": "2030-05-16T11:00"}
    plan = {"title": "公园清洁", "place": "河滨公园", "content": "捡拾垃圾", **times}
    late = plan | {"team_id": town["team"], "ends_at": "2030-05-16T08:00"}
    bad = send(client, "/events/new", "/events/new", **late)
    assert bad.status_code == 422
    assert "结束时间要晚于开始时间" in bad.get_data(as_text=True)
    made = send(client, "/events/new", "/events/new", team_id=town["team"], **plan)
    manage = made.location
    here = manage.removesuffix("/manage")
    added = send(client, manage, f"{here}/shifts", post="保洁岗", capacity=5, **times)
    assert added.status_code == 303
    assert send(client, manage, f"{here}/publish").status_code == 303
    (event,) = rows(app, select(Event).where(Event.title == "公园清洁"))
    assert event.state == "published"
    picture = Image.open(BytesIO(client.get(f"{here}/qr.png").data))
    with app.app_context():
        assert zxingcpp.read_barcodes(picture)[0].text == event_codes.poster_url(event)
    assert client.get(f"{here}/poster.pdf").data.startswith(b"%PDF")
    assert client.get(f"{here}/poster.png").data.startswith(b"\x89PNG")
    assert client.get(f"{here}/qr.svg").mimetype == "image/svg+xml"
    saved = send(client, f"{here}/edit", f"{here}/edit", version=event.version, **plan)
    stale = send(client, f"{here}/edit", f"{here}/edit", version=event.version, **plan)
    assert (saved.status_code, stale.status_code) == (303, 422)
    off = send(client, manage, f"{here}/cancel", reason="大雨")
    assert off.status_code == 303
    assert "大雨" in page(client, here)


def test_the_poster_asks_for_sign_in_once_and_remembers_the_way(client, town) -> None:
    text = page(client, f"/c/{town['token']}")
    assert "庆丰小学门前护学" in text
    assert f"/sign-in?next=/c/{town['token']}" in text
    assert f"/join?next=/c/{town['token']}" in text


def test_scan_in_and_out_with_one_button(app, client, town) -> None:
    sign_in(client, "wang")
    path = f"/c/{town['token']}"
    text = page(client, path)
    assert rows(app, select(Scan)) == []  # a look changes nothing
    tap = {"kind": "in", "scan_id": SCAN.search(text)[1]}
    for _ in range(2):  # a double tap
        assert send(client, path, path, **tap).status_code == 303
    assert len(rows(app, select(Scan))) == 1
    text = page(client, path)
    assert "已签到" in text
    assert "离开时再扫这个码签退" in text
    assert "还差" in text  # too early to leave with anything
    again = send(client, path, path, kind="in", scan_id="another-scan")
    assert again.status_code == 422
    assert "离开时请再扫一次签退" in again.get_data(as_text=True)
    assert send(client, path, path, kind="out", scan_id="last-scan").status_code == 303
    assert "已签退" in page(client, path)
    (presence,) = rows(app, select(Attendance))
    assert presence.checked_out_at is not None
    assert [scan.outcome for scan in rows(app, select(Scan).order_by(Scan.id))] == [
        "accepted",
        "refused",
        "accepted",
    ]


def test_a_scan_needs_the_forms_token(app, client, town) -> None:
    sign_in(client, "wang")
    answer = client.post(f"/c/{town['token']}", data={"kind": "in", "scan_id": "scan-0001"})
    assert answer.status_code == 400
    assert rows(app, select(Scan)) == []


def test_a_forged_code_is_one_sentence(client, town) -> None:
    answer = client.get(f"/c/{town['token'][:-2]}xx")
    assert answer.status_code == 422
    assert "这个二维码无效" in answer.get_data(as_text=True)


def test_a_leader_ticks_closes_and_confirms(app, client, town) -> None:
    sign_in(client, "limei")
    manage = f"/e/{town['event']}/manage"
    assert "王建国" in page(client, manage)
    tick = {"volunteer_id": town["wang"], "kind": "in", "scan_id": "tick-0001"}
    assert send(client, manage, f"/e/{town['event']}/ticks", **tick).status_code == 303
    busy = send(client, manage, f"/e/{town['event']}/close")
    assert busy.status_code == 422
    assert "没有签退" in busy.get_data(as_text=True)
    with app.app_context(), transaction():
        presence = db.session.scalars(select(Attendance)).one()
        presence.checked_in_at -= timedelta(minutes=90)
    tick = {"number": "T0000001", "kind": "out", "scan_id": "tick-0002"}
    unknown = send(client, manage, f"/e/{town['event']}/ticks", **tick)
    assert unknown.status_code == 422
    tick = {"volunteer_id": town["wang"], "kind": "out", "scan_id": "tick-0003"}
    assert send(client, manage, f"/e/{town['event']}/ticks", **tick).status_code == 303
    assert send(client, manage, f"/e/{town['event']}/close").status_code == 303
    (record,) = rows(app, select(ServiceRecord))
    assert (record.waits_for, record.grade, record.minutes) == ("leader", "leader", 90)
    done = send(client, manage, "/records/confirm", record=str(record.id))
    assert done.status_code == 303
    (record,) = rows(app, select(ServiceRecord))
    assert record.state == "confirmed"
    assert "1.5 小时" in page(client, f"/records/{record.id}")


def test_my_hours_a_record_explained_and_a_dispute_to_its_decision(app, client, town) -> None:
    from tests.make_attendance import record

    with app.app_context(), transaction():
        volunteer = db.session.get(make.Volunteer, town["wang"])
        row = record(volunteer, team=db.session.get(make.Team, town["team"]))
        path = f"/records/{row.id}"
    sign_in(client, "wang")
    assert "庆丰小学门前护学" in page(client, "/my/records")
    assert "认定 120 分钟" in page(client, path)
    assert send(client, path, f"{path}/disputes", words="少记了一小时").status_code == 303
    stranger = app.test_client()
    sign_in(stranger, "zhao")
    page(stranger, path, 404)
    office = app.test_client()
    sign_in(office, "zhoujing")
    assert "少记了一小时" in page(office, "/records/waiting")
    (dispute,) = rows(app, select(Dispute))
    decision = {"upheld": "true", "minutes": "60", "answer": "核对后更正"}
    to = f"/disputes/{dispute.id}/decide"
    assert send(office, path, to, **decision).status_code == 303
    assert "核对后更正" in page(client, path)
    assert "120 分钟改为 60 分钟" in page(client, path)


def test_every_office_page_opens(client, town) -> None:
    sign_in(client, "zhoujing")
    for path in ("/records/waiting?for=second", "/records/backfill", "/my/records", "/c"):
        page(client, path)
    assert client.get("/c?code=0000-0000-0").status_code == 404
    typed = {"team_id": town["team"], "number": "nobody"}
    assert send(client, "/records/backfill", "/records/backfill", **typed).status_code == 422


def test_events_are_found_by_team_and_place(client, town) -> None:
    team = town["team"]
    text = page(client, "/events")
    assert f'<option value="{team}">庆丰社区护学志愿服务队</option>' in text
    assert "渤海社区助老志愿服务队" not in text
    assert "庆丰小学门前护学" in page(client, f"/events?team_id={team}&area_id={town['area']}")
    other = page(client, f"/events?team_id={town['other']}")
    assert "这些日子没有活动" in other
    assert "庆丰小学门前护学" not in other


def test_the_next_person_of_a_shared_phone_stands_at_the_same_poster(client, town) -> None:
    poster = f"/c/{town['token']}"
    for login in ("wang", "limei"):
        sign_in(client, login)
        assert "换人签到" in page(client, poster)
        answer = send(client, poster, "/sign-out", next=poster)
        assert (answer.status_code, answer.location) == (303, poster)
        assert "登录，去签到" in page(client, poster)


@pytest.mark.parametrize("next_", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_signing_out_never_leads_to_another_site(client, town, next_) -> None:
    sign_in(client, "wang")
    assert send(client, "/me", "/sign-out", next=next_).location == "/"


def test_who_comes_from_a_poster_is_told_for_which_event(client, town) -> None:
    poster = f"/c/{town['token']}"
    for path in ("/sign-in", "/join", "/claim"):
        assert "为“庆丰小学门前护学”签到" in page(client, f"{path}?next={poster}")
        assert "庆丰小学" not in page(client, f"{path}?next=/c/unknown")
        again = send(client, path, path, next=poster)
        assert again.status_code == 422
        assert "为“庆丰小学门前护学”签到" in again.get_data(as_text=True)
