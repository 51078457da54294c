"""A refusal keeps the page and what was typed: every form and button of the pages is asked."""

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask, get_flashed_messages, url_for
from flask.testing import FlaskClient
from marshmallow import Schema
from sqlalchemy import select, update
from werkzeug.routing import Rule

from tests import filling, make, make_doors
from tests.make_doors import Things
from tests.rights_matrix import CHOSEN
from tests.signing import hidden, sign_in
from volunteer_service import clock
from volunteer_service.db import db, transaction
from volunteer_service.errors import Refused
from volunteer_service.idempotency import IdempotencyKeyReused, Key
from volunteer_service.people.authentication.second_factors import NoFactor
from volunteer_service.people.models import Account, Volunteer
from volunteer_service.web.shared import forms

#: Every form with a key can be refused with it: it came with another form before.
KEY = "a-key-of-another-form"
CAME_FROM = "/teams?q=nobody-of-this-name"
#: Who may press the buttons; the first one to whom a form is not «not found».
WHO = ("wang", "limei", "sunli", "zhoujing", "admin")
#: What somebody else changed meanwhile is told before the key is asked for.
STALE = "刚被别人改过"
#: Asked without a key: whoever comes in or leaves, the check-in, and what is told once only.
WITHOUT_KEY = {
    "/accounts/<int:account_id>/code",
    "/accounts/new",
    "/audit/purpose",
    "/c/<token>",
    "/e/<int:event_id>/scanner/kept",
    "/claim",
    "/code",
    "/e/<int:event_id>/ticks",
    # Whoever has forgotten a password, and only where letters leave.
    "/forgot",
    "/reset/<key>",
    # No form: a script speaks, and reads a sentence.
    "/imports/uploads",
    "/join",
    "/join/guardian",
    "/join/guardian/<token>",
    # Links in letters, by whoever has them.
    "/mail/confirm/<token>",
    "/mail/leave/<token>",
    "/mail/place/<token>/accept",
    "/mail/place/<token>/decline",
    "/me/password",
    "/me/tokens",
    "/my/messages/read",
    "/people/<int:volunteer_id>/card",
    "/people/<int:volunteer_id>/code",
    "/people/<int:volunteer_id>/reveal",
    "/people/changes/<int:change_id>/reveal",
    "/preferences",
    "/sign-in",
    "/sign-in/second",
    "/sign-out",
    "/teams/<int:team_id>/cards",
}


@pytest.fixture
def town(app: Flask) -> Things:
    """One of everything, and for each account a key that another form used."""
    with app.app_context(), transaction():
        things = make_doors.things()[1]
        for account_id in db.session.scalars(select(Account.id)).all():
            used = {"actor": f"account:{account_id}", "key": KEY, "request_hash": "another"}
            db.session.add(Key(**used, status=303, body="/", at=clock.now()))
    return things


def posts(app: Flask) -> list[Rule]:
    return [
        rule
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
        if "POST" in (rule.methods or set()) and not rule.rule.startswith("/api/")
    ]


def typed_into(page: str, action: str) -> dict[str, str]:
    """What the fields of the form with this address hold, the hidden ones and secrets left out."""
    found = {}
    for form in re.findall(rf'<form[^>]*action="{re.escape(action)}".*?</form>', page, re.S):
        for tag in re.findall(r"<input[^>]*>", form):
            told = dict(re.findall(r'(\w+)="([^"]*)"', tag))
            if told.get("type") not in ("hidden", "password", "checkbox", "radio", "file"):
                found[told["name"]] = unescape(told.get("value", ""))
        for name, text in re.findall(r'<textarea[^>]*name="(\w+)".*?>(.*?)</textarea>', form, re.S):
            found[name] = unescape(text)
    return found


#: What is told of a form that takes no key, of a thing that nobody of the town has begun.
NOT_BEGUN = {"/me/second-factor/new": NoFactor.message}


#: The field is empty again, for the next card is scanned into it; the answer stands above.
FOR_THE_NEXT = {"/e/<int:event_id>/scanner"}


def test_every_refused_form_and_button_keeps_its_page(app: Flask, town: Things) -> None:
    clients = {login: app.test_client() for login in WHO}
    secrets = {}
    for login, client in clients.items():
        sign_in(client, login)
        secrets[login] = hidden(client, "/events") | {"idempotency_key": KEY}
    body, told, kept = filling.body(town), IdempotencyKeyReused.message, set()
    for rule in [rule for rule in posts(app) if rule.rule not in WITHOUT_KEY]:
        sent = filling.form_of(rule.rule, body)
        values = town.values() | CHOSEN.get(rule.rule, {})
        with app.test_request_context():
            path = url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})
        for login, client in clients.items():
            answer = client.post(
                path,
                data=sent | secrets[login],
                headers={"Referer": f"http://localhost{CAME_FROM}"},
            )
            if answer.status_code != 404:
                break
        page = answer.get_data(as_text=True)
        if answer.status_code == 303:
            assert answer.location == CAME_FROM, rule
            shown = client.get(CAME_FROM).get_data(as_text=True)
            assert NOT_BEGUN.get(rule.rule, told) in shown, rule
            continue
        assert answer.status_code == 422, (rule, answer.status_code, page[-3000:])
        assert 'class="problem"' not in page, rule
        fields = {name: text for name, text in typed_into(page, path).items() if name in sent}
        if rule.rule in FOR_THE_NEXT:
            fields = {}
        assert fields == {name: sent[name] for name in fields}, rule
        kept |= {rule.rule} if fields else set()
        # Where a field's shape is refused already, that is what is told.
        assert 'role="alert"' in page, rule
        assert not fields or told in page or STALE in page or 'aria-invalid="true"' in page, rule
    assert len(kept) >= 20, kept


#: Who sends a form without a key from which page; the others of WITHOUT_KEY have nothing to type.
TYPED_WITHOUT_KEY = {
    "/accounts/new": ("admin", "/accounts/new"),
    "/audit/purpose": ("wumin", "/audit/purpose"),
    "/claim": (None, "/claim"),
    "/code": (None, "/code"),
    "/e/<int:event_id>/ticks": ("limei", "/e/{event_id}/manage"),
    "/join": (None, "/join"),
    "/join/guardian": (None, "/join/guardian"),
    "/me/password": ("wang", "/me/password"),
    "/me/tokens": ("wang", "/me/tokens"),
    "/people/<int:volunteer_id>/reveal": ("zhoujing", "/people/{volunteer_id}"),
    "/people/changes/<int:change_id>/reveal": ("zhoujing", "/people/changes/{change_id}"),
    "/sign-in": (None, "/sign-in"),
}
TOO_LONG = "x" * 9000


@pytest.mark.parametrize("rule", TYPED_WITHOUT_KEY)
def test_wrong_input_into_a_form_without_a_key_keeps_the_page(
    client: FlaskClient, town: Things, rule: str
) -> None:
    login, page = TYPED_WITHOUT_KEY[rule]
    if login is not None:
        sign_in(client, login)
    path = re.sub(r"<int:(\w+)>", r"{\1}", rule).format(**town.values())
    page = page.format(**town.values())
    names = {*typed_into(client.get(page).get_data(as_text=True), path), "password", "new"}
    sent = hidden(client, page) | dict.fromkeys(names, TOO_LONG)
    answer = client.post(path, data=sent, headers={"Referer": f"http://localhost{page}"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'class="problem"' not in text
    assert 'role="alert"' in text
    kept = typed_into(text, path)
    assert kept == dict.fromkeys(kept, TOO_LONG)
    assert kept or rule == "/me/password"


def test_a_form_takes_no_words_of_another_form(client: FlaskClient, town: Things) -> None:
    sign_in(client, "zhoujing")
    here = f"/people/{town.volunteer_id}"
    sent = hidden(client, here) | {"field": "phone", "why": "x" * 200}
    page = client.post(f"{here}/reveal", data=sent).get_data(as_text=True)
    assert typed_into(page, f"{here}/reveal")["why"] == "x" * 200
    assert typed_into(page, f"{here}/complaints")["words"] == ""
    assert page.count('class="error"') == 1


def test_what_forbids_is_told_where_the_button_is(client: FlaskClient, town: Things) -> None:
    """A code for somebody with a role: only an admin gives it out."""
    sign_in(client, "zhoujing")
    here = "/people"
    with client.application.app_context(), transaction():
        query = select(Account.volunteer_id).where(Account.login == "limei")
        leader = db.session.scalar(query)
    answer = client.post(
        f"/people/{leader}/code",
        data=hidden(client, here),
        headers={"Referer": f"http://localhost{here}"},
    )
    assert (answer.status_code, answer.location) == (303, here)
    assert "只能由系统管理员开一次性代码" in client.get(here).get_data(as_text=True)


def test_an_error_page_leads_back_to_the_page_before(client: FlaskClient, town: Things) -> None:
    sign_in(client, "wang")
    back = {"Referer": "http://localhost/teams?q=a"}
    page = client.get("/e/987654321", headers=back).get_data(as_text=True)
    assert 'href="/teams?q=a"' in page
    assert "回到刚才的页面" in page
    away = {"Referer": "http://elsewhere.example/teams"}
    assert "elsewhere" not in client.get("/e/987654321", headers=away).get_data(as_text=True)


class Wrong(Refused):
    """Any rule."""

    message = "不行。"


def test_a_form_that_comes_back_shows_what_is_kept(app: Flask) -> None:
    """What a statement wrote and the verb read again is taken back for the page too."""
    with app.app_context(), transaction():
        whose = make.cast().wang.id
    seen = []

    def work(_values: dict[str, object]) -> str:
        person = db.session.get_one(Volunteer, whose)
        db.session.execute(update(Volunteer).where(Volunteer.id == whose).values(name="别的名字"))
        db.session.refresh(person)
        forms.done("已保存。", "/")
        raise Wrong()

    def again(_raw: dict[str, object], errors: dict[str, list[str]]) -> str:
        seen.append((db.session.get_one(Volunteer, whose).name, errors))
        return ""

    with app.test_request_context("/", method="POST"), transaction():
        person = db.session.get_one(Volunteer, whose)
        answer = forms.submit(Schema, work, again)
        assert (answer.status_code, person.name) == (422, "王建国")
        assert get_flashed_messages() == []
    assert seen == [("王建国", {"": ["不行。"]})]


def tick(client: FlaskClient, event_id: int, volunteer_id: int, kind: str) -> str:
    manage = f"/e/{event_id}/manage"
    sent = {
        "volunteer_id": str(volunteer_id),
        "kind": kind,
        "scan_id": f"scan-{kind}-{volunteer_id}",
    }
    answer = client.post(f"/e/{event_id}/ticks", data=sent | hidden(client, manage))
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert 'id="roster"' in page
    return page


def test_a_refusal_speaks_to_who_acts(app: Flask) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        now = clock.now()
        here = make.event(team=cast.team, leader=cast.li_mei, starts_at=now - timedelta(minutes=5))
        there = make.event(title="别处的活动", team=cast.team, leader=cast.li_mei, starts_at=now)
        make.sign_up(there, cast.wang)
        here_id, wang = here.id, cast.wang.id
    leader, person = app.test_client(), app.test_client()
    sign_in(leader, "limei")
    page = tick(leader, here_id, wang, "in")
    assert "此人在这个时间已报名别的班次" in page
    assert "别处的活动" not in page
    assert "请先取消那一个" not in page.replace("负责人先取消那一个", "")
    assert "此人还没有签到，不能签退。" in tick(leader, here_id, wang, "out")
    sign_in(person, "wang")
    with app.app_context(), transaction(write=False):
        shift = db.session.get_one(type(here), here_id).shifts[0].id
    sent = hidden(person, f"/e/{here_id}")
    answer = person.post(
        f"/shifts/{shift}/sign-up",
        data=sent,
        headers={"Referer": f"http://localhost/e/{here_id}"},
    )
    assert answer.status_code == 303
    assert "请先取消那一个；已在那里签到的，请先签退。" in person.get(answer.location).get_data(
        as_text=True
    )


def test_a_refused_button_keeps_the_reason_that_was_typed(
    client: FlaskClient, town: Things
) -> None:
    sign_in(client, "zhoujing")
    with client.application.app_context(), transaction(write=False):
        area_id = db.session.get_one(Volunteer, town.volunteer_id).area_id
    here, words = f"/areas/{area_id}", "并入北边的社区，居委会已盖章"
    path = f"{here}/close"
    page = client.get(here).get_data(as_text=True)
    assert typed_into(page, path) == {"state_reason": ""}
    sent = hidden(client, here) | {"state_reason": words}
    answer = client.post(path, data=sent, headers={"Referer": f"http://localhost{here}"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'class="problem"' not in text
    assert "这个区域还在用" in text
    assert typed_into(text, path) == {"state_reason": words}
    # What was refused stands open, so that it is seen.
    opened = re.split(r'<details class="confirm" open>', text)[1]
    assert f'action="{path}"' in opened.partition("</details>")[0]
    # It was sent to an address that shows nothing: the second refusal finds the page too.
    again = dict(re.findall(r'name="(csrf_token|page_of_form)" value="([^"]+)"', text))
    assert again["page_of_form"] == here
    sent = {"csrf_token": again["csrf_token"], "page_of_form": here, "state_reason": words}
    answer = client.post(path, data=sent, headers={"Referer": f"http://localhost{path}"})
    assert typed_into(answer.get_data(as_text=True), path) == {"state_reason": words}


@pytest.mark.parametrize("named", ["http://elsewhere.example/a", "//elsewhere.example", "", "/x"])
def test_a_form_names_no_page_elsewhere(client: FlaskClient, town: Things, named: str) -> None:
    sign_in(client, "zhoujing")
    path = "/areas/1/close"
    sent = hidden(client, "/teams") | {"page_of_form": named, "state_reason": "x" * 300}
    answer = client.post(path, data=sent, headers={"Referer": f"http://localhost{path}"})
    assert "elsewhere" not in (answer.location or "")
    assert "elsewhere" not in answer.get_data(as_text=True)
