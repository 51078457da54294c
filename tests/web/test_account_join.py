"""A newcomer: from the scanned code to signed in, with at most five fields."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make, signing
from volunteer_service.attendance import codes
from volunteer_service.db import db, transaction
from volunteer_service.people.models import Account, Consent, Guardian, Volunteer

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
    assert len(asked) == 4
    assert 'value="/c/abc"' in page


def test_of_two_sub_districts_the_posters_looks_after_the_newcomer(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        make.area("临江街道")
        event = make.event(team=cast.team, leader=cast.li_mei)
        town_id, poster = cast.town.id, f"/c/{codes.token(event)}"
    for n, target in enumerate((poster, "/", "/c/abc")):
        visitor = app.test_client()
        form = signing.hidden(visitor, "/join") | FORM
        form |= {"phone": f"1390000001{n}", "next": target}
        assert visitor.post("/join", data=form).status_code == 303
    with app.app_context(), transaction(write=False):
        joined = db.select(Volunteer.area_id).where(Volunteer.name == "孙晓")
        homes = db.session.scalars(joined.order_by(Volunteer.id)).all()
    assert homes == [town_id, None, None]


def test_joining_signs_in_and_goes_on_to_the_scan(
    town: None, app: Flask, client: FlaskClient
) -> None:
    answer = client.post("/join", data=signing.hidden(client, "/join") | FORM)
    assert (answer.status_code, answer.location) == (303, "/c/abc")
    assert "志愿者编号" in client.get("/me").get_data(as_text=True)
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


def test_registering_twice_points_to_signing_in(town: None, client: FlaskClient) -> None:
    form = signing.hidden(client, "/join") | FORM
    client.post("/join", data=form)
    client.post("/sign-out", data=signing.hidden(client, "/privacy"))
    again = client.post("/join", data=signing.hidden(client, "/join") | FORM)
    assert again.status_code == 422
    assert "已登记过" in again.get_data(as_text=True)


def test_privacy_is_for_everybody(client: FlaskClient) -> None:
    assert "随时撤回同意" in client.get("/privacy").get_data(as_text=True)
