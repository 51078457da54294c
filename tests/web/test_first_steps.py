"""The first steps on the first page and on their own, and the samples to download."""

from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from tests import make
from tests.signing import hidden, sign_in
from volunteer_service.db import transaction
from volunteer_service.workbooks.reading.known_columns import KINDS


@pytest.fixture
def town(app: Flask) -> int:
    with app.app_context(), transaction():
        return make.cast().town.id


def shown(client: FlaskClient, page: str) -> str:
    answer = client.get(page)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("login", ["zhoujing", "admin"])
def test_the_first_page_shows_what_is_left_until_it_is_set_aside(
    town: int, client: FlaskClient, login: str
) -> None:
    sign_in(client, login)
    assert "市西街道：开始使用的步骤" in shown(client, "/")
    page = shown(client, "/first-steps")
    for words in (
        "1. 社区、网格、楼栋",
        "4. 期初余额",
        "7. 第一个活动",
        "样表：期初证书",
        "样表：工作人员名单",
    ):
        assert words in page
    form = hidden(client, "/first-steps") | {"step": "all", "is_aside": "true"}

    answer = client.post(f"/first-steps/{town}/aside", data=form)

    assert answer.status_code == 303
    assert "开始使用的步骤" not in shown(client, "/").replace("“开始使用的步骤”", "")
    assert "放回首页" in shown(client, "/first-steps")


def test_nobody_else_sees_them(town: int, client: FlaskClient) -> None:
    sign_in(client, "limei")
    assert "开始使用的步骤" not in shown(client, "/")
    assert client.get("/first-steps").status_code == 404
    assert client.get("/first-steps/samples/areas.xlsx").status_code == 404


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_sample_of_each_list(town: int, client: FlaskClient, kind) -> None:
    sign_in(client, "zhoujing")
    answer = client.get(f"/first-steps/samples/{kind.name}.xlsx")
    assert answer.status_code == 200
    book = load_workbook(BytesIO(answer.data))
    assert book.worksheets[0]["A1"].value == kind.fields[0].words[0]


def test_there_is_no_other_sample(town: int, client: FlaskClient) -> None:
    sign_in(client, "zhoujing")
    assert client.get("/first-steps/samples/tea.xlsx").status_code == 404


def test_a_step_that_is_none(town: int, client: FlaskClient) -> None:
    sign_in(client, "zhoujing")
    form = hidden(client, "/first-steps") | {"step": "tea", "is_aside": "true"}
    assert client.post(f"/first-steps/{town}/aside", data=form).status_code == 404


@pytest.mark.parametrize(
    ("name", "title", "head"), [("staff", "工作人员名单", "角色"), ("event", "活动方案", "岗位")]
)
def test_staff_and_the_first_event_have_a_workbook_to_fill_in(
    town: int, client: FlaskClient, name: str, title: str, head: str
) -> None:
    sign_in(client, "zhoujing")
    answer = client.get(f"/first-steps/samples/{name}.xlsx")
    assert answer.status_code == 200

    book = load_workbook(BytesIO(answer.data))

    assert book.sheetnames == [title, "填写说明"]
    heads, example = (tuple(row) for row in book[title].iter_rows(values_only=True))
    assert head in heads
    assert all(example)
    noted = [row[0] for row in book["填写说明"].iter_rows(values_only=True)]
    assert noted[0].startswith("这份表不上传")
    assert tuple(noted[2:]) == heads


def test_an_admin_of_every_street_is_shown_where_one_more_begins(
    town: int, client: FlaskClient
) -> None:
    sign_in(client, "admin")
    assert 'href="/areas/new"' in shown(client, "/first-steps")
    client.post("/sign-out", data=hidden(client, "/first-steps"))
    sign_in(client, "zhoujing")
    assert 'href="/areas/new"' not in shown(client, "/first-steps")
