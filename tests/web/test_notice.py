"""The public notice as a stranger reads it: masked names of those who agreed, and no number."""

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make, make_ratings
from tests.make_doors import account_of
from tests.signing import hidden, sign_in
from volunteer_service.db import db, transaction
from volunteer_service.people.models import Volunteer
from volunteer_service.people.registrations import consents, registration
from volunteer_service.scoring.ratings.models import Round

IDENTITY = "98010119900307123X"
PHONE = "17055501234"


@dataclass(frozen=True)
class Town:
    """The round under notice, and whose names and numbers must not be read."""

    round_id: int
    wang_id: int
    silent: str
    hidden: tuple[str, ...]


@pytest.fixture
def town(app: Flask) -> Town:
    """王建国 agreed to be named; 孙晨 never did, 周全 took it back, 吴越 left, 郑和 never was."""
    with app.app_context(), transaction():
        cast = make.cast()
        cast.wang.phone, cast.wang.identity = PHONE, IDENTITY
        others = [make.volunteer(name, team=cast.team) for name in ("孙晨", "周全", "吴越", "郑和")]
        _silent, regretted, left, disowned = others
        for person in (cast.wang, *others):
            make_ratings.record(person, cast.team, 700)
        for person in (cast.wang, left, disowned):
            make_ratings.may_be_named(person)
        make_ratings.may_be_named(regretted, withdrawn=True)
        row = make_ratings.still_running(make_ratings.round_at("notice", cast))
        by = make.acting(cast.coordinator)
        consents.withdraw_consent(left.id, "register", by=by, at=make_ratings.JULY)
        registration.disown(disowned.id, by=by, at=make_ratings.JULY)
        numbers = [fact for person in others for fact in (person.name, person.number, person.phone)]
        hidden = (PHONE, "170****1234", IDENTITY, "7123X", cast.wang.number, "王建国", "李梅")
        return Town(row.id, cast.wang.id, "孙*", (*hidden, *map(str, numbers)))


def read(client: FlaskClient, town: Town) -> tuple[str, str]:
    """The page and the API's answer, without a sign-in."""
    page = client.get(f"/notice/{town.round_id}")
    answer = client.get(f"/api/v1/rounds/{town.round_id}/notice")
    assert (page.status_code, answer.status_code) == (200, 200)
    return page.get_data(as_text=True), answer.get_data(as_text=True)


def test_who_agreed_is_named_masked_and_the_others_are_counted(
    town: Town, client: FlaskClient
) -> None:
    page, answer = read(client, town)
    assert page.count("<li>王*国</li>") == 1
    assert 'class="star-names"><li>王*国</li></ul>' in page
    assert "另有 4 人未同意公开姓名" in page
    assert '"王*国"' in answer or "\\u738b*\\u56fd" in answer


def test_no_name_in_full_and_no_number_is_read(town: Town, client: FlaskClient) -> None:
    for said in read(client, town):
        for fact in (*town.hidden, town.silent, "周*", "吴*", "郑*"):
            assert fact not in said, fact


def test_a_staff_reader_sees_no_more_of_it(town: Town, app: Flask) -> None:
    client = app.test_client()
    sign_in(client, "zhoujing")
    page, _answer = read(client, town)
    assert "王*国" in page
    assert "王建国" not in page


def test_a_name_disappears_when_its_consent_does(
    town: Town, app: Flask, client: FlaskClient
) -> None:
    with app.app_context(), transaction():
        by = make.acting(account_of("w"))
        consents.withdraw_consent(town.wang_id, "publish", by=by, at=make.MORNING)
    page, answer = read(client, town)
    assert "王*国" not in page + answer
    assert "另有 5 人未同意公开姓名" in page


def test_names_are_text(town: Town, app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Volunteer, town.wang_id).name = "<b>王</b>"
    page, _answer = read(client, town)
    assert "<li>&lt;******&gt;</li>" in page


@pytest.mark.parametrize("state", ["open", "frozen", "draft"])
def test_before_it_is_published_there_is_nothing(
    app: Flask, client: FlaskClient, state: str
) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        make_ratings.record(cast.wang, cast.team, 700)
        make_ratings.may_be_named(cast.wang)
        row_id = make_ratings.round_at(state, cast).id
    assert client.get(f"/notice/{row_id}").status_code == 404
    assert client.get(f"/api/v1/rounds/{row_id}/notice").status_code == 404


def test_it_says_period_basis_office_and_who_signs_and_is_found_from_the_first_page(
    town: Town, app: Flask, client: FlaskClient
) -> None:
    with app.app_context(), transaction():
        row = db.session.get_one(Round, town.round_id)
        row.area.phone, row.area.address = "0856-5221234", "临江路 1 号"
        row.area.opening_hours = "周一至周五 9:00–17:00"
        area, ends = row.area.name, row.notice_ends_on
    page, _answer = read(client, town)
    for said in (
        *(
            "2026年1月1日",
            "2026年6月30日",
            "《志愿服务星级评定办法》",
            "第 1 版规则",
            "0856-5221234",
        ),
        *(
            "临江路 1 号",
            "周一至周五",
            f"{ends.year}年{ends.month}月{ends.day}日",
            area,
            "2026年7月1日",
        ),
    ):
        assert said in page, said
    first = client.get("/").get_data(as_text=True)
    assert f"/notice/{town.round_id}" in first
    with app.app_context(), transaction():
        row = db.session.get_one(Round, town.round_id)
        row.notice_ends_on = make_ratings.JULY.date()
    page, answer = read(client, town)
    assert "名单不再公开" in page
    assert "王*国" not in page + answer
    assert f"/notice/{town.round_id}" not in client.get("/").get_data(as_text=True)


def test_staff_write_down_a_consent_to_be_named_that_was_given_on_paper(
    town: Town, app: Flask
) -> None:
    client = app.test_client()
    sign_in(client, "zhoujing")
    with app.app_context(), transaction(write=False):
        silent = db.session.query(Volunteer).filter_by(name="孙晨").one().id
    before, _answer = read(client, town)
    assert before.count("孙*") == 0
    page = f"/people/{silent}/changes"
    form = {"purpose": "publish", "is_given": "true", "paper_reason": "登记表第 3 页有签名"}
    sent = client.post(f"/people/{silent}/paper-consents", data=form | hidden(client, page))
    assert sent.status_code == 303
    assert read(client, town)[0].count("<li>孙*</li>") == 1
