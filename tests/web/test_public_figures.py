"""The programme in figures for everybody: only streets that agreed, nobody counted out."""

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make, make_attendance
from volunteer_service import clock, settings
from volunteer_service.db import transaction
from volunteer_service.web.figures import public


@pytest.fixture
def street(app: Flask) -> str:
    """A street of three people; one of them served today, and there is another street."""
    with app.app_context(), transaction():
        cast = make.cast()
        make_attendance.record(cast.wang, team=cast.team, starts_at=clock.now(), minutes=180)
        make.area("临江街道")
        return cast.town.name


def _agree(app: Flask, monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    with app.app_context():
        agreed = replace(settings.current(), public_figures=names)
    monkeypatch.setattr(settings, "current", lambda: agreed)


def test_without_a_street_that_agreed_there_is_no_page(
    app: Flask, client: FlaskClient, street: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/programme").status_code == 404
    assert "/programme" not in client.get("/").get_data(as_text=True)

    _agree(app, monkeypatch, "没有的街道")
    assert client.get("/programme").status_code == 404


def test_everybody_reads_sums_of_the_streets_that_agreed(
    app: Flask, client: FlaskClient, street: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _agree(app, monkeypatch, street)

    page = client.get("/programme").get_data(as_text=True)

    assert "3 小时" in page
    assert "期内已确认的服务记录的时长之和。" in page
    assert street in page
    assert "临江街道" not in page
    assert "/programme" in client.get("/").get_data(as_text=True)
    assert "3 小时" not in client.get(f"/programme?year={clock.now().year - 1}").get_data(
        as_text=True
    )


def _words(client: FlaskClient) -> str:
    return re.sub(r"<[^>]+>", "", client.get("/programme").get_data(as_text=True))


def test_few_people_are_not_counted_out_and_nobody_is_named(
    app: Flask, client: FlaskClient, street: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _agree(app, monkeypatch, street)
    page = _words(client)
    assert page.count("不到 10 人") == 2
    assert not any(name in page for name in ("王建国", "赵芳", "李梅"))

    monkeypatch.setattr(public, "FEWEST", 2)
    page = _words(client)
    assert page.count("不到 2 人") == 1
    assert "不到 10 人" not in page
