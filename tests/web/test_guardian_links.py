"""A child asks, the guardian agrees on a phone of their own."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make, signing
from volunteer_service import clock
from volunteer_service.db import db, transaction
from volunteer_service.people.models import Account, Consent, Guardian, Volunteer

CHILD = {
    "name": "孙晓",
    "phone": "13900000001",
    "born_on": "2015-01-01",
    "guardian_name": "孙父",
    "guardian_phone": "13900000002",
}
AGREED = {"password": "a fine long one", "consent": "1"}


@pytest.fixture
def town(app: Flask) -> None:
    with app.app_context(), transaction():
        make.cast()


@pytest.fixture
def link(town: None, client: FlaskClient) -> str:
    """What the child's page shows."""
    answer = client.post("/join/guardian", data=signing.hidden(client, "/join/guardian") | CHILD)
    assert answer.status_code == 200
    found = re.search(r"http://localhost(/join/guardian/[\w-]+)", answer.get_data(as_text=True))
    assert found is not None
    return found.group(1)


def people(app: Flask) -> list[str]:
    with app.app_context(), transaction(write=False):
        return list(db.session.scalars(db.select(Volunteer.name).where(Volunteer.name == "孙晓")))


def test_the_guardian_agrees_on_a_phone_of_their_own(
    app: Flask, client: FlaskClient, link: str
) -> None:
    assert people(app) == []
    guardian = app.test_client()
    page = guardian.get(link).get_data(as_text=True)
    assert "孙晓" in page
    assert "13900000001" not in page
    answer = guardian.post(link, data=signing.hidden(guardian, link) | AGREED)
    assert answer.status_code == 303
    with app.app_context(), transaction(write=False):
        child = db.session.scalars(db.select(Volunteer).where(Volunteer.name == "孙晓")).one()
        consent = db.session.scalars(
            db.select(Consent).where(Consent.volunteer_id == child.id)
        ).one()
        assert (consent.how, consent.by_guardian) == ("link", True)
        assert db.session.scalars(db.select(Guardian)).one().name == "孙父"
    assert 'value="孙晓"' in client.get("/sign-in").get_data(as_text=True)
    form = signing.hidden(client, "/sign-in")
    form |= {"login": CHILD["phone"], "name": CHILD["name"], "password": AGREED["password"]}
    assert client.post("/sign-in", data=form).status_code == 303


def test_the_childs_own_browser_is_refused(app: Flask, client: FlaskClient, link: str) -> None:
    assert "监护人自己的手机上打开" in client.get(link).get_data(as_text=True)
    answer = client.post(link, data=signing.hidden(client, link) | AGREED)
    assert answer.status_code == 422
    assert people(app) == []


def test_without_consent_or_password_nothing_is_kept(app: Flask, town: None, link: str) -> None:
    guardian = app.test_client()
    form = signing.hidden(guardian, link)
    for given in ({"consent": "1"}, {"password": AGREED["password"]}):
        answer = guardian.post(link, data=form | given)
        assert answer.status_code == 422
        assert "孙晓" in answer.get_data(as_text=True)
    assert people(app) == []


def test_twice_is_once(app: Flask, link: str) -> None:
    guardian = app.test_client()
    form = signing.hidden(guardian, link) | AGREED
    assert [guardian.post(link, data=form).status_code for _ in range(2)] == [303, 303]
    assert people(app) == ["孙晓"]
    with app.app_context(), transaction(write=False):
        assert len(db.session.scalars(db.select(Account).where(Account.name == "孙晓")).all()) == 1


def test_a_link_lives_for_two_days(app: Flask, link: str, monkeypatch: pytest.MonkeyPatch) -> None:
    guardian, asked_at = app.test_client(), clock.now()
    form = signing.hidden(guardian, link) | AGREED
    monkeypatch.setattr(clock, "now", lambda: asked_at + timedelta(hours=48, seconds=1))
    assert guardian.get(link).status_code == 422
    assert guardian.post(link, data=form).status_code == 422
    assert people(app) == []


@pytest.mark.parametrize("change", ["A", "", "AAAA", "%00", "路"])
def test_a_changed_link_is_no_link(app: Flask, link: str, change: str) -> None:
    guardian = app.test_client()
    assert guardian.get(f"{link[:-6]}{change}").status_code in (400, 404)


def test_who_is_of_age_agrees_alone(town: None, client: FlaskClient) -> None:
    grown = CHILD | {"born_on": datetime(1990, 1, 1, tzinfo=UTC).date().isoformat()}
    answer = client.post("/join/guardian", data=signing.hidden(client, "/join/guardian") | grown)
    assert answer.status_code == 422
    assert "已满 18 周岁" in answer.get_data(as_text=True)


@pytest.mark.parametrize("field", sorted(CHILD))
def test_every_field_is_needed_and_what_was_typed_stays(
    town: None, client: FlaskClient, field: str
) -> None:
    sent = signing.hidden(client, "/join/guardian") | {
        name: value for name, value in CHILD.items() if name != field
    }
    answer = client.post("/join/guardian", data=sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert all(f'value="{value}"' in page for name, value in CHILD.items() if name != field)
