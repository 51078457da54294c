"""Pages on which what is registered about a person is changed, approved and read again."""

import io
import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from tests import make, signing
from volunteer_service.db import db, transaction
from volunteer_service.people.changes.change_models import PersonChange
from volunteer_service.people.models import Consent, Guardian, Look, Volunteer

NEW = "13912345678"
CARD = "980101199003071235"


@pytest.fixture
def wang(app: Flask) -> int:
    """王建国's id, in the town of the cast."""
    with app.app_context(), transaction():
        return make.cast().wang.id


@pytest.fixture
def office(app: Flask, client: FlaskClient, wang: int) -> FlaskClient:
    """周静 at her desk."""
    signing.sign_in(client, "zhoujing")
    return client


def browser(app: Flask, login: str) -> FlaskClient:
    found = app.test_client()
    signing.sign_in(found, login)
    return found


def form_of(client: FlaskClient, path: str) -> dict[str, str]:
    """Every hidden value of the page."""
    page = client.get(path).get_data(as_text=True)
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    return signing.hidden(client, path) | ({"seen": seen[1]} if seen else {})


def ask(client: FlaskClient, wang: int, field: str, **to: str):
    form = form_of(client, f"/people/{wang}/changes?field={field}")
    values = {"field": field, "reason": "本人当面说的"} | to
    return client.post(f"/people/{wang}/changes", data=form | values)


def page(client: FlaskClient, path: str) -> str:
    return client.get(path).get_data(as_text=True)


def row_of(app: Flask, number: int = 1) -> PersonChange:
    with app.app_context():
        return db.session.get_one(PersonChange, number)


def test_a_phone_is_changed_and_its_history_is_masked(
    app: Flask, office: FlaskClient, wang: int
) -> None:
    assert ask(office, wang, "phone", phone=NEW, in_hand="1").status_code == 303
    shown = page(office, f"/people/{wang}/changes")
    assert "139****5678" in shown
    assert NEW not in shown
    with app.app_context():
        person = db.session.get_one(Volunteer, wang)
        assert (person.phone, person.phone_confirmed_at is None) == (NEW, False)


def test_a_stale_form_comes_back_with_what_is_now_and_what_was_typed(
    app: Flask, office: FlaskClient, wang: int
) -> None:
    path = f"/people/{wang}/changes"
    stale = form_of(office, f"{path}?field=phone")
    assert ask(browser(app, "qianwei"), wang, "phone", phone=NEW).status_code == 303
    typed = {"field": "phone", "phone": "13900000009", "reason": "换了号码"}
    answer = office.post(path, data=stale | typed)
    said = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "这一项刚被别人改过，现在是：139****5678" in said
    assert 'value="13900000009"' in said
    assert 'value="换了号码"' in said
    fresh = re.search(r'name="seen" value="([^"]+)"', said)
    assert fresh is not None
    assert office.post(path, data=stale | typed | {"seen": fresh[1]}).status_code == 303


def test_what_is_wrong_stands_at_its_field(office: FlaskClient, wang: int) -> None:
    answer = ask(office, wang, "identity", identity="123")
    said = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="e-identity"' in said
    assert 'value="123"' in said
    answer = ask(office, wang, "born_on", born_on="2020-01-01", guardian_name="王大")
    assert answer.status_code == 422
    assert 'id="e-guardian_phone"' in answer.get_data(as_text=True)


def test_a_number_is_asked_for_seen_in_plain_with_a_reason_and_approved(
    app: Flask, office: FlaskClient, wang: int
) -> None:
    assert ask(office, wang, "identity", identity=CARD).status_code == 303
    assert "由别人决定" not in page(office, "/people/changes/1")
    assert "撤回后登记不变" in page(office, "/people/changes/1")
    second = browser(app, "qianwei")
    assert "980101********1235" in page(second, "/people/changes")
    assert CARD not in page(second, "/people/changes/1")
    look = signing.hidden(second, "/people/changes/1") | {"why": "核对证件"}
    told = second.post("/people/changes/1/reveal", data=look).get_data(as_text=True)
    assert CARD in told
    with app.app_context():
        looked = db.session.scalars(select(Look)).one()
        assert (looked.field, looked.volunteer_id, looked.why) == ("change", wang, "核对证件")
    form = signing.hidden(second, "/people/changes/1") | {"approve": "true"}
    assert second.post("/people/changes/1/decide", data=form).status_code == 303
    with app.app_context():
        assert db.session.get_one(Volunteer, wang).identity == CARD
    assert "更改记录" in page(browser(app, "wang"), "/me")


def test_who_asked_does_not_approve_and_takes_it_back(
    app: Flask, office: FlaskClient, wang: int
) -> None:
    ask(office, wang, "name", name="王建军")
    form = signing.hidden(office, "/people/changes/1")
    answer = office.post("/people/changes/1/decide", data=form | {"approve": "true"})
    assert answer.status_code == 422
    assert "须由另一个人办理" in answer.get_data(as_text=True)
    form = signing.hidden(office, "/people/changes/1")
    assert office.post("/people/changes/1/withdraw", data=form).status_code == 303
    assert row_of(app).state == "withdrawn"


def test_the_first_page_says_what_waits_for_others(
    app: Flask, office: FlaskClient, wang: int
) -> None:
    assert "等待批准的资料更改" not in page(office, "/")
    ask(office, wang, "name", name="王建军")
    assert "等待批准的资料更改" not in page(office, "/")
    assert "等待批准的资料更改" in page(browser(app, "qianwei"), "/")


def test_a_refusal_says_why(app: Flask, office: FlaskClient, wang: int) -> None:
    ask(office, wang, "name", name="王建军")
    second = browser(app, "qianwei")
    form = signing.hidden(second, "/people/changes/1") | {"approve": "false"}
    answer = second.post("/people/changes/1/decide", data=form)
    assert (answer.status_code, row_of(app).state) == (422, "waiting")
    form = signing.hidden(second, "/people/changes/1") | {"approve": "false", "answer": "证件不符"}
    assert second.post("/people/changes/1/decide", data=form).status_code == 303
    assert row_of(app).state == "refused"
    mine = page(browser(app, "wang"), "/me/changes")
    assert "证件不符" in mine
    assert "王建军" in mine


def test_a_paper_consent_says_who_saw_it(app: Flask, office: FlaskClient, wang: int) -> None:
    path = f"/people/{wang}/changes"
    form = signing.hidden(office, path)
    paper = {"purpose": "publish", "is_given": "true", "paper_reason": "5月16日签字"}
    target = f"/people/{wang}/paper-consents"
    assert office.post(target, data=form | {"purpose": "publish"}).status_code == 422
    assert office.post(target, data=form | paper).status_code == 303
    with app.app_context():
        given = db.session.scalars(select(Consent).where(Consent.purpose == "publish")).one()
        assert (given.how, given.withdrawn_at) == ("paper", None)
    mine = page(browser(app, "wang"), "/me/changes")
    for words in ("在公示中列出：同意", "5月16日签字", "周静"):
        assert words in mine
    form = signing.hidden(office, path)
    assert office.post(target, data=form | paper | {"is_given": "false"}).status_code == 303
    with app.app_context():
        given = db.session.scalars(select(Consent).where(Consent.purpose == "publish")).one()
        assert given.withdrawn_at is not None


def test_a_paper_that_changes_nothing_is_not_said_to_be_stored(
    app: Flask, office: FlaskClient, wang: int
) -> None:
    """«Stored, and the person is told» would be untrue: the paper names another purpose."""
    form = signing.hidden(office, f"/people/{wang}/changes")
    paper = {"purpose": "publish", "is_given": "false", "paper_reason": "签字的撤回书"}
    sent = office.post(f"/people/{wang}/paper-consents", data=form | paper)
    assert sent.status_code == 422
    words = sent.get_data(as_text=True)
    assert "和现在登记的一样，没有改动" in words
    assert "签字的撤回书" in words
    assert "签字的撤回书" not in page(browser(app, "wang"), "/me/changes")


def test_one_s_own_phone_on_the_phone_page(app: Flask, wang: int) -> None:
    mine, other = browser(app, "wang"), browser(app, "wang")
    form = form_of(mine, "/me/phone")
    wrong = mine.post("/me/phone", data=form | {"phone": NEW, "present": "not this one"})
    assert wrong.status_code == 422
    assert f'value="{NEW}"' in wrong.get_data(as_text=True)
    right = form | {"phone": NEW, "present": make.PASSWORD}
    assert mine.post("/me/phone", data=right).status_code == 303
    assert NEW in page(mine, "/me")
    assert other.get("/me").status_code == 302


@pytest.mark.parametrize("form", ["/me/move", "/people/{wang}/changes?field=home"])
def test_a_community_that_is_needed_is_not_called_optional(
    app: Flask, office: FlaskClient, wang: int, form: str
) -> None:
    who = browser(app, "wang") if form.startswith("/me") else office
    label = re.search(r'<label for="f-area_id">(.*?)</label>', page(who, form.format(wang=wang)))
    assert label
    assert "住在哪个社区" in label[1]
    assert "选填" not in label[1]


def test_a_move_is_asked_and_agreed_by_the_new_place(app: Flask, wang: int) -> None:
    with app.app_context(), transaction():
        there = db.session.scalars(select(make.Area).where(make.Area.name == "渤海社区")).one()
        make.account("there", "渤海管理员", role="coordinator", area=there)
        elsewhere = there.id
    mine = browser(app, "wang")
    form = form_of(mine, "/me/move") | {"area_id": str(elsewhere)}
    assert mine.post("/me/move", data=form).status_code == 303
    assert "等待批准" in page(mine, "/me/changes")
    office = browser(app, "there")
    assert office.get(f"/people/{wang}").status_code == 404
    assert "王建国" in page(office, "/people/changes")
    form = signing.hidden(office, "/people/changes/1") | {"approve": "true"}
    assert office.post("/people/changes/1/decide", data=form).status_code == 303
    assert office.get(f"/people/{wang}").status_code == 200


def test_the_auditor_takes_the_changes_along_and_changes_nothing(
    app: Flask, office: FlaskClient, wang: int
) -> None:
    ask(office, wang, "phone", phone=NEW)
    auditor = app.test_client()
    signing.audit(auditor, "wumin")
    assert "139****5678" in page(auditor, "/people/changes/all")
    assert "139****5678" not in page(auditor, "/people/changes/all?to_on=2020-01-01")
    with auditor.get("/people/changes.xlsx") as answer:
        book = load_workbook(io.BytesIO(answer.data))
    line = [cell.value for cell in list(book.active)[1]]
    assert line[2] == "王建国"
    assert line[6] == "139****5678"
    assert NEW not in map(str, line)
    for path in (f"/people/{wang}/changes", "/people/changes"):
        assert auditor.get(path).status_code == 404
    assert auditor.get("/people/changes/1").status_code == 200
    assert "半年抽查" in page(browser(app, "wang"), "/me")


def test_strangers_read_nothing(app: Flask, office: FlaskClient, wang: int) -> None:
    ask(office, wang, "phone", phone=NEW)
    for login in ("zhao", "limei", "sunli"):
        other = browser(app, login)
        assert other.get("/people/changes/1").status_code == 404
        assert other.get(f"/people/{wang}/changes").status_code == 404
    assert browser(app, "wang").get("/people/changes/1").status_code == 200


def test_one_s_own_export_holds_old_and_new_in_plain(
    app: Flask, office: FlaskClient, wang: int
) -> None:
    ask(office, wang, "phone", phone=NEW)
    held = browser(app, "wang").get("/me/export.json").get_json()["person_changes"]
    assert NEW in held[0]["now"]
    assert "was_key" not in held[0]


def test_a_phone_that_passed_on_is_offered_and_taken(
    app: Flask, office: FlaskClient, wang: int
) -> None:
    with app.app_context(), transaction():
        phone = db.session.get_one(Volunteer, wang).phone
        zhao = db.session.scalars(select(Volunteer.id).where(Volunteer.name == "赵芳")).one()
    ask(office, zhao, "phone", phone=phone or "")
    path = f"/people/{zhao}/changes"
    assert "号码换了人，归此人" in page(office, path)
    form = signing.hidden(office, path) | {"passed_reason": "换了机主"}
    assert office.post(f"/people/{zhao}/phone-passed-on", data=form).status_code == 303
    with app.app_context():
        assert db.session.get_one(Volunteer, wang).phone is None


def test_one_s_own_entry_has_no_forms(app: Flask, office: FlaskClient, wang: int) -> None:
    with app.app_context(), transaction():
        account = db.session.scalars(
            select(make.Account).where(make.Account.login == "zhoujing")
        ).one()
        other = db.session.scalars(select(make.Account).where(make.Account.login == "wang")).one()
        other.volunteer_id = None
        db.session.flush()
        account.volunteer_id = wang
    shown = page(office, f"/people/{wang}/changes?field=phone")
    assert "这是您自己的资料" in shown
    assert 'name="phone"' not in shown


def test_who_came_of_age_ends_the_guardianship_on_their_page(app, client) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        cast.wang.born_on = date(2005, 4, 1)
        db.session.add(Guardian(volunteer_id=cast.wang.id, name="王大", phone="13900000001"))
    signing.sign_in(client, "wang")
    assert "/me/guardian" in client.get("/me").get_data(as_text=True)
    form = form_of(client, "/me/guardian")
    assert "guardian_phone" not in form
    assert client.post("/me/guardian", data=form).status_code == 303
    page = client.get("/me").get_data(as_text=True)
    assert "监护人登记已结束。" in page
    assert "王大" not in page
    assert "没有登记监护人。" in client.get("/me/guardian").get_data(as_text=True)
