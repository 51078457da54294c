"""The page of accounts: who is behind each is said, listed where not, and settled there."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make
from tests.signing import hidden, sign_in
from volunteer_service.db import db, transaction
from volunteer_service.people.authentication.account_findings import AccountFinding
from volunteer_service.people.models import Account


@pytest.fixture
def town(app: Flask) -> dict[str, int]:
    """Ids: 周静's account, and a volunteer of her name who registered after it was opened."""
    with app.app_context(), transaction():
        cast = make.cast()
        person = make.volunteer("周静", team=cast.team, number="T7777777")
        return {
            "account": cast.coordinator.id,
            "second": cast.second.id,
            "person": person.id,
            "elsewhere": make.account("zhou2", "周静", role="desk", area=cast.town).id,
        }


def read(client: FlaskClient, path: str) -> str:
    return client.get(path).get_data(as_text=True)


def sent(client: FlaskClient, path: str, verb: str, **form: str) -> int:
    """The status of a form of the account's page."""
    return client.post(f"{path}/{verb}", data=hidden(client, path) | form).status_code


def said(app: Flask) -> list[tuple[str, int | None, int | None]]:
    with app.app_context(), transaction(write=False):
        rows = db.session.scalars(db.select(AccountFinding).order_by(AccountFinding.id))
        return [(row.finding, row.volunteer_id, row.other_account_id) for row in rows]


def test_who_is_not_settled_is_listed_and_settled_by_one_click(
    app: Flask, client: FlaskClient, town: dict[str, int]
) -> None:
    sign_in(client, "admin")
    assert "个工作人员账号未关联志愿者" in read(client, "/accounts")
    listed = read(client, "/accounts?unsettled=1")
    assert "zhoujing" in listed
    assert "limei" not in listed
    path = f"/accounts/{town['second']}"
    assert "未关联志愿者" in read(client, path)
    assert sent(client, path, "nobody") == 303
    assert "不是志愿者" in read(client, path)
    assert f'href="{path}"' not in read(client, "/accounts?unsettled=1")
    assert said(app) == [("nobody", None, None)]


def test_the_page_names_who_has_the_same_name(
    app: Flask, client: FlaskClient, town: dict[str, int]
) -> None:
    sign_in(client, "admin")
    path = f"/accounts/{town['account']}"
    page = read(client, path)
    assert "1 位同名的志愿者，请先关联或说明不是同一人" in page
    assert "1 个同名的账号，请先关联或说明不是同一人" in page
    assert "T7777777" in page
    form = {"volunteer_id": str(town["person"]), "apart_reason": " "}
    refused = client.post(f"{path}/apart", data=hidden(client, path) | form)
    assert refused.status_code == 422
    assert sent(client, path, "apart", **form | {"apart_reason": "看过两人证件"}) == 303
    other = {"other_account_id": str(town["elsewhere"]), "other_reason": "认识两人"}
    assert sent(client, path, "apart-account", **other) == 303
    page = read(client, path)
    assert "同名" not in page.replace("同名的人的事", "")
    expected = [("another", town["person"], None), ("another", None, town["elsewhere"])]
    assert said(app) == expected


def test_linking_and_ending_the_link(app: Flask, client: FlaskClient, town: dict[str, int]) -> None:
    with app.app_context(), transaction():
        area = db.session.get_one(Account, town["account"]).grants[0].area_id
        street = db.session.get_one(make.Area, area)
        make.account("admin2", "第二管理员", role="admin", area=street)
    sign_in(client, "admin")
    path = f"/accounts/{town['account']}"
    form = {"number": "T0000000", "link_reason": "看过证件"}
    refused = client.post(f"{path}/link", data=hidden(client, path) | form)
    assert (refused.status_code, "T0000000" in refused.get_data(as_text=True)) == (422, True)
    assert sent(client, path, "link", **form | {"number": "T7777777"}) == 303
    assert "T7777777" in read(client, path)
    assert sent(client, path, "unlink", unlink_reason="认错了人") == 303
    page = read(client, path)
    assert "有人提出取消关联" in page
    assert "认错了人" in page
    assert "unlink/approve" not in page
    other = app.test_client()
    sign_in(other, "admin2")
    assert sent(other, path, "unlink/approve") == 303
    with app.app_context():
        assert db.session.get_one(Account, town["account"]).volunteer_id is None
    assert "不再登记" not in read(other, "/my/messages")
    assert "已有答复：已同意。" in read(client, "/my/messages")


def test_a_coordinator_reads_it_and_settles_nothing(
    app: Flask, client: FlaskClient, town: dict[str, int]
) -> None:
    sign_in(client, "zhoujing")
    path = f"/accounts/{town['second']}"
    page = read(client, path)
    assert "未关联志愿者" in page
    assert f'action="{path}/nobody"' not in page
    assert sent(client, path, "nobody") == 404
    assert "个工作人员账号未关联" not in read(client, "/accounts")
    assert said(app) == []


def test_nobody_settles_their_own(app: Flask, client: FlaskClient, town: dict[str, int]) -> None:
    with app.app_context():
        own = db.session.scalars(db.select(Account.id).where(Account.login == "admin")).one()
    sign_in(client, "admin")
    path = f"/accounts/{own}"
    assert f'action="{path}/nobody"' not in read(client, path)
    client.post(f"{path}/nobody", data=hidden(client, "/accounts/new"))
    assert said(app) == []
