"""Opening balances are marked on every page and in every answer that shows them."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import make
from tests.signing import sign_in, token_for
from tests.workbooks import openings
from volunteer_service.db import db, transaction
from volunteer_service.people.models import Account

NUMBER = "ZYT-2024-0071"


@pytest.fixture
def wang(app: Flask, tmp_path: Path) -> int:
    """王建国, of whom one row of each list was taken over."""
    with app.app_context(), transaction():
        cast = make.cast()
        openings.taken(cast, tmp_path, cast.wang)
        return cast.wang.id


def seen(client: FlaskClient, page: str) -> str:
    answer = client.get(page)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("page", "what"),
    [
        ("/my/points", "其中期初带入 30.00"),
        ("/my/points", f"期初带入 · {openings.WHERE}"),
        ("/my/records", "期初带入的时长"),
        ("/my/records", "12.5"),
        ("/my/records", "不计入星级"),
        ("/my/star", "由原来的系统评定"),
        ("/my/star", "三星级"),
        ("/my/certificates", NUMBER),
    ],
)
def test_on_one_s_own_pages(wang: int, client: FlaskClient, page: str, what: str) -> None:
    sign_in(client, "wang")
    text = seen(client, page)
    assert what in text
    assert openings.WHERE in text


def test_on_the_person_s_page_and_the_statement_of_staff(wang: int, client: FlaskClient) -> None:
    sign_in(client, "zhoujing")
    person = seen(client, f"/people/{wang}")
    for words in ("期初带入的积分", "期初带入的时长", "期初带入的星级", "期初带入的证书", NUMBER):
        assert words in person
    assert "/points/transfers/" in seen(client, f"/people/{wang}/points")
    assert "期初带入" in seen(client, "/points/entries?kind=opening")


def test_the_check_page_says_who_did_not_issue_it(wang: int, client: FlaskClient) -> None:
    text = seen(client, f"/v/{NUMBER.lower()}")
    assert f"从“{openings.WHERE}”带入的，不是本平台发的" in text
    assert "王" not in text
    assert "查无此证" in seen(client, "/v/ZYT-2024-0072")


def test_over_the_api(app: Flask, wang: int, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        who = {
            name: token_for(db.session.scalars(select(Account).where(Account.login == login)).one())
            for name, login in (("self", "wang"), ("staff", "zhoujing"), ("stranger", "zhao"))
        }
    here = f"/api/v1/volunteers/{wang}/openings"
    assert client.get(here, headers=who["stranger"]).status_code == 404
    for name in ("self", "staff"):
        found = client.get(here, headers=who[name]).json
        told = {"source": openings.WHERE, "import_id": 1}
        assert found == {
            "points": [{"centi": 3_000, "last_day": "2027-12-31", **told}],
            "hours": [{"year": 2024, "minutes": 750, **told}],
            "stars": [{"half_year": "2025H1", "stars": 3, **told}],
            "papers": [
                {"number": NUMBER, "title": "优秀志愿者", "issued_on": "2024-03-05", **told}
            ],
        }
    standing = client.get(f"/api/v1/points/{wang}", headers=who["self"]).json
    assert (standing["opening_centi"], standing["earned_centi"]) == (3_000, 3_000)
    [line] = client.get(f"/api/v1/points/{wang}/statement", headers=who["self"]).json["items"]
    assert (line["kind"], line["source_type"]) == ("opening", "opening")
    told = client.get(f"/api/v1/certificates/verify/{NUMBER}").json
    assert (told["state"], told["issuer"], told["masked_name"]) == (
        "taken_over",
        openings.WHERE,
        None,
    )
    row = client.get("/api/v1/imports/1", headers=who["staff"]).json
    assert row["openings"]["rows"] == 4


def test_the_preview_says_what_is_taken_over(
    app: Flask, client: FlaskClient, tmp_path: Path
) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        path = openings.written(tmp_path, openings.whole(cast.wang))
        row = openings.previewed(cast, path).id
    sign_in(client, "zhoujing")
    text = seen(client, f"/imports/{row}")
    assert "从原来的系统带入" in text
    assert "一律由两个人办理" in text
    assert "带入最多的人" in text
    assert "王建国" in text
