"""The story of a thing: who did what, when, and what it was before."""

from datetime import date

from flask import Flask
from flask.testing import FlaskClient

from tests import make, make_points, signing
from volunteer_service import clock
from volunteer_service.db import transaction
from volunteer_service.events import post_requirements
from volunteer_service.people.authentication import accounts
from volunteer_service.scoring.rewards import gifts
from volunteer_service.stories import reading
from volunteer_service.teams import founding


def _renamed(cast: make.Cast) -> int:
    plan = founding.TeamPlan(
        name="新名字助老队",
        area_id=cast.team.area_id,
        recording_unit=cast.team.recording_unit,
        founded_on=date(2020, 1, 2),
        brand="邻里守望",
    )
    by = make.acting(cast.coordinator)
    founding.edit(cast.team.id, plan, version=cast.team.version, by=by, at=clock.now())
    return cast.team.id


def test_an_edit_of_a_team_tells_old_and_new(app: Flask) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        old = cast.team.name
        team_id = _renamed(cast)
        story = reading.story("team", team_id, by=make.acting(cast.li_mei), at=clock.now())
        assert story.name == "新名字助老队"
        act = story.acts.items[0]
        assert (act.words.message, act.who) == ("编辑队伍", "周静")
        told = {fact.name: (fact.before, fact.value) for fact in act.facts}
        assert told["name"] == (old, "新名字助老队")
        assert told["founded_on"] == (None, "2020-01-02")
        assert told["brand"] == (None, "邻里守望")
        assert "area" not in told


def test_an_edit_of_a_gift_tells_both_prices(app: Flask) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        gift = make_points.gift(cast)
        before = gift.price_centi
        gifts.edit_gift(
            gift.id,
            version=gift.version,
            name=gift.name,
            price_centi=before + 100,
            minimum_stars=gift.minimum_stars,
            state=gift.state,
            by=make.acting(cast.desk),
            at=clock.now(),
        )
        found = reading.story("gift", gift.id, by=make.acting(cast.desk), at=clock.now()).acts
        told = [(f.name, f.unit, f.before, f.value) for f in found.items[0].facts]
        assert ("price_centi", "points", before, before + 100) in told


def test_a_move_of_stock_and_what_a_post_asks_keep_old_and_new(app: Flask) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        gift = make_points.gift(cast)
        before, by = gift.stock, make.acting(cast.desk)
        gifts.receive(gift.id, 3, by=by, at=clock.now())
        found = reading.story("gift", gift.id, by=by, at=clock.now()).acts
        told = [(f.name, f.before, f.value) for f in found.items[0].facts]
        assert ("stock", before, before + 3) in told
        event, leader = make.event(team=cast.team, leader=cast.li_mei), make.acting(cast.li_mei)
        wanted = post_requirements.Requirements(min_age=16)
        post_requirements.require(event.posts[0].id, wanted, by=leader, at=clock.now())
        found = reading.story("event", event.id, by=leader, at=clock.now()).acts
        told = [(f.name, f.before, f.value) for f in found.items[0].facts]
        assert ("min_age", 0, 16) in told


def test_a_volunteers_own_act_names_nobody(app: Flask) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        by = make.acting(cast.wang_account)
        accounts.sign_out_everywhere(cast.wang_account.id, by=by, at=clock.now())
        found = reading.story(
            "account", cast.wang_account.id, by=make.acting(cast.admin), at=clock.now()
        ).acts
        assert getattr(found.items[0].who, "message", None) == "一位志愿者"


def test_the_page_and_the_api_tell_the_same(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        old = cast.team.name
        team_id = _renamed(cast)
        key = signing.token_for(cast.coordinator, "read")
    signing.sign_in(client, "zhoujing")
    page = client.get(f"/teams/{team_id}/story").get_data(as_text=True)
    assert f"<del>{old}</del> → 新名字助老队" in page
    assert "teams.edit" not in page
    answer = client.get(f"/api/v1/teams/{team_id}/story", headers=key).get_json()
    facts = answer["items"][0]["facts"]
    assert {
        "name": "name",
        "label": "名称",
        "unit": "text",
        "before": old,
        "value": "新名字助老队",
    } in facts


def test_who_may_not_see_the_thing_reads_no_story(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        team_id, other = cast.team.id, cast.other_team.id
        person = cast.zhao.id
    signing.sign_in(client, "limei")
    assert client.get(f"/teams/{team_id}/story").status_code == 200
    assert client.get(f"/teams/{other}/story").status_code in (403, 404)
    assert client.get(f"/people/{person}/story").status_code in (403, 404)


def test_the_list_of_the_journal_says_acts_in_words(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        _renamed(make.cast())
    signing.sign_in(client, "admin")
    page = client.get("/lists/journal").get_data(as_text=True)
    assert "编辑队伍" in page
    assert "teams.edit" not in page
