"""The pages of the programme's numbers: proposed by one, seen by all, put in force by another."""

from dataclasses import fields

from flask import Flask
from flask.testing import FlaskClient

from tests import make, make_ratings, signing
from volunteer_service import policies
from volunteer_service.db import db, transaction
from volunteer_service.people.models import Account
from volunteer_service.scoring.ratings import policy_versions
from volunteer_service.scoring.rules.policy import Policy
from volunteer_service.web.ratings.policy_words import GROUPS


def town(app: Flask) -> make.Cast:
    """A final round of 2026H1 where 王建国 has one star; and a second admin."""
    with app.app_context(), transaction():
        cast = make.cast()
        make_ratings.record(cast.wang, cast.team, 700)
        make_ratings.round_at("final", cast)
        make.account("second-admin", "郑强", role="admin", area=cast.town)
        return cast


def filled(client: FlaskClient, **changed: str) -> dict[str, str]:
    """The form as the page gives it, with some numbers changed."""
    numbers = policies.Policy(format=1).numbers
    typed = {
        name: ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        for name, value in numbers.items()
        if name != "version"
    }
    hidden = signing.hidden(client, "/policies/new")
    where = {"half_year": running(client), "area_id": "", "from_on": "", "expected": "1"}
    return typed | hidden | where | {"reason": "试行"} | changed


def running(client: FlaskClient) -> str:
    """The half-year that the form offers first."""
    page = client.get("/policies/new").get_data(as_text=True)
    return page.split('name="half_year"')[1].split('<option value="20')[1][:4].join(("20", ""))


def test_every_number_has_words() -> None:
    words = [name for _heading, numbers in GROUPS for name in numbers]
    assert sorted(words) == sorted(
        each.name for each in fields(Policy) if each.name not in ("format", "version")
    )


def test_a_place_that_is_not_there_is_refused_and_changes_nothing(
    app: Flask, client: FlaskClient
) -> None:
    town(app)
    signing.sign_in(client, "admin")
    sent = filled(client, area_id="999999", star_minutes="60, 120, 240, 420, 660")
    assert client.post("/policies/new", data=sent).status_code == 404
    with app.app_context(), transaction(write=False):
        assert len(policies.versions()) == 1


def test_from_the_form_to_force(app: Flask, client: FlaskClient) -> None:
    town(app)
    signing.sign_in(client, "admin")
    stars = "60, 120, 240, 420, 660"
    wrong = client.post("/policies/new", data=filled(client, star_minutes="60, x"))
    assert wrong.status_code == 422
    assert "请填数字" in wrong.get_data(as_text=True)
    absurd = "36000, 72000, 144000, 252000, 396000"
    refused = client.post("/policies/new", data=filled(client, star_minutes=absurd))
    assert "要填的是分钟" in refused.get_data(as_text=True)
    done = client.post("/policies/new", data=filled(client, star_minutes=stars))
    assert (done.status_code, done.location) == (303, "/policies/2")
    page = client.get("/policies/2").get_data(as_text=True)
    # Old beside new, and who would have had another star.
    assert "600, 1200, 2400, 4200, 6600" in page
    assert stars in page
    assert "王建国" in page
    with app.app_context(), transaction(write=False):
        assert policies.active().version == 1
    sent = signing.hidden(client, "/policies/2")
    assert client.post("/policies/2/activate", data=sent).status_code == 403
    other = app.test_client()
    signing.sign_in(other, "second-admin")
    sent = signing.hidden(other, "/policies/2")
    assert other.post("/policies/2/activate", data=sent).status_code == 303
    with app.app_context(), transaction(write=False):
        assert policies.active().star_minutes == (60, 120, 240, 420, 660)
        assert policies.kept(2).numbers["late_minutes"] == 15


def test_who_runs_rounds_reads_and_changes_nothing(app: Flask, client: FlaskClient) -> None:
    town(app)
    with app.app_context(), transaction():
        admin = make.acting(db.session.query(Account).filter_by(login="admin").one())
        policy_versions.propose_policy(
            {"late_minutes": 20}, reason="试", by=admin, at=make_ratings.JULY
        )
    signing.sign_in(client, "zhoujing")
    assert "等另一个人同意" in client.get("/policies").get_data(as_text=True)
    page = client.get("/policies/2").get_data(as_text=True)
    assert "同意并生效" not in page
    assert client.get("/policies/new").status_code == 404
