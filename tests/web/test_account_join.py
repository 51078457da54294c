"""A newcomer: from the scanned code to signed in, with at most five fields."""

import re
from collections import Counter

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make, signing, statements
from tests.people.test_register import IDENTITY, VISITOR
from volunteer_service.attendance.check_ins import event_codes
from volunteer_service.db import db, transaction
from volunteer_service.people.authentication import self_registration
from volunteer_service.people.models import Account, Consent, Grant, Guardian, Message, Volunteer
from volunteer_service.people.registrations import registration, registration_fields

FORM = {
    "name": "孙晓",
    "phone": "13900000001",
    "password": "a fine long one",
    "consent": "1",
    "next": "/c/abc",
}


@pytest.fixture
def town(app: Flask) -> None:
    with app.app_context(), transaction():
        make.cast()


def test_the_form_asks_at_most_five_things(town: None, client: FlaskClient) -> None:
    page = client.get("/join?next=/c/abc").get_data(as_text=True)
    asked = re.findall(r'<(?:input|select|textarea) id="f-|type="checkbox" id="f-', page)
    assert len(asked) == 5
    assert 'value="/c/abc"' in page


def test_of_two_sub_districts_the_posters_looks_after_the_newcomer(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        make.area("临江街道")
        event = make.event(team=cast.team, leader=cast.li_mei)
        town_id, poster = cast.town.id, f"/c/{event_codes.token(event)}"
    for n, target in enumerate((poster, "/", "/c/abc")):
        visitor = app.test_client()
        form = signing.hidden(visitor, "/join") | FORM
        form |= {"phone": f"1390000001{n}", "next": target}
        assert visitor.post("/join", data=form).status_code == 303
    with app.app_context(), transaction(write=False):
        joined = db.select(Volunteer.area_id).where(Volunteer.name == "孙晓")
        homes = db.session.scalars(joined.order_by(Volunteer.id)).all()
    assert homes == [town_id, None, None]


def test_joining_leads_to_the_sign_in_and_on_to_the_scan(
    town: None, app: Flask, client: FlaskClient
) -> None:
    answer = client.post("/join", data=signing.hidden(client, "/join") | FORM)
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/c/abc")
    page = client.get(answer.location).get_data(as_text=True)
    assert "登记已提交" in page
    for filled in ("13900000001", "孙晓", "/c/abc"):
        assert f'value="{filled}"' in page
    assert "13900000001" not in client.get("/sign-in").get_data(as_text=True)
    form = signing.hidden(client, "/sign-in") | {"login": FORM["phone"], "name": FORM["name"]}
    form |= {"password": FORM["password"], "next": "/c/abc"}
    answer = client.post("/sign-in", data=form)
    assert (answer.status_code, answer.location) == (303, "/c/abc")
    assert "您的志愿者编号是" in client.get("/me").get_data(as_text=True)
    with app.app_context(), transaction(write=False):
        account = db.session.scalars(db.select(Account).where(Account.name == "孙晓")).one()
        given = db.select(Consent).where(Consent.volunteer_id == account.volunteer_id)
        assert db.session.scalars(given).one().how == "page"


def test_without_consent_the_form_comes_back_with_what_was_typed(
    town: None, client: FlaskClient
) -> None:
    form = signing.hidden(client, "/join") | FORM
    del form["consent"]
    answer = client.post("/join", data=form)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "请勾选同意" in page
    assert 'value="孙晓"' in page
    assert "a fine long one" not in page


def test_a_minor_joins_with_the_guardian(town: None, app: Flask, client: FlaskClient) -> None:
    form = signing.hidden(client, "/join?minor=1") | FORM | {"minor": "1"}
    form |= {"born_on": "2015-01-01"}
    answer = client.post("/join", data=form)
    assert answer.status_code == 422
    assert "监护人姓名" in answer.get_data(as_text=True)
    form |= {"guardian_name": "孙父", "guardian_phone": "13900000002"}
    assert client.post("/join", data=form).status_code == 303
    with app.app_context(), transaction(write=False):
        assert db.session.scalars(db.select(Guardian)).one().name == "孙父"


def test_a_minor_must_say_the_birth_date(town: None, client: FlaskClient) -> None:
    form = signing.hidden(client, "/join?minor=1") | FORM | {"minor": "1"}
    assert client.post("/join", data=form).status_code == 422


def said(client: FlaskClient, **fields: str) -> tuple[int, str, str]:
    """The answer to joining and the page it leads to, without what was typed and the tokens."""
    answer = client.post("/join", data=signing.hidden(client, "/join") | FORM | fields)
    page = client.get(answer.location or "/join").get_data(as_text=True)
    for typed in (FORM["name"], FORM["phone"], *fields.values()):
        page = page.replace(typed, "?")
    page = re.sub(r'(name="csrf_token" value=)"[^"]+"', r"\1", page)
    return answer.status_code, answer.location, page


def counted(app: Flask) -> list[int]:
    with app.app_context(), transaction(write=False):
        tables = (Volunteer, Account, Consent)
        return [db.session.scalar(db.select(db.func.count(each.id))) or 0 for each in tables]


def test_joining_does_not_tell_that_somebody_is_known(town: None, app: Flask) -> None:
    """Known by name and phone, by phone alone, with or without a sign-in, or not at all."""
    with app.app_context(), transaction():
        wang = db.session.scalars(db.select(Volunteer).where(Volunteer.name == "王建国")).one()
        paper = make.volunteer("钱一", phone="13900000077")
        known = [("王建国", wang.phone), ("钱一", paper.phone)]
        ids = [wang.id, paper.id]
    before = counted(app)
    answers = [said(app.test_client(), name=name, phone=phone) for name, phone in known]
    assert counted(app) == before
    answers.append(said(app.test_client(), name="别人", phone=known[0][1]))
    answers.append(said(app.test_client(), name="孙晓"))
    assert counted(app) == [n + 2 for n in before]
    assert len(set(answers)) == 1
    with app.app_context(), transaction(write=False):
        told = db.session.scalars(
            db.select(Message.volunteer_id).where(Message.kind == "registration_tried")
        )
        assert sorted(told) == ids


def test_joining_does_the_same_work_for_who_is_known(town: None, app: Flask) -> None:
    """The time of the answer would tell otherwise: as many statements of each kind, each time."""
    with app.app_context(), transaction(write=False):
        named = db.select(Volunteer.phone).where(Volunteer.name == "王建国")
        phone = db.session.scalars(named).one()
    tries = {"known": "王建国", "known again": "王建国", "another of the phone": "别人"}
    done = {}
    for case, name in tries.items():
        done[case] = work_of(app, name=name, phone=phone)
    done["nobody"] = work_of(app, name="孙晓", phone="13900000055")
    assert len(set(done.values())) == 1, done


def work_of(app: Flask, **fields: str) -> tuple[tuple[str, int], ...]:
    """How many statements of each kind a try sends, beside those that end a savepoint."""
    browser = app.test_client()
    form = signing.hidden(browser, "/join") | FORM | fields
    with statements.counted(app) as sent:
        assert browser.post("/join", data=form).status_code == 303
    kinds = Counter(each.split()[0].upper() for each in sent)
    kinds["END"] = kinds.pop("RELEASE", 0) + kinds.pop("ROLLBACK", 0)
    return tuple(sorted(kinds.items()))


def test_who_joins_again_signs_in_with_their_own_password(
    town: None, app: Flask, client: FlaskClient
) -> None:
    with app.app_context(), transaction(write=False):
        named = db.select(Volunteer).where(Volunteer.name == "王建国")
        phone = db.session.scalars(named).one().phone
    said(client, name="王建国", phone=phone)
    form = {"login": phone, "name": "王建国"}
    for password, status in (("a fine long one", 422), (make.PASSWORD, 303)):
        sent = signing.hidden(client, "/sign-in") | form | {"password": password}
        assert client.post("/sign-in", data=sent).status_code == status
    assert "有人用您的姓名和手机号登记" in client.get("/my/messages").get_data(as_text=True)


def test_an_identity_number_that_is_known_makes_nothing_either(session: None) -> None:
    first = registration_fields.RegisterIn("孙晓", "13900000001", True, identity=IDENTITY)
    person = registration.register(first, by=VISITOR, at=make.MORNING)
    again = registration_fields.RegisterIn("别人", "13900000002", True, identity=IDENTITY)
    assert self_registration.join(again, "a fine long one", by=VISITOR, at=make.MORNING) is None
    assert db.session.scalars(db.select(Volunteer)).all() == [person]
    assert db.session.scalars(db.select(Account)).all() == []
    assert db.session.scalars(db.select(Message.volunteer_id)).all() == [person.id]


def test_privacy_is_for_everybody(client: FlaskClient) -> None:
    assert "随时撤回同意" in client.get("/privacy").get_data(as_text=True)


def test_joining_asks_the_community(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        other = make.area("临海街道")
        beach = make.area("海滨社区", parent=other, kind="community")
        chosen, beach_id = cast.community.id, beach.id
    page = client.get(f"/join?area_id={beach_id}").get_data(as_text=True)
    assert '<optgroup label="市西街道">' in page
    assert f'<option value="{beach_id}" selected>海滨社区</option>' in page
    form = signing.hidden(client, "/join") | FORM | {"area_id": str(chosen)}
    assert client.post("/join", data=form).status_code == 303
    with app.app_context(), transaction(write=False):
        newest = db.session.scalars(db.select(Volunteer).order_by(Volunteer.id.desc())).first()
        assert newest is not None
        assert newest.area_id == chosen


def test_who_does_not_know_the_community_is_settled_on_a_page(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        other = make.area("临海街道")
        whole = make.account("whole", "总管理", role="admin", area=cast.town)
        for role, area in (("admin", other), ("coordinator", other), ("coordinator", cast.town)):
            db.session.add(Grant(account_id=whole.id, role=role, area_id=area.id))
        community = cast.community.id
    form = signing.hidden(client, "/join") | FORM | {"area_id": "0"}
    assert client.post("/join", data=form).status_code == 303
    signing.sign_in(client, "whole")
    assert "1 个人还没有社区" in client.get("/people").get_data(as_text=True)
    page = client.get("/people?homeless=1").get_data(as_text=True)
    found = re.search(r"/people/(\d+)", page)
    assert found is not None
    path = found[0]
    form = signing.hidden(client, path) | {"area_id": str(community)}
    assert client.post(f"{path}/settle", data=form).status_code == 303
    assert "还没有社区" not in client.get("/people").get_data(as_text=True)
