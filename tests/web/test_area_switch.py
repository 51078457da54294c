"""Staff of several streets look at one of them in every list."""

import csv
import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make
from tests.signing import hidden, sign_in
from volunteer_service.db import db, transaction
from volunteer_service.lists.exports import writing_exports
from volunteer_service.people.models import Account, Grant


@pytest.fixture
def streets(app: Flask) -> dict[str, int]:
    """A second street with a team and a person; 周静 keeps both."""
    with app.app_context(), transaction():
        cast = make.cast()
        there = make.area("东街道")
        make.team("东街道巡逻队", area=there)
        make.volunteer("何静", area_id=there.id)
        db.session.add(Grant(account_id=cast.coordinator.id, role="coordinator", area_id=there.id))
        return {"here": cast.town.id, "there": there.id}


def text(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def choose(client: FlaskClient, area_id: object, back: str = "/people") -> str:
    data = hidden(client, back) | {"area_id": area_id, "back": back}
    answer = client.post("/lists/street", data=data)
    assert answer.status_code == 303
    return str(answer.location)


def test_the_street_stays_chosen_in_lists_files_and_exports(
    app: Flask, client: FlaskClient, streets: dict[str, int]
) -> None:
    sign_in(client, "zhoujing")
    both = text(client, "/people")
    assert "全部街道" in both
    assert "王建国" in both
    assert "何静" in both
    back = f"/people?area_id={streets['here']}&page=2&sort=-name"
    assert choose(client, streets["there"], back) == "/people?sort=-name"
    for path, here, there in (("/people", "王建国", "何静"), ("/teams", "护学", "东街道巡逻队")):
        page = text(client, path)
        main = page[page.index("<main") :]
        assert there in main
        assert here not in re.sub("<form.*?</form>", "", main)
        assert "去掉筛选：区域 东街道" in page
    # A chip takes it off for once, and an address that names a place goes first.
    assert "王建国" in text(client, "/people?area_id=")
    assert "王建国" in text(client, f"/people?area_id={streets['here']}")
    lines = client.get("/lists/people.csv", buffered=True).data.decode("utf-8-sig")
    assert [row[0] for row in csv.reader(io.StringIO(lines))] == ["姓名", "何静"]
    prepare = "/lists/people/export?kind=csv"
    location = client.post(prepare, data=hidden(client, prepare)).location
    writing_exports.wait()
    lines = client.get(f"{location}/file", buffered=True).data.decode("utf-8-sig")
    assert [row[0] for row in csv.reader(io.StringIO(lines))] == ["姓名", "何静"]
    choose(client, "")
    assert "王建国" in text(client, "/people")


def test_a_street_that_one_has_not_is_not_found(
    app: Flask, client: FlaskClient, streets: dict[str, int]
) -> None:
    with app.app_context(), transaction():
        other = make.area("西街道").id
    sign_in(client, "zhoujing")
    data = hidden(client, "/people") | {"area_id": other, "back": "/people"}
    assert client.post("/lists/street", data=data).status_code == 404
    assert "何静" in text(client, "/people")


def test_who_has_one_street_has_no_switch(
    app: Flask, client: FlaskClient, streets: dict[str, int]
) -> None:
    sign_in(client, "limei")
    assert "全部街道" not in text(client, "/")
    with app.app_context(), transaction():
        boss = db.session.scalar(db.select(Account.id).where(Account.login == "zhoujing"))
        gone = (Grant.account_id == boss, Grant.area_id == streets["there"])
        db.session.execute(db.delete(Grant).where(*gone))
    other = app.test_client()
    sign_in(other, "zhoujing")
    assert "全部街道" not in text(other, "/people")
