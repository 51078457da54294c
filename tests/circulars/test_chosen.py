"""The act «send a circular» on lists: previewed, one circular a batch, told why not."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from tests import make
from tests.lists.test_acts import begun, run
from tests.make import MORNING, acting
from volunteer_service.circulars import reading
from volunteer_service.circulars.models import CircularReceiver
from volunteer_service.circulars.refusals import TooManyReceivers
from volunteer_service.db import db
from volunteer_service.lists.acts import batches
from volunteer_service.people.models import Message, Volunteer
from volunteer_service.teams.models import Membership

WORDS = {"text": "周六在东门集合。"}


def place_of(person: Volunteer | None) -> int:
    assert person is not None
    query = select(Membership.id).where(Membership.volunteer_id == person.id)
    return db.session.scalars(query).one()


def told() -> list[int]:
    query = select(Message.volunteer_id).where(Message.kind == "circular")
    return sorted(db.session.scalars(query))


def test_who_left_is_named_with_the_reason_before_anything_is_sent(session: None) -> None:
    cast = make.cast()
    gone = make.volunteer("刘小雨", team=cast.team)
    gone.state = "left"
    for person in (cast.wang, gone):
        person.area_id = cast.community.id
    by = acting(cast.coordinator)
    row = begun(by, "people", "message", [cast.wang.id, gone.id], dict(WORDS))
    assert batches.counted(row) == {"fit": 1, "unfit": 1}
    [left] = batches.rows_of(row, "unfit", limit=9)
    assert left.trouble is not None
    assert (left.row_id, left.trouble["code"]) == (gone.id, "registration_ended")
    assert (told(), reading.sent_by(by).items) == ([], [])
    run(row, by)
    assert told() == [cast.wang.id]


def test_members_are_written_to_by_their_leader(session: None) -> None:
    cast = make.cast()
    by = acting(cast.li_mei)
    row = begun(by, "memberships", "message", [place_of(cast.wang)], dict(WORDS))
    run(row, by)
    assert told() == [cast.wang.id]
    [sent] = reading.sent_by(by).items
    assert (sent.text, sent.on_behalf_of) == (WORDS["text"], cast.team.name)


def test_sign_ups_of_one_person_get_one_copy(session: None) -> None:
    cast = make.cast()
    first = make.event(team=cast.team, leader=cast.li_mei, starts_at=MORNING)
    second = make.event(team=cast.team, leader=cast.li_mei, title="助老", starts_at=MORNING)
    rows = [make.sign_up(event, cast.wang).id for event in (first, second)]
    by = acting(cast.li_mei)
    row = begun(by, "sign_ups", "message", rows, dict(WORDS))
    run(row, by)
    assert batches.counted(row) == {"done": 1, "refused": 1}
    assert told() == [cast.wang.id]


def test_people_of_the_street_are_written_to_by_its_office_alone(session: None) -> None:
    cast = make.cast()
    for person in (cast.wang, cast.zhao):
        person.area_id = cast.community.id
    by = acting(cast.coordinator)
    row = begun(by, "people", "message", [cast.wang.id, cast.zhao.id], dict(WORDS))
    run(row, by)
    assert told() == sorted([cast.wang.id, cast.zhao.id])
    assert db.session.query(CircularReceiver).count() == 2


def test_more_than_the_day_s_rest_is_refused_before_anything_is_judged(
    app: Flask, session: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = make.cast()
    few = replace(app.extensions["settings"], receivers_a_day=1)
    monkeypatch.setitem(app.extensions, "settings", few)
    rows = [place_of(cast.wang), place_of(cast.li_mei.volunteer)]
    with pytest.raises(TooManyReceivers):
        begun(acting(cast.li_mei), "memberships", "message", rows, dict(WORDS), state="")
    assert told() == []
