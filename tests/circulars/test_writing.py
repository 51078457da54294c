"""Circulars: to a team, to an event's people; looked at, sent once, counted by sender and day."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests import make
from tests.make import MORNING, acting
from tests.make_attendance import came
from volunteer_service.circulars import audiences, reading, writing
from volunteer_service.circulars.models import Circular
from volunteer_service.circulars.refusals import (
    AlreadyWrittenTo,
    CircularSent,
    NobodyToWrite,
    TooManyReceivers,
)
from volunteer_service.db import db
from volunteer_service.errors import Invalid, NotAllowed, NotFound
from volunteer_service.journal import Entry
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Message, Volunteer
from volunteer_service.people.registrations.registration_state import RegistrationEnded
from volunteer_service.visible_text import NothingSaid

DAY = timedelta(days=1)
WORDS = "周六改到东门集合，请带水。"


@pytest.fixture
def cast(session: None) -> make.Cast:
    return make.cast()


def got(person: Volunteer) -> list[dict[str, object]]:
    query = select(Message.facts).where(
        Message.volunteer_id == person.id, Message.kind == "circular"
    )
    return list(db.session.scalars(query.order_by(Message.id)))


def to_team(cast: make.Cast, *, at: datetime = MORNING) -> Circular:
    return writing.write_to_team(cast.team.id, text=WORDS, by=acting(cast.li_mei), at=at)


def test_members_get_one_message_and_nothing_before_it_is_sent(cast: make.Cast) -> None:
    row = to_team(cast)
    assert got(cast.wang) == []
    # 王建国 and 李梅 are in the team; both sign in, and no door is set up.
    reach = audiences.reach_of(row)
    assert (reach.count, reach.by_email, reach.unread_count) == (2, 0, 0)
    writing.send(row.id, by=acting(cast.li_mei), at=MORNING)
    assert got(cast.wang) == [{"circular": row.id, "place": cast.team.name}]
    assert got(cast.zhao) == []
    assert reading.received(row.id, by=acting(cast.wang_account)).text == WORDS
    assert reading.read_count(row) == 0
    last = db.session.scalars(select(func.max(Message.id))).one()
    messages.mark_read(last, by=acting(cast.wang_account), at=MORNING)
    assert reading.read_count(row) == 1
    verbs = select(Entry.facts).where(Entry.verb == "circulars.send")
    assert db.session.scalars(verbs).one() == {"people": 2}


def test_the_words_are_sealed_in_the_database(cast: make.Cast) -> None:
    row = to_team(cast)
    db.session.flush()
    kept = db.session.execute(
        select(func.length(Circular.__table__.c.text)).where(Circular.id == row.id)
    ).scalar_one()
    assert kept > len(WORDS.encode())


@pytest.mark.parametrize(
    ("audience", "reached"), [("signed_up", "wang"), ("waiting", "zhao"), ("came", "wang")]
)
def test_of_an_event_each_audience_is_reached_alone(
    cast: make.Cast, audience: str, reached: str
) -> None:
    event = make.event(team=cast.team, leader=cast.li_mei, capacity=1, starts_at=MORNING)
    make.sign_up(event, cast.wang)
    make.sign_up(event, cast.zhao, state="waiting")
    came(event, cast.wang)
    row = writing.write_to_event(
        event.id, audience=audience, text=WORDS, by=acting(cast.li_mei), at=MORNING
    )
    writing.send(row.id, by=acting(cast.li_mei), at=MORNING)
    told = {name for name in ("wang", "zhao") if got(getattr(cast, name))}
    assert told == {reached}


def test_who_left_gets_nothing_and_the_preview_counts_them(cast: make.Cast) -> None:
    cast.wang.state = "left"
    row = to_team(cast)
    assert audiences.reach_of(row).left_count == 1
    writing.send(row.id, by=acting(cast.li_mei), at=MORNING)
    assert got(cast.wang) == []


def test_who_has_no_account_is_named_in_the_preview(cast: make.Cast) -> None:
    make.volunteer("孙桂英", team=cast.team)
    reach = audiences.reach_of(to_team(cast))
    assert [person.name for person in reach.unread] == ["孙桂英"]


def test_it_is_sent_once_and_not_thrown_away_after_that(cast: make.Cast) -> None:
    row, by = to_team(cast), acting(cast.li_mei)
    writing.send(row.id, by=by, at=MORNING)
    with pytest.raises(CircularSent):
        writing.send(row.id, by=by, at=MORNING)
    with pytest.raises(CircularSent):
        writing.discard(row.id, by=by, at=MORNING)
    assert len(got(cast.wang)) == 1


def test_what_is_thrown_away_reaches_nobody(cast: make.Cast) -> None:
    row, by = to_team(cast), acting(cast.li_mei)
    writing.discard(row.id, by=by, at=MORNING)
    with pytest.raises(NotFound):
        writing.send(row.id, by=by, at=MORNING)
    assert got(cast.wang) == []


def test_one_sender_reaches_so_many_in_a_day(
    app: Flask, cast: make.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = replace(app.extensions["settings"], receivers_a_day=3)
    monkeypatch.setitem(app.extensions, "settings", few)
    by = acting(cast.li_mei)
    writing.send(to_team(cast).id, by=by, at=MORNING)
    row = to_team(cast)
    with pytest.raises(TooManyReceivers) as refused:
        writing.send(row.id, by=by, at=MORNING + DAY / 2)
    assert (refused.value.numbers["left"], refused.value.numbers["count"]) == (1, 2)
    # Another sender has their own day, and so has the same one tomorrow.
    other = writing.write_to_team(cast.team.id, text=WORDS, by=acting(cast.coordinator), at=MORNING)
    writing.send(other.id, by=acting(cast.coordinator), at=MORNING)
    writing.send(row.id, by=by, at=MORNING + DAY)
    assert len(got(cast.wang)) == 3


def test_strangers_and_members_write_nothing(cast: make.Cast) -> None:
    for account, refusal in (
        (cast.wang_account, NotFound),
        (cast.auditor, NotAllowed),
        (cast.desk, NotAllowed),
    ):
        with pytest.raises(refusal):
            writing.write_to_team(cast.team.id, text=WORDS, by=acting(account), at=MORNING)
    with pytest.raises(NotFound):
        writing.write_to_team(cast.other_team.id, text=WORDS, by=acting(cast.li_mei), at=MORNING)
    row = to_team(cast)
    for account in (cast.coordinator, cast.wang_account):
        with pytest.raises(NotFound):
            writing.send(row.id, by=acting(account), at=MORNING)
        with pytest.raises(NotFound):
            reading.written(row.id, by=acting(account))
    with pytest.raises(NotFound):
        reading.received(row.id, by=acting(cast.zhao_account))


def test_once_sent_the_office_of_the_team_reads_it_too(cast: make.Cast) -> None:
    row = to_team(cast)
    writing.send(row.id, by=acting(cast.li_mei), at=MORNING)
    assert reading.written(row.id, by=acting(cast.coordinator)) is row
    with pytest.raises(NotFound):
        reading.written(row.id, by=acting(cast.wang_account))


def test_nothing_said_nobody_there_and_no_such_audience(cast: make.Cast) -> None:
    event = make.event(team=cast.team, leader=cast.li_mei, starts_at=MORNING)
    by = acting(cast.li_mei)
    with pytest.raises(NothingSaid):
        writing.write_to_team(cast.team.id, text=" \u200b。", by=by, at=MORNING)
    with pytest.raises(Invalid):
        writing.write_to_team(cast.team.id, text="长" * 601, by=by, at=MORNING)
    with pytest.raises(Invalid):
        writing.write_to_event(event.id, audience="chosen", text=WORDS, by=by, at=MORNING)
    row = writing.write_to_event(event.id, audience="waiting", text=WORDS, by=by, at=MORNING)
    with pytest.raises(NobodyToWrite):
        writing.send(row.id, by=by, at=MORNING)


def test_chosen_people_get_it_one_by_one_and_each_once(cast: make.Cast) -> None:
    by = acting(cast.coordinator)
    row = writing.chosen(WORDS, by=by)
    assert reading.sent_by(by).items == []
    writing.add(row.id, cast.wang.id, by=by, at=MORNING)
    writing.add(row.id, cast.zhao.id, by=by, at=MORNING)
    with pytest.raises(AlreadyWrittenTo):
        writing.add(row.id, cast.wang.id, by=by, at=MORNING)
    with pytest.raises(NotFound):
        writing.add(row.id, cast.wang.id, by=acting(cast.second), at=MORNING)
    cast.zhao.state = "left"
    again = writing.chosen(WORDS, by=by)
    with pytest.raises(RegistrationEnded):
        writing.add(again.id, cast.zhao.id, by=by, at=MORNING)
    assert got(cast.wang) == [{"circular": row.id, "place": cast.town.name}]
    assert [each.id for each in reading.sent_by(by).items] == [row.id]
