"""Pages about people and teams for staff."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make, make_doors, make_ratings, signing
from volunteer_service import clock
from volunteer_service.attendance.models import Complaint
from volunteer_service.db import db, transaction
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Account, Grant, Look, Volunteer
from volunteer_service.people.registrations import registration_checks
from volunteer_service.teams.models import Team


@pytest.fixture
def cast(app: Flask) -> dict[str, int]:
    with app.app_context(), transaction():
        cast = make.cast()
        return {
            "wang": cast.wang.id,
            "wang_account": cast.wang_account.id,
            "town": cast.town.id,
            "community": cast.community.id,
            "team": cast.team.id,
            "other": cast.other_team.id,
            "phone": int(cast.wang.phone or 0),
        }


def test_a_coordinator_finds_people_with_masked_phones(
    cast: dict[str, int], client: FlaskClient
) -> None:
    signing.sign_in(client, "zhoujing")
    phone = str(cast["phone"])
    for q in ("建国", phone):
        page = client.get(f"/people?q={q}").get_data(as_text=True)
        assert "王建国" in page
        assert "赵芳" not in page
    page = client.get("/people").get_data(as_text=True)
    assert phone not in page
    assert f"{phone[:3]}****{phone[-4:]}" in page


def test_a_number_is_shown_after_a_reason(
    cast: dict[str, int], app: Flask, client: FlaskClient
) -> None:
    signing.sign_in(client, "zhoujing")
    path, phone = f"/people/{cast['wang']}", str(cast["phone"])
    assert phone not in client.get(path).get_data(as_text=True)
    form = signing.hidden(client, path) | {"field": "phone", "why": "活动改期"}
    assert phone in client.post(f"{path}/reveal", data=form).get_data(as_text=True)
    refused = client.post(f"{path}/reveal", data=form | {"why": ""})
    assert refused.status_code == 422
    assert phone not in refused.get_data(as_text=True)
    with app.app_context(), transaction(write=False):
        assert db.session.scalars(db.select(Look)).one().why == "活动改期"


def test_registering_from_paper_asks_for_the_guardian_only_then(
    cast: dict[str, int], client: FlaskClient
) -> None:
    signing.sign_in(client, "zhoujing")
    form = signing.hidden(client, "/people/new")
    form |= {"name": "小朋友", "born_on": "2015-01-01", "area_id": str(cast["community"])}
    form |= {"consent": "1"}
    assert "监护人姓名" not in client.get("/people/new").get_data(as_text=True)
    answer = client.post("/people/new", data=form)
    assert answer.status_code == 422
    assert "监护人姓名" in answer.get_data(as_text=True)
    form |= {"guardian_name": "家长", "guardian_phone": "13900000002"}
    form |= signing.hidden(client, "/people/new")
    assert client.post("/people/new", data=form).status_code == 303


def test_a_namesake_is_asked_about_and_the_form_keeps_what_was_typed(
    cast: dict[str, int], app: Flask, client: FlaskClient
) -> None:
    signing.sign_in(client, "zhoujing")
    form = {"name": "王建国", "area_id": str(cast["community"]), "consent": "1"}
    form |= signing.hidden(client, "/people/new")
    assert "是另一个人" not in client.get("/people/new").get_data(as_text=True)
    answer = client.post("/people/new", data=form)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "已有同名的人" in page
    assert 'name="confirm_other"' in page
    assert 'value="王建国"' in page
    form |= {"confirm_other": "1"} | signing.hidden(client, "/people/new")
    assert client.post("/people/new", data=form).status_code == 303
    with app.app_context(), transaction():
        assert len(db.session.scalars(db.select(Volunteer).filter_by(name="王建国")).all()) == 2


def test_a_coordinator_looks_at_new_entries(
    cast: dict[str, int], app: Flask, client: FlaskClient
) -> None:
    with app.app_context(), transaction():
        person = db.session.get_one(Volunteer, cast["wang"])
        registration_checks.ask(person, "newcomer", by=Actor.system("cli"), at=clock.now())
    signing.sign_in(client, "zhoujing")
    assert "/people/checks" in client.get("/people").get_data(as_text=True)
    page = client.get("/people/checks").get_data(as_text=True)
    assert "王建国" in page
    check = re.search(r"/people/checks/(\d+)/answer", page)
    assert check is not None
    client.post(check[0], data=signing.hidden(client, "/people/checks"))
    assert "没有要看的新登记" in client.get("/people/checks").get_data(as_text=True)


def test_a_role_is_given_and_taken_on_the_page(
    cast: dict[str, int], app: Flask, client: FlaskClient
) -> None:
    signing.sign_in(client, "admin")
    path = f"/accounts/{cast['wang_account']}"
    form = signing.hidden(client, path) | {"role": "desk", "area_id": str(cast["town"])}
    assert client.post(f"{path}/grants", data=form).status_code == 303
    with app.app_context(), transaction(write=False):
        query = db.select(Grant).where(Grant.account_id == cast["wang_account"])
        given = db.session.scalars(query).one().id
    form = signing.hidden(client, path)
    assert client.post(f"/grants/{given}/revoke", data=form).status_code == 303
    # Who watches over the street is named from above, never by its coordinator.
    signing.sign_in(client, "zhoujing")
    for role in ("auditor", "desk"):
        form = signing.hidden(client, path) | {"role": role, "area_id": str(cast["town"])}
        assert client.post(f"{path}/grants", data=form).status_code == 403


def test_a_one_time_code_is_told_once(cast: dict[str, int], client: FlaskClient) -> None:
    signing.sign_in(client, "zhoujing")
    path = f"/people/{cast['wang']}"
    answer = client.post(f"{path}/code", data=signing.hidden(client, path))
    assert "一次性代码只显示这一次" in answer.get_data(as_text=True)


def test_joining_a_team_and_being_accepted(cast: dict[str, int], client: FlaskClient) -> None:
    path = f"/teams/{cast['team']}"
    signing.sign_in(client, "zhao")
    client.post(f"{path}/join", data=signing.hidden(client, path))
    page = client.get(path).get_data(as_text=True)
    assert "等队长同意" in page
    assert "王建国" not in page
    client.post("/sign-out", data=signing.hidden(client, path))
    signing.sign_in(client, "limei")
    page = client.get(path).get_data(as_text=True)
    assert "等您同意" in page
    accept = next(line for line in page.splitlines() if "/accept" in line)
    target = accept.split('action="')[1].split('"')[0]
    client.post(target, data=signing.hidden(client, path))
    assert "赵芳" in client.get(path).get_data(as_text=True)


def test_a_leader_sees_no_other_roster_and_no_office(
    cast: dict[str, int], client: FlaskClient
) -> None:
    signing.sign_in(client, "limei")
    assert "赵芳" not in client.get(f"/teams/{cast['other']}").get_data(as_text=True)
    for path in ("/people", f"/people/{cast['wang']}", "/accounts", "/teams/new"):
        assert client.get(path).status_code == 404


def test_two_who_edit_a_team_do_not_overwrite_each_other(
    cast: dict[str, int], client: FlaskClient
) -> None:
    signing.sign_in(client, "zhoujing")
    path = f"/teams/{cast['team']}/edit"
    form = {"name": "新名", "area_id": str(cast["community"]), "recording_unit": "居委会"}
    first, second = signing.hidden(client, path), signing.hidden(client, path)
    assert client.post(path, data=first | form | {"version": "1"}).status_code == 303
    answer = client.post(path, data=second | form | {"version": "1", "name": "旧名"})
    assert answer.status_code == 422
    assert "别人改过它" in answer.get_data(as_text=True)


def test_a_complaint_is_written_down_and_decided(
    cast: dict[str, int], app: Flask, client: FlaskClient
) -> None:
    signing.sign_in(client, "zhoujing")
    path = f"/people/{cast['wang']}"
    assert f'href="{path}/points"' in client.get(path).get_data(as_text=True)
    form = signing.hidden(client, path) | {"happened_on": "2026-05-16", "words": "迟到一小时"}
    missing = client.post(f"{path}/complaints", data=form | {"words": ""})
    assert missing.status_code == 422
    assert client.post(f"{path}/complaints", data=form).status_code == 303
    page = client.get(path).get_data(as_text=True)
    assert "迟到一小时" in page
    assert "/uphold" not in page
    with app.app_context(), transaction(write=False):
        (complaint,) = db.session.scalars(db.select(Complaint.id))
    reader, second = app.test_client(), app.test_client()
    signing.sign_in(second, "qianwei")
    page = second.get(path).get_data(as_text=True)
    assert "要先听本人说明" in page
    assert "/uphold" not in page
    here = f"/my/complaints/{complaint}"
    signing.sign_in(reader, "wang")
    said = reader.get(here).get_data(as_text=True)
    assert "迟到一小时" in said
    assert "周静" not in said
    form = signing.hidden(reader, here)
    assert reader.post(f"{here}/reply", data=form | {"reply": " "}).status_code == 422
    answer = reader.post(f"{here}/reply", data=form | {"reply": "公交车坏在路上"})
    assert (answer.status_code, answer.location) == (303, here)
    assert "您已说明，等待处理" in reader.get(here).get_data(as_text=True)
    # Who wrote it does not decide it, and the page says who may.
    page = client.get(path).get_data(as_text=True)
    assert "/uphold" not in page
    assert "可以办理的人：钱伟" in page
    page = second.get(path).get_data(as_text=True)
    assert "公交车坏在路上" in page
    found = re.search(r'action="(/complaints/\d+/uphold)"', page)
    assert found
    assert second.post(found[1], data=signing.hidden(second, path)).status_code == 303
    with app.app_context(), transaction(write=False):
        assert db.session.scalars(db.select(Complaint)).one().state == "upheld"
    assert "/uphold" not in second.get(path).get_data(as_text=True)
    assert "处理结果：属实" in reader.get(here).get_data(as_text=True)


def test_who_has_no_account_is_told_and_heard_in_person(
    cast: dict[str, int], app: Flask, client: FlaskClient
) -> None:
    with app.app_context(), transaction():
        team = db.session.get_one(Team, cast["team"])
        path = f"/people/{make.volunteer('陈桂英', team=team).id}"
    signing.sign_in(client, "zhoujing")
    form = signing.hidden(client, path) | {"happened_on": "2026-05-16", "words": "迟到"}
    assert client.post(f"{path}/complaints", data=form).status_code == 303
    page = client.get(path).get_data(as_text=True)
    assert "还没有告诉本人" in page
    told = re.search(r'action="(/complaints/\d+/told)"', page)
    assert told
    assert client.post(told[1], data=signing.hidden(client, path)).status_code == 303
    page = client.get(path).get_data(as_text=True)
    assert "已当面或打电话告诉本人" in page
    note = told[1].replace("told", "noted-reply")
    form = signing.hidden(client, note)
    assert client.post(note, data=form | {"reply": ""}).status_code == 422
    assert client.post(note, data=form | {"reply": "说是堵车"}).status_code == 303
    page = client.get(path).get_data(as_text=True)
    assert "说是堵车" in page
    assert "工作人员记下的本人口头说明" in page
    assert "/uphold" not in page


def test_a_leader_decides_no_complaint(cast: dict[str, int], client: FlaskClient) -> None:
    signing.sign_in(client, "limei")
    form = signing.hidden(client, "/events") | {"happened_on": "2026-05-16", "words": "迟到"}
    assert client.post(f"/people/{cast['wang']}/complaints", data=form).status_code == 404


def test_staff_read_what_a_person_has_done(
    cast: dict[str, int], app: Flask, client: FlaskClient
) -> None:
    with app.app_context(), transaction():
        wang = db.session.get_one(Volunteer, cast["wang"])
        team = db.session.get_one(Team, cast["team"])
        other = make.team("外街道服务队", area=make.area("外街道"))
        days = [date(2026, 3, 1) + timedelta(n) for n in range(22)]
        ids = [make_ratings.record(wang, team, on=day).id for day in days]
        foreign = make_ratings.record(wang, other, on=date(2025, 9, 1)).id
        leader = db.session.scalars(db.select(Account).where(Account.login == "limei")).one()
        ahead = make.event(team=team, leader=leader, starts_at=clock.now() + timedelta(days=2))
        make.sign_up(ahead, wang)
        coming = ahead.id
    signing.sign_in(client, "zhoujing")
    path = f"/people/{cast['wang']}"
    page = client.get(path).get_data(as_text=True)
    shown = [int(id_) for id_ in re.findall(r'href="/records/(\d+)"', page)]
    assert shown == list(reversed(ids))[:20]
    assert "220 小时" in page
    assert "230 小时" in page
    assert f'href="/e/{coming}"' in page
    assert "接下来的报名" in page
    further = re.search(rf'rel="next" href="({path}\?cursor=[^"#]+)#records"', page)
    assert further
    page = client.get(further[1]).get_data(as_text=True)
    shown = [int(id_) for id_ in re.findall(r'href="/records/(\d+)"', page)]
    assert shown == [ids[1], ids[0]]
    assert foreign not in shown
    for nobody in ("limei", "zhao"):
        stranger = app.test_client()
        signing.sign_in(stranger, nobody)
        assert stranger.get(path).status_code == 404


def test_stars_and_certificates_stand_on_the_person_s_page(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        _cast, things = make_doors.things()
    signing.sign_in(client, "zhoujing")
    page = client.get(f"/people/{things.volunteer_id}").get_data(as_text=True)
    assert f'href="/certificates/{things.number}"' in page
    assert f'href="/ratings/people/{things.result_id}"' in page


def test_a_disowned_person_s_page_opens(cast: dict[str, int], client: FlaskClient) -> None:
    signing.sign_in(client, "zhoujing")
    path = f"/people/{cast['wang']}"
    client.post(f"{path}/disown", data=signing.hidden(client, path))
    answer = client.get(path)
    assert answer.status_code == 200
    assert "已停用" in answer.get_data(as_text=True)


def test_a_household_is_declared_and_taken_back(
    cast: dict[str, int], app: Flask, client: FlaskClient
) -> None:
    signing.sign_in(client, "zhoujing")
    path = f"/people/{cast['wang']}"
    with app.app_context(), transaction(write=False):
        zhao = db.session.scalars(db.select(Volunteer).where(Volunteer.name == "赵芳")).one()
        number = zhao.number
    form = signing.hidden(client, path) | {"housemate": number, "housemate_name": "赵方"}
    wrong = client.post(f"{path}/household", data=form)
    assert wrong.status_code == 422
    assert "没有编号和姓名都相符的志愿者" in wrong.get_data(as_text=True)
    assert number in wrong.get_data(as_text=True)
    form = signing.hidden(client, path) | {"housemate": number, "housemate_name": "赵芳"}
    assert client.post(f"{path}/household", data=form).status_code == 303
    page = client.get(path).get_data(as_text=True)
    end = re.search(rf"{path}/household/\d+/end", page)
    assert end is not None
    assert client.post(end[0], data=signing.hidden(client, path)).status_code == 303
    assert "没有登记同住的家人" in client.get(path).get_data(as_text=True)


def test_a_person_declares_whom_they_live_with(
    cast: dict[str, int], app: Flask, client: FlaskClient
) -> None:
    signing.sign_in(client, "wang")
    with app.app_context(), transaction(write=False):
        zhao = db.session.scalars(db.select(Volunteer).where(Volunteer.name == "赵芳")).one()
        form = {"housemate": zhao.number, "housemate_name": "赵芳"}
    sent = client.post("/me/household", data=signing.hidden(client, "/me") | form)
    assert sent.status_code == 303
    page = client.get("/me").get_data(as_text=True)
    assert form["housemate"] in page
    # The person does not take it back, and reads who does.
    section = page.split('id="household"')[1].split("</section>")[0]
    assert "/end" not in section
    assert "不再同住了，请社区工作人员登记" in section
