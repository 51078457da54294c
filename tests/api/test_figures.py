"""Figures over the API, for somebody who builds a chart elsewhere."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make, make_attendance, signing
from volunteer_service import clock
from volunteer_service.db import transaction
from volunteer_service.figures.counting import BY_CODE
from volunteer_service.scoring.rules.half_years import HalfYear

Headers = dict[str, str]
MAY = "/api/v1/figures?from=2026-05-01&to=2026-05-31"


@pytest.fixture
def token(app: Flask) -> Callable[[str], Headers]:
    with app.app_context(), transaction():
        cast = make.cast()
        make_attendance.record(cast.wang, team=cast.team, minutes=90)
        make_attendance.record(cast.wang, team=cast.team, minutes=60, grade="leader")
        make_attendance.record(cast.zhao, team=cast.other_team, minutes=30)
        found = {
            name: signing.token_for(getattr(cast, name))
            for name in ("li_mei", "coordinator", "wang_account")
        }
    return found.__getitem__


def _values(client: FlaskClient, address: str, headers: Headers) -> dict[str, int]:
    body = client.get(address, headers=headers).get_json()
    return {each["code"]: each["value"] for each in body["figures"]}


def test_a_coordinator_reads_each_figure_with_its_definition(
    client: FlaskClient, token: Callable[[str], Headers]
) -> None:
    body = client.get(MAY, headers=token("coordinator")).get_json()

    assert [each["code"] for each in body["figures"]] == list(BY_CODE)
    served = next(each for each in body["figures"] if each["code"] == "minutes")
    assert (served["value"], served["before"], served["unit"]) == (180, 0, "minutes")
    assert served["meaning"] == "期内已确认的服务记录的时长之和。"
    assert body["parts"] == []


def test_the_reader_s_language_names_them(
    client: FlaskClient, token: Callable[[str], Headers]
) -> None:
    headers = {**token("coordinator"), "Accept-Language": "en"}

    body = client.get(f"{MAY}&codes=minutes", headers=headers).get_json()

    assert body["figures"][0]["name"] == "Service time"


def test_parts_have_names_and_only_the_figures_asked_for(
    client: FlaskClient, token: Callable[[str], Headers]
) -> None:
    address = f"{MAY}&by=grade&codes=minutes,participations"

    body = client.get(address, headers=token("coordinator")).get_json()
    months = client.get(f"{MAY}&by=month&codes=minutes", headers=token("coordinator")).get_json()

    assert body["parts"] == [
        {"key": "scanned", "name": None, "values": {"minutes": 120, "participations": 2}},
        {"key": "leader", "name": None, "values": {"minutes": 60, "participations": 1}},
    ]
    assert months["parts"] == [{"key": "2026-05-01", "name": None, "values": {"minutes": 180}}]


def test_a_leader_reads_the_own_team_s(
    client: FlaskClient, token: Callable[[str], Headers]
) -> None:
    assert _values(client, MAY, token("li_mei"))["minutes"] == 150


def test_without_days_it_is_the_running_half_year(
    client: FlaskClient, token: Callable[[str], Headers]
) -> None:
    half = HalfYear.of(clock.now().date())

    body = client.get("/api/v1/figures", headers=token("coordinator")).get_json()

    assert (body["from"], body["to"]) == (str(half.starts_on), str(half.ends_on))


def test_a_volunteer_is_refused(client: FlaskClient, token: Callable[[str], Headers]) -> None:
    assert client.get(MAY, headers=token("wang_account")).status_code == 403


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ("from=2026-05-31&to=2026-05-01", "to"),
        ("from=2020-01-01&to=2026-05-01", "to"),
        ("from=2026-05-01&to=May", "to"),
        ("from=2026-05-01&to=2026-05-31&by=weather", "by"),
        ("from=2026-05-01&to=2026-05-31&codes=happiness", "codes"),
    ],
)
def test_what_cannot_be_counted_is_refused_by_its_field(
    client: FlaskClient, token: Callable[[str], Headers], wrong: str, field: str
) -> None:
    answer = client.get(f"/api/v1/figures?{wrong}", headers=token("coordinator"))

    assert answer.status_code == 422
    assert field in str(answer.get_json())
