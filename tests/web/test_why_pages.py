"""One click from a star to its records and scans, for the volunteer, their leader and staff."""

from flask import Flask
from flask.testing import FlaskClient

from tests.signing import sign_in
from tests.web.test_ratings import Town


def test_volunteer_leader_and_coordinator_read_it_and_nobody_else(
    app: Flask, client: FlaskClient
) -> None:
    path = f"/stars/{Town(app, 'notice').result_id}"
    for login in ("wang", "limei", "zhoujing"):
        sign_in(client, login)
        page = client.get(path)
        assert page.status_code == 200, login
        assert "庆丰小学门前护学" in page.text
        assert "→ 一星级" in page.text
    sign_in(client, "zhao")
    assert client.get(path).status_code == 404


def test_before_the_notice_staff_alone_read_it(app: Flask, client: FlaskClient) -> None:
    path = f"/stars/{Town(app, 'draft').result_id}"
    for login, status in (("wang", 404), ("limei", 404), ("zhoujing", 200)):
        sign_in(client, login)
        assert client.get(path).status_code == status, login
