"""Message settings over the API: as on the page, with the same refusals."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make
from tests.signing import token_for
from volunteer_service.db import transaction

HERE = "/api/v1/messages"


@pytest.fixture
def wang(app: Flask) -> dict[str, str]:
    with app.app_context(), transaction():
        return token_for(make.cast().wang_account)


def put(client: FlaskClient, path: str, who: dict[str, str], **body: Any) -> Any:
    answer = client.put(f"{HERE}{path}", headers=who, json=body)
    return answer.status_code, answer.get_json()


def test_topics_language_and_quiet_hours_are_chosen_and_read_back(
    client: FlaskClient, wang: dict[str, str]
) -> None:
    first = client.get(f"{HERE}/settings", headers=wang).get_json()
    assert (first["email"], first["quiet_from"], first["quiet_to"]) == (None, "21:00", "08:00")
    assert "points:email" in first["on"]
    wanted = {"language": "en", "on": ["records:email"], "quiet_from": "22:30", "quiet_to": "07:00"}
    status, said = put(client, "/settings", wang, **wanted)
    assert status == 200
    assert {name: said[name] for name in wanted} == wanted
    assert client.get(f"{HERE}/settings", headers=wang).get_json() == said


def test_an_address_waits_for_its_link_and_mail_is_left_and_taken_up_again(
    client: FlaskClient, wang: dict[str, str]
) -> None:
    status, said = put(client, "/email", wang, email="wang@example.cn", present=make.PASSWORD)
    assert (status, said["email"], said["email_confirmed_at"]) == (200, "wang@example.cn", None)
    left = client.post(f"{HERE}/leave", headers=wang).get_json()
    assert left["left_at"] is not None
    back = client.post(f"{HERE}/come-back", headers=wang)
    assert (back.status_code, back.get_json()["left_at"]) == (200, None)
    assert client.post(f"{HERE}/come-back", headers=wang).status_code == 409
    assert put(client, "/email", wang, email=None, present=make.PASSWORD)[1]["email"] is None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"language": "fr", "on": []}, "language"),
        ({"language": "zh", "on": ["account:email"]}, "on"),
        ({"language": "zh", "on": [], "quiet_from": "25:00", "quiet_to": "07:00"}, "quiet_from"),
        ({"language": "zh", "on": [], "quiet_from": "22:00"}, "quiet_to"),
    ],
)
def test_what_cannot_be_chosen_is_refused_by_its_field(
    client: FlaskClient, wang: dict[str, str], body: dict[str, Any], field: str
) -> None:
    status, said = put(client, "/settings", wang, **body)
    assert status == 422
    assert field in str(said)


def test_what_is_no_address_is_refused(client: FlaskClient, wang: dict[str, str]) -> None:
    assert put(client, "/email", wang, email="wang", present=make.PASSWORD)[0] == 422
    assert put(client, "/email", wang, email="wang@example.cn")[0] == 422
    assert put(client, "/email", wang, email="wang@example.cn", present="a guess")[0] == 422
