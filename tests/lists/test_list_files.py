"""Files of lists at their addresses: what is in the journal, what an auditor leaves behind."""

import re
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make, make_doors, signing
from volunteer_service.db import db, transaction
from volunteer_service.journal import Entry
from volunteer_service.people.models import Look


@pytest.fixture
def phone(app: Flask) -> str:
    with app.app_context(), transaction():
        cast = make.cast()
        make.volunteer("=1+1", area_id=cast.community.id)
        return str(cast.wang.phone)


def exports(app: Flask) -> list[tuple[int | None, dict[str, Any]]]:
    with app.app_context(), transaction(write=False):
        query = db.select(Entry.account_id, Entry.facts).where(Entry.verb == "lists.export")
        return [(account_id, facts) for account_id, facts in db.session.execute(query)]


def test_who_took_a_list_is_in_the_journal(phone: str, app: Flask, client: FlaskClient) -> None:
    signing.sign_in(client, "zhoujing")
    answer = client.get("/lists/people.csv?q=王建国&state=active&col=phone", buffered=True)
    assert answer.status_code == 200
    text = answer.data.decode("utf-8-sig")
    assert text.splitlines()[0] == "姓名,手机号"
    assert "王建国" in text
    assert phone not in text
    assert phone[-4:] in text
    [(account_id, facts)] = exports(app)
    assert account_id is not None
    assert facts["list"] == "people"
    assert facts["rows"] == len(text.splitlines()) - 1
    assert facts["columns"] == ["name", "phone"]
    assert facts["filters"] == {"q": "…", "state": "在册"}
    assert "王建国" not in str(facts)


@pytest.mark.parametrize("address", ["/lists/people.csv", "/lists/people.xlsx", "/people.xlsx"])
def test_a_list_that_is_not_read_is_not_taken(
    phone: str, app: Flask, client: FlaskClient, address: str
) -> None:
    signing.sign_in(client, "sunli")
    assert client.get(address).status_code == 404
    assert exports(app) == []


def test_a_cell_runs_nothing(phone: str, client: FlaskClient) -> None:
    signing.sign_in(client, "zhoujing")
    text = client.get("/lists/people.csv?sort=name", buffered=True).data.decode("utf-8-sig")
    assert "'=1+1" in text
    assert ",=1+1" not in text
    assert "\n=1+1" not in text


def test_an_auditor_says_why_before_a_line_is_written(
    phone: str, app: Flask, client: FlaskClient
) -> None:
    signing.sign_in(client, "wumin")
    assert client.get("/lists/people.csv").status_code != 200
    assert exports(app) == []
    signing.audit(client, "wumin")
    assert client.get("/lists/people.csv", buffered=True).status_code == 200
    with app.app_context(), transaction(write=False):
        looks = set(db.session.execute(db.select(Look.field, Look.why)))
    assert looks == {("workbook", "半年抽查")}


def test_chips_headings_and_pages_are_addresses(phone: str, client: FlaskClient) -> None:
    signing.sign_in(client, "zhoujing")
    page = client.get("/people?state=active&hours_from=0&sort=-hours&sums=1").get_data(as_text=True)
    assert "去掉筛选：状态 在册" in page
    assert 'href="/people?hours_from=0&amp;sort=-hours&amp;sums=1"' in page
    assert 'aria-sort="descending"' in page
    assert "合计" in page
    assert "/lists/people.xlsx?state=active&amp;hours_from=0&amp;sort=-hours" in page
    empty = client.get("/people?q=没有这个人").get_data(as_text=True)
    assert "共 0 条" in empty
    assert "没有找到" in empty


def test_teams_that_ended_are_left_out_until_the_filter_is_taken_off(
    phone: str, app: Flask, client: FlaskClient
) -> None:
    with app.app_context(), transaction():
        team = make.team("已经停止的队", area=make.area("别的街道"))
        team.state = "closed"
    signing.sign_in(client, "zhoujing")
    assert "已经停止的队" not in client.get("/teams").get_data(as_text=True)
    page = client.get("/teams?state=").get_data(as_text=True)
    assert "已经停止的队" in page
    assert "去掉筛选" not in page


@pytest.mark.parametrize("letter", "lcdaA")
def test_each_list_is_named_opens_and_leads_on(
    app: Flask, client: FlaskClient, letter: str
) -> None:
    with app.app_context(), transaction():
        make_doors.things()
    signing.sign_in(client, make_doors.PEOPLE[letter])
    if letter == "a":
        signing.audit(client, make_doors.PEOPLE[letter])
    named = re.findall(r'href="(/lists/\w+)"', client.get("/lists").get_data(as_text=True))
    assert "/lists/teams" in named
    for path in named:
        page = client.get(path + "?state=").get_data(as_text=True)
        rows = re.findall(r'role="rowheader"[^>]*><div>\s*(?:<span.*?)?<a href="([^"]+)"', page)
        assert bool(rows) == ("<tbody" in page)
        for row in rows[:1]:
            assert client.get(unescape(row)).status_code == 200, (path, row)
