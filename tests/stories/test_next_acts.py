"""What a story says beside the acts: old and new of later changes, both objects, what is next."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make, signing
from tests.make_changes import second_shift
from volunteer_service import clock
from volunteer_service.db import transaction
from volunteer_service.events import rescheduling
from volunteer_service.people.changes import person_changes, person_values
from volunteer_service.people.changes.person_edits import PersonEdit
from volunteer_service.stories import next_acts, reading
from volunteer_service.stories.fact_words import of_code
from volunteer_service.teams import placing
from volunteer_service.web.stories import act_links


def test_every_act_has_words_and_a_page() -> None:
    assert set(act_links.PAGES) == set(next_acts.WORDS)
    assert set(next_acts.OPEN) == set(reading.STORIES)


def test_a_moved_event_and_a_larger_shift_tell_old_and_new(app: Flask) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        event = make.event(team=cast.team, leader=cast.li_mei)
        by, before = make.acting(cast.li_mei), make.MORNING - timedelta(days=2)
        shift, starts = event.shifts[0], event.starts_at
        rescheduling.edit_shift(
            shift.id,
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
            capacity=shift.capacity + 5,
            reason="人多",
            by=by,
            at=before,
        )
        later = starts + timedelta(days=1)
        rescheduling.put_off(event.id, starts_at=later, reason="下雨", by=by, at=before)
        found = reading.story("event", event.id, by=by, at=before).acts.items
        moved = {fact.name: (fact.before, fact.value) for fact in found[0].facts}
        assert moved["starts_at"] == (starts.isoformat(), later.isoformat())
        assert moved["reason"] == (None, "下雨")
        larger = {fact.name: (fact.before, fact.value) for fact in found[1].facts}
        assert larger["capacity"] == (shift.capacity - 5, shift.capacity)
        assert "starts_at" not in larger


def test_a_removed_shift_tells_when_it_was(app: Flask) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        event = make.event(team=cast.team, leader=cast.li_mei)
        by, before = make.acting(cast.li_mei), make.MORNING - timedelta(days=2)
        other = second_shift(cast, event)
        rescheduling.remove_shift(other.id, reason="人手不够", by=by, at=before)
        act = reading.story("event", event.id, by=by, at=before).acts.items[0]
        told = {fact.name: (fact.before, fact.value) for fact in act.facts}
        assert told["shift_starts_at"] == (other.starts_at.isoformat(), None)


def test_a_change_of_a_person_shows_masked_old_and_new(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        id_, by = cast.zhao.id, make.acting(cast.coordinator)
        seen = person_values.mark(cast.zhao, "name")
        edit = PersonEdit(field="name", name="赵晓芳", reason="登记写错", seen=seen)
        person_changes.change_person(id_, edit, by=by, at=clock.now())
        auditor = replace(make.acting(cast.auditor), purpose="半年抽查")
        told = reading.story("person", id_, by=by, at=clock.now()).acts.items[0].facts
        assert [fact.label.message for fact in told if fact.before is not None] == ["姓名"]
        masked = reading.story("person", id_, by=auditor, at=clock.now()).acts.items[0].facts
        assert (masked[0].label.message, masked[0].value.message) == ("更改的项目", "姓名")
        assert [fact.before for fact in masked] == [None, None]
    signing.sign_in(client, "zhoujing")
    assert "赵晓芳" in client.get(f"/people/{id_}/story").get_data(as_text=True)


def test_an_act_about_two_things_is_in_both_stories(app: Flask) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        by = make.acting(cast.coordinator)
        event = make.event(team=cast.team, leader=cast.li_mei)
        placing.place(cast.team.id, [cast.zhao.id], by=by, at=clock.now())
        at = clock.now()
        of_team = reading.story("team", cast.team.id, by=by, at=at).acts.items
        of_person = reading.story("person", cast.zhao.id, by=by, at=at).acts.items
        assert of_team[0].id == of_person[0].id
        assert not reading.story("event", event.id, by=by, at=at).acts.items


def test_only_what_the_reader_may_do_is_next(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        at, team_id = clock.now(), cast.team.id

        def codes(account: object) -> list[str]:
            told = reading.story("team", team_id, by=make.acting(account), at=at)
            return [each.code for each in told.may]

        assert codes(cast.li_mei) == ["add_members", "write", "print_cards"]
        assert "merge_team" in codes(cast.coordinator)
        key = signing.token_for(cast.li_mei, "read")
    signing.sign_in(client, "limei")
    page = client.get(f"/teams/{team_id}/story").get_data(as_text=True)
    assert f'href="/teams/{team_id}/add"' in page
    assert f"/teams/{team_id}/merge" not in page
    may = client.get(f"/api/v1/teams/{team_id}/story", headers=key).get_json()["may"]
    assert may[0] == {"code": "add_members", "words": "加入队员"}


@pytest.mark.parametrize("kind", sorted(next_acts.OPEN))
def test_each_link_of_each_story_leads_to_a_page(app: Flask, kind: str) -> None:
    with app.test_request_context("/"):
        for code in act_links.PAGES:
            assert act_links.url(code, 1).startswith("/")
    assert kind in reading.STORIES


def test_a_state_is_told_in_words_of_its_subject_or_not_at_all() -> None:
    assert of_code("sign_ups", "state", "waiting").message == "候补"
    assert of_code("service_records", "state", "waiting").message == "待确认"
    assert of_code("objections", "state", "dismissed").message == "维持原结果"
    assert of_code("objections", "state", "never_heard_of") is None
    assert of_code("teams", "text", "never_heard_of") == "never_heard_of"
