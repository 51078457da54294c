"""A form that does not reach its view: its page stands again, with what was typed into it."""

import re
from html import unescape
from io import BytesIO

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests import make
from tests.limiting import limited
from tests.make_doors import Things
from tests.rights_matrix import CHOSEN
from tests.signing import hidden, sign_in
from tests.web.test_refusals import WHO, typed_into
from volunteer_service import clock
from volunteer_service.attendance.models import Complaint
from volunteer_service.db import db, transaction
from volunteer_service.errors import Away
from volunteer_service.people.authentication import sessions
from volunteer_service.people.models import Account
from volunteer_service.web.shared import errors, kept_forms

WORDS = "在兑换点大声吵闹，别人没法办事，已经劝过两次"
CARRIED = re.compile(r'name="kept_form" value="([^"]+)"')


def fields(client: FlaskClient, path: str) -> dict[str, str]:
    """The hidden fields of every form of the page at ``path``."""
    page = client.get(path).get_data(as_text=True)
    owner = re.search(r'name="filled_by" value="([^"]+)"', page)
    return hidden(client, path) | ({"filled_by": owner[1]} if owner else {})


def send(client: FlaskClient, path: str, page: str, sent: dict[str, str]) -> TestResponse:
    return client.post(path, data=sent, headers={"Referer": f"http://localhost{page}"})


def complain(client: FlaskClient, town: Things, hidden_fields: dict[str, str]) -> TestResponse:
    page = f"/people/{town.volunteer_id}"
    sent = hidden_fields | {"words": WORDS, "happened_on": "2026-05-01"}
    return send(client, f"{page}/complaints", page, sent)


def complaints(app: Flask) -> int:
    with app.app_context(), transaction(write=False):
        query = select(func.count()).where(Complaint.words == WORDS)
        return db.session.scalar(query) or 0


def test_a_form_of_an_old_page_comes_back_with_what_was_typed(
    app: Flask, client: FlaskClient, town: Things
) -> None:
    sign_in(client, "zhoujing")
    page = f"/people/{town.volunteer_id}"
    old = fields(client, page)
    sign_in(client, "zhoujing")
    answer = complain(client, town, old)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert 'class="problem"' not in text
    assert "这一页放得太久，刚才没有提交。 您填的内容还在" in text
    assert typed_into(text, f"{page}/complaints")["words"] == WORDS
    assert complaints(app) == 0
    token = re.findall(r'name="csrf_token" value="([^"]+)"', text)[-1]
    assert complain(client, town, old | {"csrf_token": token}).status_code == 303
    assert complaints(app) == 1


def ended(app: Flask, login: str) -> None:
    """Every session of this account ends, as from another device."""
    with app.app_context(), transaction():
        account = db.session.scalars(select(Account).where(Account.login == login)).one()
        sessions.end_everything(account, at=clock.now())


def signed_in_again(
    client: FlaskClient, page: str, login: str, password: str = make.PASSWORD
) -> TestResponse:
    """Send the sign-in form of this page."""
    kept = CARRIED.search(page)
    token = re.search(r'action="/sign-in".*?name="csrf_token" value="([^"]+)"', page, re.S)
    assert kept, page
    assert token
    sent = {"login": login, "password": password, "next": "/", "csrf_token": token[1]}
    return client.post("/sign-in", data=sent | {"kept_form": kept[1]})


def test_after_signing_in_again_the_form_is_there(
    app: Flask, client: FlaskClient, town: Things
) -> None:
    sign_in(client, "zhoujing")
    page = f"/people/{town.volunteer_id}"
    old = fields(client, page)
    ended(app, "zhoujing")
    asked = complain(client, town, old).get_data(as_text=True)
    assert "请重新登录。您填的内容还在" in asked
    assert WORDS not in asked
    # A wrong password keeps it too.
    wrong = signed_in_again(client, asked, "zhoujing", "not the password")
    assert wrong.status_code == 422
    answer = signed_in_again(client, wrong.get_data(as_text=True), "zhoujing")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert typed_into(text, f"{page}/complaints")["words"] == WORDS
    token = re.findall(r'name="csrf_token" value="([^"]+)"', text)[-1]
    assert complain(client, town, old | {"csrf_token": token}).status_code == 303
    assert complaints(app) == 1


def test_nobody_else_is_shown_what_somebody_typed(
    app: Flask, client: FlaskClient, town: Things
) -> None:
    sign_in(client, "zhoujing")
    old = fields(client, f"/people/{town.volunteer_id}")
    ended(app, "zhoujing")
    asked = complain(client, town, old).get_data(as_text=True)
    other = signed_in_again(client, asked, "qianwei")
    assert (other.status_code, other.location) == (303, "/")
    # Nor who is signed in by now in the same browser: whoever filled it in signs in.
    answer = complain(client, town, old)
    assert WORDS not in answer.get_data(as_text=True)
    assert CARRIED.search(answer.get_data(as_text=True))


@pytest.mark.parametrize("came_from", ["http://elsewhere.example/a", ""])
def test_a_form_from_elsewhere_is_not_filled_in(
    client: FlaskClient, town: Things, came_from: str
) -> None:
    sign_in(client, "zhoujing")
    address = f"/people/{town.volunteer_id}/complaints"
    headers = {"Referer": came_from} if came_from else {}
    answer = client.post(address, data={"words": WORDS}, headers=headers)
    assert answer.status_code == 400
    assert WORDS not in answer.get_data(as_text=True)


@pytest.mark.parametrize("wrong", ["changed", "old"])
def test_a_sealed_form_that_was_changed_or_is_old_opens_nothing(
    app: Flask, client: FlaskClient, town: Things, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    sign_in(client, "zhoujing")
    old = fields(client, f"/people/{town.volunteer_id}")
    ended(app, "zhoujing")
    asked = complain(client, town, old).get_data(as_text=True)
    found = CARRIED.search(asked)
    assert found
    if wrong == "changed":
        asked = asked.replace(found[1], found[1][:-8] + "AAAAAAA=")
    else:
        monkeypatch.setattr(kept_forms, "_SECONDS", -1)
    assert signed_in_again(client, asked, "zhoujing").status_code == 303


def test_too_many_tries_keep_what_was_typed_but_no_password(app: Flask, town: Things) -> None:
    with limited(app) as client:
        sent = {"login": "13900000009", "password": "a fine long one", "next": "/me"}
        sent |= hidden(client, "/sign-in")
        for _ in range(12):
            answer = send(client, "/sign-in", "/sign-in", sent)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"]
    assert typed_into(text, "/sign-in")["login"] == "13900000009"
    assert "请把密码、代码和文件补上" in text
    assert sent["password"] not in text


@pytest.mark.parametrize("fault", [Away(), RuntimeError("a fault of ours")])
def test_when_the_service_is_away_one_tap_sends_it_again(app: Flask, fault: Exception) -> None:
    sent = {"words": WORDS, "happened_on": "2026-05-01", "idempotency_key": "k" * 20}
    here = {"method": "POST", "data": sent, "headers": {"Referer": "http://localhost/people/1"}}
    with app.test_request_context("/people/1/complaints", **here):
        answer = errors.refused(fault) if isinstance(fault, Away) else errors.crashed(fault)
    text = answer.get_data(as_text=True)
    assert answer.status_code in (500, 503)
    assert 'action="/people/1/complaints" method="post"' in text
    for name, value in sent.items():
        assert f'name="{name}" value="{value}"' in text
    assert 'name="csrf_token"' in text


@pytest.mark.parametrize("name", ["password", "identity"])
def test_nothing_secret_is_written_into_the_page_of_a_fault(app: Flask, name: str) -> None:
    sent = {"words": WORDS, name: "11010519491231002X"}
    here = {"method": "POST", "data": sent, "headers": {"Referer": "http://localhost/claim"}}
    with app.test_request_context("/claim", **here):
        answer = errors.refused(Away())
    assert sent[name] not in answer.get_data(as_text=True)
    assert "name=" not in answer.get_data(as_text=True).split("<body>")[1]


def test_what_is_too_large_keeps_the_page(client: FlaskClient, town: Things) -> None:
    sign_in(client, "zhoujing")
    page = f"/people/{town.volunteer_id}"
    sent = fields(client, page) | {"words": "x" * 200_000}
    answer = send(client, f"{page}/complaints", page, sent)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 413
    assert 'class="problem"' not in text
    assert "太大，刚才没有提交" in text
    assert typed_into(text, f"{page}/complaints")["words"] == ""


#: Names of fields that are typed anew, or of a page that asks who wants to know.
TYPED_ANEW = kept_forms.SECRETS


def pages(app: Flask, town: Things) -> list[str]:
    """Every page there is, with the town's own numbers in it."""
    found = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if "GET" not in (rule.methods or set()) or rule.rule.startswith(("/api/", "/static/")):
            continue
        values = town.values() | CHOSEN.get(rule.rule, {})
        if rule.arguments <= values.keys():
            with app.test_request_context():
                found.append(url_for(rule.endpoint, **{n: values[n] for n in rule.arguments}))
    return found


def forms_of(page: str) -> dict[str, list[str]]:
    """What is typed into each form of a page, by its address."""
    found = {}
    for action in re.findall(r'<form[^>]*action="([^"]+)"[^>]*method="post"', page):
        if names := [name for name in typed_into(page, action) if name not in TYPED_ANEW]:
            found[unescape(action)] = names
    return found


def test_every_form_of_every_page_keeps_what_was_typed(app: Flask, town: Things) -> None:
    clients = {login: app.test_client() for login in WHO}
    for login, client in clients.items():
        sign_in(client, login)
    seen: set[str] = set()
    for page in pages(app, town):
        for client in clients.values():
            shown = client.get(page)
            shown.close()
            if shown.status_code != 200 or shown.mimetype != "text/html":
                continue
            for action, names in forms_of(shown.get_data(as_text=True)).items():
                if re.sub(r"\d+", "#", action) in seen:
                    continue
                seen.add(re.sub(r"\d+", "#", action))
                words = {name: f"typed {name}" for name in names}
                answer = send(client, action, page, words)
                text = answer.get_data(as_text=True)
                assert answer.status_code == 400, (page, action)
                assert 'class="problem"' not in text, (page, action)
                assert words.items() <= typed_into(text, action).items(), (page, action)
    assert len(seen) >= 40, sorted(seen)


def sheet_form(client: FlaskClient) -> dict[str, object]:
    """A sheet as it is typed, with a small file."""
    typed = {"names": "王建国", "event_name": WORDS, "why": "没有信号"}
    here = "/records/sheets/new"
    return fields(client, here) | typed | {"paper": (BytesIO(b"x" * 100), "签到表.jpg")}


def test_a_form_with_a_file_comes_back_and_names_the_file_to_choose_again(
    app: Flask, client: FlaskClient, town: Things
) -> None:
    sign_in(client, "zhoujing")
    here, sent = "/records/sheets/new", sheet_form(client)
    ended(app, "zhoujing")
    asked = send(client, here, here, sent).get_data(as_text=True)
    assert "登录后把文件重新选上" in asked
    text = signed_in_again(client, asked, "zhoujing").get_data(as_text=True)
    assert typed_into(text, here)["event_name"] == WORDS
    assert "请重新选择文件：签到表.jpg" in text


def test_what_was_too_large_to_be_kept_is_not_said_to_be_there(
    app: Flask, client: FlaskClient, town: Things
) -> None:
    sign_in(client, "zhoujing")
    here, sent = "/records/sheets/new", sheet_form(client)
    sent["paper"] = (BytesIO(b"x" * 200_000), "签到表.jpg")
    ended(app, "zhoujing")
    answer = send(client, here, here, sent)
    assert answer.location == f"/sign-in?next={here}"
    asked = client.get(answer.location).get_data(as_text=True)
    assert "填的内容没能留住，登录后请重新填写" in asked
    assert "还在" not in asked


def test_a_large_form_of_an_old_page_keeps_what_was_typed(
    client: FlaskClient, town: Things
) -> None:
    """The sender may hand files in and sent the whole form; its page had been open for too long."""
    sign_in(client, "zhoujing")
    here, sent = "/records/sheets/new", sheet_form(client)
    sent |= {"paper": (BytesIO(b"x" * 200_000), "签到表.jpg"), "csrf_token": "an old one"}
    answer = send(client, here, here, sent)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "这一页放得太久，刚才没有提交。 您填的内容还在" in text
    assert typed_into(text, here)["event_name"] == WORDS
