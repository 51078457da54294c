"""Pages about a check-out, one's own records, a bare number, and missing things say the truth."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import make
from tests.make_attendance import came, record
from tests.signing import hidden, sign_in
from volunteer_service import clock
from volunteer_service.attendance import closing
from volunteer_service.attendance.check_ins import event_codes
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db, transaction
from volunteer_service.events.models import Attendance, Event
from volunteer_service.people.models import Account, Volunteer

WHO_CONFIRMS = "自己的记录由另一位负责人或社区管理员确认。"


@pytest.fixture
def town(app):
    """An event that began an hour ago and lasts two."""
    with app.app_context(), transaction():
        cast = make.cast()
        event = make.event(
            team=cast.team, leader=cast.li_mei, starts_at=clock.now() - timedelta(minutes=60)
        )
        make.sign_up(event, cast.wang)
        return {
            "event": event.id,
            "wang": cast.wang.id,
            "li": cast.li_mei.volunteer_id,
            "code": f"/c/{event_codes.token(event)}",
        }


@pytest.fixture
def there(app, town):
    """Let 王建国 come and go, in minutes after the beginning."""

    def walk(first: int, last: int, who: str = "wang") -> None:
        with app.app_context(), transaction():
            event = db.session.get_one(Event, town["event"])
            came(event, db.session.get_one(Volunteer, town[who]), first, last)

    return walk


def page(client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def send(client, page_at: str, to: str, **fields):
    return client.post(to, data=hidden(client, page_at) | fields)


def left_at(app, who: int):
    query = select(Attendance.checked_out_at).where(Attendance.volunteer_id == who)
    with app.app_context(), transaction(write=False):
        return db.session.scalars(query).one()


def test_too_early_a_check_out_says_that_it_is_worth_nothing(client, town, there) -> None:
    there(0, 58)
    sign_in(client, "wang")
    text = page(client, town["code"])
    assert "在场 58 分钟，班次 120 分钟至少要 72 分钟，不计时长" in text
    assert "如有误，请找现场负责人" in text
    assert "谢谢您" not in text
    home = page(client, "/")
    assert "等负责人结束活动后生成服务记录" in home
    assert "不计时长" in home


def test_a_check_out_says_what_it_is_worth_so_far(app, client, town, there) -> None:
    with app.app_context(), transaction():
        event = db.session.get_one(Event, town["event"])
        shift = event.shifts[0]
        event.ends_at = shift.ends_at = event.starts_at + timedelta(minutes=70)
    there(0, 59)
    sign_in(client, "wang")
    assert "目前可计 0.9 小时" in page(client, town["code"])
    assert "目前可计 0.9 小时" in page(client, "/")


def test_i_am_still_here(app, client, town, there) -> None:
    there(0, 59)
    sign_in(client, "wang")
    assert "我还在，继续服务" in page(client, town["code"])
    stayed = send(client, town["code"], f"{town['code']}/stay")
    assert (stayed.status_code, stayed.location) == (303, town["code"])
    text = page(client, town["code"])
    assert "签退已取消" in text
    assert "我还在" not in text
    assert "忘了签退要等负责人补登" in text
    assert left_at(app, town["wang"]) is None


def test_a_leader_takes_a_check_out_back(app, client, town, there) -> None:
    there(0, 20)
    sign_in(client, "wang")
    assert "我还在" not in page(client, town["code"])
    leader = app.test_client()
    sign_in(leader, "limei")
    manage = f"/e/{town['event']}/manage"
    button = f"/e/{town['event']}/ticks/{town['wang']}/take-back"
    assert button in page(leader, manage)
    assert send(leader, manage, button).status_code == 303
    assert left_at(app, town["wang"]) is None
    assert button not in page(leader, manage)


def closed(app, town) -> None:
    with app.app_context(), transaction():
        leader = db.session.scalars(select(Account).where(Account.login == "limei")).one()
        at = clock.now() + timedelta(hours=2)
        closing.close(town["event"], by=make.acting(leader), at=at)


def test_a_leader_s_own_row_is_not_ticked_and_says_who_confirms(app, client, town, there) -> None:
    for who in ("wang", "li"):
        there(-20, 59, who)
    with app.app_context(), transaction():
        event = db.session.get_one(Event, town["event"])
        event.ends_at = event.shifts[0].ends_at = event.starts_at + timedelta(minutes=60)
    sign_in(client, "limei")
    manage = f"/e/{town['event']}/manage"
    assert f"/ticks/{town['li']}/take-back" not in page(client, manage)
    closed(app, town)
    text = page(client, manage)
    boxes = re.findall(r'<input type="checkbox" name="record" value="(\d+)"([^>]*)>', text)
    with app.app_context(), transaction(write=False):
        made = {row.volunteer_id: row.id for row in db.session.scalars(select(ServiceRecord))}
    states = {int(id_): rest for id_, rest in boxes}
    assert " checked" in states[made[town["wang"]]]
    assert " checked" not in states[made[town["li"]]]
    assert " disabled" in states[made[town["li"]]]
    assert WHO_CONFIRMS in text
    own = f"/records/{made[town['li']]}"
    assert WHO_CONFIRMS in page(client, own)
    assert 'id="decide"' not in page(client, own)
    refused = send(client, manage, "/records/confirm", record=str(made[town["li"]]))
    assert refused.status_code == 403


def test_a_closed_event_says_who_did_not_check_out_and_why_a_row_is_zero(
    app, client, town, there
) -> None:
    there(0, 20)
    closed(app, town)
    sign_in(client, "limei")
    text = page(client, f"/e/{town['event']}/manage")
    assert '<p class="stat-label">未签退</p>' in text
    assert '<p class="stat-label">在场</p>' not in text
    assert "在场 20 分钟，班次 120 分钟至少要 72 分钟，不计时长" in text


def test_a_dispute_says_what_follows(app, client, town) -> None:
    with app.app_context(), transaction():
        wang = db.session.get_one(Volunteer, town["wang"])
        team = db.session.get_one(Event, town["event"]).team
        path = f"/records/{record(wang, team=team).id}"
    sign_in(client, "wang")
    sent = client.post(
        f"{path}/disputes",
        data=hidden(client, path) | {"words": "少记了一小时"},
        follow_redirects=True,
    )
    assert "异议已提交，社区管理员会复核" in sent.get_data(as_text=True)


@pytest.mark.parametrize(("login", "shown"), [("limei", True), ("wumin", False)])
def test_entering_service_is_linked_only_by_right(client, town, login, shown) -> None:
    sign_in(client, login)
    assert ("/records/backfill" in page(client, "/records/waiting")) is shown


def test_a_bare_number_is_asked_for_its_check_part(client, town) -> None:
    text = page(client, "/v/2026100000023")
    assert "还缺校验码" in text
    assert "查无此证" not in text
    assert 'value="2026100000023"' in text
    assert 'value="2026100000023-00000000"' in page(client, "/v/2026100000023-00000000")


def test_what_is_not_there_says_one_thing_and_one_cure(client, town) -> None:
    text = client.get("/e/999999").get_data(as_text=True)
    assert "没有找到" in text
    assert text.count("请核对网址") == 1
    assert "内容已经移走" not in text


def test_home_hours_and_star_say_the_same_of_a_newcomer(app, client, town) -> None:
    with app.app_context(), transaction():
        wang = db.session.get_one(Volunteer, town["wang"])
        half_year_ends = clock.now().replace(month=12 if clock.now().month > 6 else 6, day=28)
        wang.registered_on = half_year_ends.date()
    sign_in(client, "wang")
    for path in ("/", "/my/records", "/my/star"):
        text = page(client, path)
        assert "时长照常累计" in text
        assert "从下一个半年起可以评星级" in text
        assert "太晚" not in text
        assert "离下一颗星还差" not in text
        assert "还差 10 小时" not in text
