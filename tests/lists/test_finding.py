"""One text finds people, teams, events, certificates, orders, rounds, pages, within rights."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make, make_ratings
from tests.make import acting
from tests.signing import sign_in, token_for
from tests.statements import counted
from volunteer_service.db import transaction
from volunteer_service.lists.finding import AT_MOST, Section, find, half_year
from volunteer_service.people.authorization.actor import Actor


def by_name(text: str, by: Actor) -> dict[str, Section]:
    return {each.name: each for each in find(text, by=by)}


@pytest.fixture
def street(app: Flask) -> None:
    with app.app_context(), transaction():
        make.cast()


def test_each_role_finds_what_its_lists_hold(session: None) -> None:
    cast = make.cast()
    make.event(team=cast.team, leader=cast.li_mei, title="王家桥护学")
    assert set(by_name("王", acting(cast.coordinator))) == {"people", "events"}
    assert set(by_name("王", acting(cast.auditor))) == {"people", "events"}
    assert set(by_name("王", acting(cast.li_mei))) == {"events"}
    assert set(by_name("王", acting(cast.desk))) == set()
    assert set(by_name("庆丰", acting(cast.desk))) == {"teams"}
    assert set(by_name("庆丰", acting(cast.wang_account))) == {"teams"}


def test_a_street_sees_nobody_of_another(session: None) -> None:
    cast = make.cast()
    other = make.area("东湖街道")
    stranger = make.account("other", "何静", role="coordinator", area=other)
    make.event(team=cast.team, leader=cast.li_mei, title="王家桥护学").state = "draft"
    assert find("王", by=acting(stranger)) == []
    assert find(cast.wang.number, by=acting(stranger)) == []
    assert by_name(cast.wang.number, acting(cast.coordinator))["people"].rows


def test_five_of_25_namesakes_are_shown_and_the_asked_number_is_first(session: None) -> None:
    cast = make.cast()
    same = [make.volunteer("陈静", team=cast.team) for _ in range(25)]
    by = acting(cast.coordinator)
    section = by_name("陈静", by)["people"]
    assert (len(section.rows), section.is_more) == (AT_MOST, True)
    last = by_name(same[-1].number, by)["people"]
    assert (last.rows[0].id, last.is_more) == (same[-1].id, False)


def test_the_name_that_is_the_text_goes_before_those_that_hold_it(session: None) -> None:
    cast = make.cast()
    for n in range(7):
        make.team(f"A{n} 护学", area=cast.community)
    exact = make.team("护学", area=cast.community)
    assert by_name("护学", acting(cast.coordinator))["teams"].rows[0].id == exact.id


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("close 2026H1", "2026H1"),
        ("2026h2", "2026H2"),
        ("签发2026年上半年", "2026H1"),
        ("2026下半年", "2026H2"),
        ("12026H1", None),
        ("2026H12", None),
        ("2026", None),
    ],
)
def test_a_half_year_is_read_in_every_spelling(text: str, found: str | None) -> None:
    assert half_year(text) == found


@pytest.mark.parametrize("text", ["", "  ", "\0", "%", "_", "'", "王" * 1000])
def test_what_names_nothing_finds_nothing(session: None, text: str) -> None:
    assert find(text, by=acting(make.cast().coordinator)) == []


def test_the_page_names_pages_and_links_to_the_whole_list(
    app: Flask, street: None, client: FlaskClient
) -> None:
    with app.app_context(), transaction():
        team = make.team("陈家队", area=make.area("庆余街道"))
        leader = make.account("chen", "陈红")
        for _ in range(6):
            make.event(team=team, leader=leader, title="陈家活动")
    sign_in(client, "admin")
    page = client.get("/find?q=陈家").get_data(as_text=True)
    assert 'href="/lists/events?q=%E9%99%88%E5%AE%B6"' in page
    page = client.get("/find?q=导入").get_data(as_text=True)
    assert '<a href="/imports">导入</a>' in page
    assert "没有找到" in client.get("/find?q=zzqqxx").get_data(as_text=True)
    assert "例如" in client.get("/find").get_data(as_text=True)


def test_a_page_takes_at_most_40_statements(app: Flask, street: None, client: FlaskClient) -> None:
    sign_in(client, "zhoujing")
    for text in ("王", "close 2026H1"):
        with counted(app) as said:
            assert client.get(f"/find?q={text}").status_code == 200
        assert 0 < len(said) <= 40


def test_only_staff_have_the_field(app: Flask, street: None, client: FlaskClient) -> None:
    sign_in(client, "sunli")
    assert "data-find" in client.get("/events").get_data(as_text=True)
    volunteer = app.test_client()
    sign_in(volunteer, "wang")
    assert "data-find" not in volunteer.get("/events").get_data(as_text=True)
    assert volunteer.get("/find?q=王").status_code == 404


def test_a_half_year_leads_to_its_round_within_ones_rights(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        id_ = make_ratings.round_at("open", cast).id
        make.account("other", "何静", role="coordinator", area=make.area("东湖街道"))
    sign_in(client, "zhoujing")
    page = client.get("/find?q=close 2026H1").get_data(as_text=True)
    assert f'<a href="/ratings/{id_}">2026H1' in page
    for login in ("other", "limei", "sunli"):
        reader = app.test_client()
        sign_in(reader, login)
        assert f"/ratings/{id_}" not in reader.get("/find?q=2026H1").get_data(as_text=True)


def test_the_api_finds_the_same(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        id_, number, headers = cast.wang.id, cast.wang.number, token_for(cast.coordinator)
        theirs = token_for(cast.wang_account)
    answer = client.get(f"/api/v1/find?q={number}", headers=headers)
    assert answer.get_json()["sections"] == [
        {
            "name": "people",
            "title": "志愿者",
            "is_more": False,
            "items": [{"id": id_, "name": "王建国", "number": number, "area": "庆丰社区"}],
        }
    ]
    assert client.get(f"/api/v1/find?q={number}", headers=theirs).get_json() == {"sections": []}
    assert client.get(f"/api/v1/find?q={'9' * 401}", headers=headers).status_code == 422
