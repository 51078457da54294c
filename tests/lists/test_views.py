"""What readers keep of lists: columns and size, their own views, those of their office."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make
from tests.make import MORNING, acting
from tests.signing import hidden, sign_in
from volunteer_service.db import db, transaction
from volunteer_service.errors import NotAllowed, NotFound, Refused
from volunteer_service.journal import Entry
from volunteer_service.lists import asking
from volunteer_service.lists.registry import LISTS
from volunteer_service.lists.views import displays, refusals, saved_views
from volunteer_service.lists.views.view_models import ListView
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Grant
from volunteer_service.visible_text import NothingSaid


def saved(by: Actor, name: str, office: int | None = None, **args: str) -> ListView:
    asked = asking.read(LISTS["people"], args, [], by=by)
    pairs = saved_views.parameters(asked, args, is_dense=False)
    return saved_views.save(asked, name, pairs, office, by=by, at=MORNING)


def names(by: Actor) -> list[str]:
    return [each.name for each in saved_views.offered(LISTS["people"], by=by)]


def test_a_view_keeps_filters_order_and_columns_and_no_searched_name(session: None) -> None:
    by = acting(make.cast().coordinator)
    row = saved(by, "在册", q="王建国", team="先锋队", state="active", sort="-name", page="3")
    kept = [tuple(pair) for pair in row.asked]
    assert kept[:2] == [("state", "active"), ("sort", "-name")]
    assert {key for key, _value in kept} == {"state", "sort", "col", "size"}
    assert "王建国" not in str(row.asked)
    assert "先锋队" not in str(row.asked)


def test_a_view_opens_the_same_rows_again(session: None) -> None:
    by = acting(make.cast().coordinator)
    row = saved(by, "离开的", state="", sort="-name")
    again = {key: value for key, value in row.asked if key != "col"}
    asked = asking.read(LISTS["people"], again, [], by=by)
    assert (asked.value("state"), asked.sort) == (None, "-name")


def test_ones_own_view_is_nobody_elses(session: None) -> None:
    cast = make.cast()
    boss, colleague = acting(cast.coordinator), acting(cast.admin)
    row = saved(boss, "我的")
    assert names(boss) == ["我的"]
    assert names(colleague) == []
    with pytest.raises(NotFound):
        saved_views.remove(row.id, by=colleague, at=MORNING)
    saved_views.remove(row.id, by=boss, at=MORNING)
    assert names(boss) == []


def test_an_office_shares_its_views_and_no_other_street_sees_them(session: None) -> None:
    cast = make.cast()
    boss = acting(cast.coordinator)
    below = acting(make.account("below", "周强", role="coordinator", area=cast.elsewhere))
    there = acting(make.account("other", "何静", role="coordinator", area=make.area("东街道")))
    admin = acting(cast.admin)
    row = saved(boss, "本街道的", cast.town.id)
    assert row.area_id == cast.town.id
    assert [names(by) for by in (boss, below, admin)] == [["本街道的"]] * 3
    assert names(there) == []
    for by, expected in ((below, NotAllowed), (there, NotFound)):
        with pytest.raises(expected):
            saved_views.remove(row.id, by=by, at=MORNING)
    assert names(below) == ["本街道的"]


def test_who_keeps_several_streets_chooses_the_office(session: None) -> None:
    cast, street = make.cast(), make.area("东街道")
    account = make.account("both", "总管", role="admin", area=cast.town)
    db.session.add(Grant(account_id=account.id, role="admin", area_id=street.id))
    db.session.flush()
    there = acting(make.account("other", "何静", role="coordinator", area=street))
    by = acting(account)
    offices = saved_views.offices(asking.read(LISTS["people"], {}, [], by=by))
    assert {each.id for each in offices} == {cast.town.id, street.id}
    saved(by, "那边的", street.id)
    assert (names(by), names(there)) == (["那边的"], ["那边的"])
    assert names(acting(cast.coordinator)) == []


def test_nobody_shares_with_an_office_that_is_not_theirs(session: None) -> None:
    cast, street = make.cast(), make.area("东街道")
    below = acting(make.account("below", "周强", role="coordinator", area=cast.elsewhere))
    for office, expected in ((street, NotFound), (cast.town, NotFound)):
        with pytest.raises(expected):
            saved(below, "大家的", office.id)
    with pytest.raises(NotAllowed):
        saved(acting(cast.desk), "大家的", cast.town.id)
    assert db.session.query(ListView).count() == 0


def test_a_name_that_one_has_is_replaced(session: None) -> None:
    cast = make.cast()
    by = acting(cast.coordinator)
    saved(by, "视图", sort="name")
    saved(by, "视图", sort="-name")
    saved(by, "视图", cast.town.id)
    assert names(by) == ["视图", "视图"]
    own = [each for each in saved_views.offered(LISTS["people"], by=by) if each.area_id is None]
    assert ["sort", "-name"] in own[0].asked


@pytest.mark.parametrize(
    ("name", "refused"), [("", NothingSaid), ("　", NothingSaid), ("长" * 41, Refused)]
)
def test_a_view_has_a_name(session: None, name: str, refused: type[Refused]) -> None:
    by = acting(make.cast().coordinator)
    with pytest.raises(refused) as told:
        saved(by, name)
    assert told.value.field == "name"


def test_an_account_keeps_only_so_many(session: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_views, "MOST", 1)
    by = acting(make.cast().coordinator)
    saved(by, "一")
    with pytest.raises(refusals.TooManyViews):
        saved(by, "二")
    saved(by, "一", sort="-name")


def test_saving_and_removing_stand_in_the_journal(session: None) -> None:
    by = acting(make.cast().coordinator)
    row = saved(by, "我的")
    saved_views.remove(row.id, by=by, at=MORNING)
    db.session.flush()
    query = db.select(Entry.verb).where(Entry.verb.startswith("lists.")).order_by(Entry.id)
    assert db.session.scalars(query).all() == ["lists.save_view", "lists.remove_view"]


def test_what_is_chosen_for_a_list_is_this_lists_and_this_accounts(session: None) -> None:
    cast = make.cast()
    by, people = acting(cast.coordinator), LISTS["people"]
    displays.keep(people, ["phone", "name", "nonsense"], 77, is_dense=True, by=by)
    found = displays.of(people, by=by)
    assert found is not None
    assert (found.shown, found.size, found.is_dense) == (["name", "phone"], 30, True)
    assert displays.of(LISTS["teams"], by=by) is None
    assert displays.of(people, by=acting(cast.li_mei)) is None
    displays.forget(people, by=by)
    assert displays.of(people, by=by) is None


@pytest.fixture
def street_id(app: Flask) -> int:
    with app.app_context(), transaction():
        return make.cast().town.id


def headings(page: str) -> list[str]:
    return re.findall(r'role="columnheader"[^>]*>(?:<a[^>]*>)?([^<↑↓]+)', page)


def test_columns_size_and_density_stay_until_they_are_reset(
    street_id: int, client: FlaskClient
) -> None:
    sign_in(client, "zhoujing")
    declared = headings(client.get("/people").get_data(as_text=True))
    form = hidden(client, "/people") | {"back": "/people?state=active", "size": "50", "dense": "1"}
    sent = {**form, "col": ["name", "phone"]}
    answer = client.post("/lists/people/display", data=sent)
    assert (answer.status_code, answer.location) == (303, "/people?state=active")
    for path in ("/people", "/lists/people"):
        page = client.get(path).get_data(as_text=True)
        assert [each.strip() for each in headings(page)] == ["姓名", "手机号"]
        assert "<option selected>50" in page
        assert "table-dense" in page
    file = client.get("/lists/people.csv", buffered=True).data.decode("utf-8-sig")
    assert file.splitlines()[0] == "姓名,手机号"
    # An address that names its columns is shown as it says.
    page = client.get("/people?col=number&size=100").get_data(as_text=True)
    assert [each.strip() for each in headings(page)] == ["姓名", "编号"]
    assert "table-dense" not in page
    reset = hidden(client, "/people") | {"back": "/people", "reset": "1"}
    assert client.post("/lists/people/display", data=reset).status_code == 303
    assert headings(client.get("/people").get_data(as_text=True)) == declared


def test_nobody_is_led_away_from_here(street_id: int, client: FlaskClient) -> None:
    sign_in(client, "zhoujing")
    form = hidden(client, "/people") | {"back": "https://elsewhere.example/"}
    assert client.post("/lists/people/display", data=form).location == "/"


def test_a_view_is_saved_opened_and_removed_at_the_page(
    street_id: int, client: FlaskClient
) -> None:
    sign_in(client, "zhoujing")
    asked = {"name": "按姓名", "area_id": str(street_id), "back": "/people"}
    form = hidden(client, "/people") | asked
    answer = client.post("/lists/people/views?sort=-name&q=王&size=50", data=form)
    assert (answer.status_code, answer.location) == (303, "/people")
    page = unescape(client.get("/people").get_data(as_text=True))
    assert "按姓名" in page
    [url] = re.findall(r'href="(/people\?[^"]*sort=-name[^"]*size=50[^"]*)"', page)
    opened = unescape(client.get(url).get_data(as_text=True))
    assert 'aria-sort="descending"' in opened
    assert 'aria-current="true">按姓名' in opened
    [remove] = re.findall(r'action="(/lists/views/\d+/remove)"', opened)
    assert client.post(remove, data=hidden(client, "/people")).status_code == 303
    assert "/remove" not in client.get("/people").get_data(as_text=True)


def test_a_name_that_is_missing_is_told_on_the_page(street_id: int, client: FlaskClient) -> None:
    sign_in(client, "zhoujing")
    form = hidden(client, "/people") | {"name": " ", "back": "/people"}
    headers = {"Referer": "http://localhost/people"}
    answer = client.post("/lists/people/views", data=form, headers=headers)
    told = answer if answer.status_code == 422 else client.get("/people")
    assert "请写明内容" in told.get_data(as_text=True)
