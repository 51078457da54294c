"""Acts that take two admins, on the account's page and over the API."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import make, signing
from volunteer_service.db import db, transaction
from volunteer_service.people.authentication.watcher_requests import WatcherRequest
from volunteer_service.people.models import Account


@pytest.fixture
def auditor(app: Flask) -> int:
    """The auditor's account, in a town of two admins."""
    with app.app_context(), transaction():
        cast = make.cast()
        make.account("other", "林全", role="admin", area=cast.town)
        return cast.auditor.id


def page(client: FlaskClient, path: str) -> str:
    return client.get(path).get_data(as_text=True)


def posted(client: FlaskClient, path: str, back: str, **fields: str) -> tuple[int, str]:
    form = signing.hidden(client, back) | fields
    answer = client.post(path, data=form, follow_redirects=True, headers={"Referer": back})
    return answer.status_code, answer.get_data(as_text=True)


def test_one_admin_asks_on_the_page_and_another_disables(
    app: Flask, client: FlaskClient, auditor: int
) -> None:
    path = f"/accounts/{auditor}"
    signing.sign_in(client, "admin")
    assert "没有等待办理的事" in page(client, path)
    _status, refused = posted(client, f"{path}/disable", path)
    assert "须由两位系统管理员办理" in refused
    status, again = posted(client, f"{path}/asks", path, act="disable", reason="")
    assert status == 422
    assert "请填" in again or "必填" in again
    _status, done = posted(client, f"{path}/asks", path, act="disable", reason="核查")
    assert "已提出，等另一位系统管理员办理。" in done
    assert "管理员提出：停用账号。原因：核查" in done
    other = app.test_client()
    signing.sign_in(other, "other")
    assert "用本页的按钮办理" in page(other, path)
    _status, done = posted(other, f"{path}/disable", path)
    assert "账号已停用。" in done
    with app.app_context(), transaction():
        assert db.session.get_one(Account, auditor).disabled_at is not None
        assert db.session.scalars(select(WatcherRequest.ended_at)).one() is not None


def test_a_coordinator_reads_nothing_of_it(client: FlaskClient, auditor: int) -> None:
    signing.sign_in(client, "zhoujing")
    assert "须两位系统管理员" not in page(client, f"/accounts/{auditor}")


def test_over_the_api(app: Flask, client: FlaskClient, auditor: int) -> None:
    with app.app_context(), transaction():
        query = select(Account).where(Account.login == "admin")
        headers = signing.token_for(db.session.scalars(query).one())
    path, body = f"/api/v1/accounts/{auditor}/asks", {"act": "role", "reason": "核查"}
    assert client.post(path, json=body | {"reason": " "}, headers=headers).status_code == 422
    answer = client.post(path, json=body, headers=headers)
    assert (answer.status_code, answer.json["act"], answer.json["reason"]) == (201, "role", "核查")
    assert client.post(path, json=body, headers=headers).json["id"] == answer.json["id"]
    path = f"/api/v1/accounts/asks/{answer.json['id']}/withdraw"
    assert client.post(path, headers=headers).json["act"] == "role"
    again = client.post(path, headers=headers)
    assert (again.status_code, again.json["code"]) == (409, "ask_ended")


def test_who_asked_withdraws_it_on_the_page(app: Flask, client: FlaskClient, auditor: int) -> None:
    path = f"/accounts/{auditor}"
    signing.sign_in(client, "admin")
    posted(client, f"{path}/asks", path, act="code", reason="核查")
    other = app.test_client()
    signing.sign_in(other, "other")
    with app.app_context(), transaction():
        ask = db.session.scalars(select(WatcherRequest.id)).one()
    assert "确定撤回" in page(client, path)
    assert "确定撤回" not in page(other, path)
    _status, done = posted(client, f"/accounts/asks/{ask}/withdraw", path)
    assert "已撤回。" in done
    assert "没有等待办理的事" in done
