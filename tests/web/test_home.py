"""Everybody's first page shows what they came for."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make, make_attendance, signing
from volunteer_service import clock, job_runs
from volunteer_service.attendance.check_ins import check_in
from volunteer_service.db import db, transaction
from volunteer_service.events.models import Event
from volunteer_service.people.models import Account, Volunteer
from volunteer_service.teams.models import Membership

TITLE = "河边清洁"


@pytest.fixture
def town(app: Flask) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        event = make.event(
            team=cast.team,
            leader=cast.li_mei,
            title=TITLE,
            starts_at=clock.now() - timedelta(minutes=5),
        )
        make.sign_up(event, cast.wang)


def _home(client: FlaskClient, login: str) -> str:
    signing.sign_in(client, login)
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_a_stranger_learns_what_this_is(town: None, client: FlaskClient) -> None:
    page = client.get("/").get_data(as_text=True)
    assert 'href="/sign-in"' in page
    assert 'href="/join"' in page
    assert TITLE in page


def test_a_volunteer_sees_the_event_hours_and_points(town: None, client: FlaskClient) -> None:
    page = _home(client, "wang")
    assert TITLE in page
    assert "还差 10 小时，到一星级" in page
    assert "可用积分" in page


def _stat(page: str, label: str) -> str:
    """The figure under a label."""
    found = re.search(rf">{label}(?:</a>)?</p>\s*<p class=\"stat-value num\">([^<]*)<", page)
    assert found, label
    return found[1]


def test_a_leader_sees_the_running_event_its_code_and_who_is_there(
    town: None, app: Flask, client: FlaskClient
) -> None:
    page = _home(client, "limei")
    assert TITLE in page
    assert re.search(r'<img src="/e/\d+/qr.svg"', page)
    assert "/manage#roster" in page
    assert [_stat(page, label) for label in ("在场", "已签退", "已报名")] == ["0", "0", "1"]
    with app.app_context(), transaction():
        event = db.session.scalars(db.select(Event)).one()
        wang = db.session.scalars(db.select(Volunteer).where(Volunteer.name == "王建国")).one()
        leader = make.acting(db.session.get_one(Account, event.leader_id))
        for kind, at in (("in", clock.now()), ("out", clock.now() + timedelta(minutes=1))):
            ticked = {"kind": kind, "scan_id": f"scan-{kind}-0001"}
            check_in.tick(event.id, volunteer_id=wang.id, **ticked, by=leader, at=at)
            if kind == "in":
                db.session.flush()
    page = client.get("/").get_data(as_text=True)
    assert [_stat(page, label) for label in ("在场", "已签退")] == ["0", "1"]
    assert "已到 1 人" in page


def test_a_leader_without_a_running_event_sees_today_s(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        later = clock.now() + timedelta(hours=2)
        make.event(team=cast.team, leader=cast.li_mei, title=TITLE, starts_at=later, state="draft")
    page = _home(client, "limei")
    assert "/qr.svg" not in page


def test_an_admin_sees_whether_the_house_runs(town: None, app: Flask, client: FlaskClient) -> None:
    page = _home(client, "admin")
    assert "没有任务进程在运行" in page
    assert (_stat(page, "街道"), _stat(page, "社区")) == ("1", "2")
    with app.app_context(), transaction():
        job_runs.beat(at=clock.now())
        run = job_runs.begin("doctor", at=clock.now())
        job_runs.end(run.id, "done", {"differences": 0, "named": []}, at=clock.now())
    page = client.get("/").get_data(as_text=True)
    assert "任务进程正在运行" in page
    assert "账目核对没有差异" in page
    assert "核对全部账目" in page
    with app.app_context(), transaction():
        run = job_runs.begin("doctor", at=clock.now())
        job_runs.end(run.id, "done", {"differences": 3, "named": []}, at=clock.now())
    assert "账目核对发现 3 处差异" in client.get("/").get_data(as_text=True)


@pytest.mark.parametrize(
    ("login", "words"),
    [
        ("zhoujing", "等您处理的记录"),
        ("wumin", "可以核查的评定"),
        ("admin", "运行状况"),
    ],
)
def test_staff_see_their_work(town: None, client: FlaskClient, login: str, words: str) -> None:
    assert words in _home(client, login)


def test_the_desk_goes_straight_to_its_counter(town: None, client: FlaskClient) -> None:
    signing.sign_in(client, "sunli")
    assert client.get("/").location == "/desk"


def test_a_leader_sees_which_coming_shifts_lack_people(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        for title, days, capacity in (("缺人的", 2, 3), ("满了的", 3, 1), ("很远的", 20, 3)):
            event = make.event(
                team=cast.team,
                leader=cast.li_mei,
                title=title,
                starts_at=clock.now() + timedelta(days=days),
                capacity=capacity,
            )
            make.sign_up(event, cast.wang)

    gaps = _home(client, "limei").partition("还缺人的班次")[2]

    assert "缺人的" in gaps
    assert "还缺 2 人" in gaps
    assert "满了的" not in gaps
    assert "很远的" not in gaps


def test_a_leader_sees_the_month_of_the_team_and_who_has_not_come_for_long(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        long_ago = clock.now() - timedelta(days=200)
        joined = db.select(Membership).where(Membership.team_id == cast.team.id)
        for member in db.session.scalars(joined):
            member.joined_at = long_ago
        new = make.volunteer("刘小雨", team=cast.team)
        db.session.scalars(
            joined.where(Membership.volunteer_id == new.id)
        ).one().joined_at = clock.now()
        record = make_attendance.record
        record(cast.wang, team=cast.team, starts_at=long_ago, minutes=60)
        li_mei = db.session.get_one(Volunteer, cast.li_mei.volunteer_id)
        record(li_mei, team=cast.team, starts_at=clock.now(), minutes=90)

    page = _home(client, "limei")

    assert _stat(page, "服务人次") == "1"
    absent = page.partition("<h2>好久没来的队员</h2>")[2].partition("</section>")[0]
    assert re.findall(r"<li>.*?>([^<]+)</a>", absent) == ["王建国"]
    listed = client.get(
        "/lists/memberships?figure=members_absent&figure_from=2026-01-01&figure_to=2026-12-31"
    ).get_data(as_text=True)
    assert listed.count('scope="row" role="rowheader"') == 1
