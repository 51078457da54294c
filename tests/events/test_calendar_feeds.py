"""Feeds that calendars read: whose places they hold, what they tell, and when they end."""

from datetime import timedelta

import ics
import pytest
from sqlalchemy import select

from tests import make
from volunteer_service.db import db
from volunteer_service.errors import NotFound
from volunteer_service.events import (
    calendar_feeds,
    calendar_files,
    cancelling,
    refusals,
    rescheduling,
)
from volunteer_service.events.calendar_feeds import CalendarFeed
from volunteer_service.events.models import Event

BEFORE = make.MORNING - timedelta(days=7)


@pytest.fixture
def cast(session) -> make.Cast:
    return make.cast()


@pytest.fixture
def event(cast) -> Event:
    return make.event(team=cast.team, leader=cast.li_mei, published_at=BEFORE, capacity=1)


def read(feed: CalendarFeed) -> list[ics.Event]:
    """The feed as another program reads it."""
    found = calendar_feeds.entries_at(feed.secret_key, at=BEFORE)
    made = calendar_files.written(
        found, title="志愿服务", waiting="（候补）", bring="请带：", at=BEFORE
    )
    (calendar,) = ics.Calendar.parse_multiple(made.decode())
    return sorted(calendar.events, key=lambda row: row.begin)


def mine(cast, account=None) -> CalendarFeed:
    return calendar_feeds.new_feed(None, by=make.acting(account or cast.wang_account), at=BEFORE)


def test_a_person_s_places_are_read_by_another_program(cast, event) -> None:
    event.title, event.bring = "护学; 两校, \\东门\n" * 5 + "完", "雨衣"
    make.sign_up(event, cast.wang)
    (line,) = read(mine(cast))
    assert line.begin.datetime == event.starts_at
    assert line.end.datetime == event.ends_at
    assert line.name == f"{event.title} · {event.posts[0].name}"
    assert (line.location, line.status) == (event.place, "CONFIRMED")
    assert line.description == f"{event.content}\n请带：雨衣"


def test_nobody_s_name_or_phone_is_in_a_feed(cast, event) -> None:
    event.contact_name, event.contact_phone = "李梅", "13800000000"
    make.sign_up(event, cast.wang)
    team = calendar_feeds.new_feed(cast.team.id, by=make.acting(cast.li_mei), at=BEFORE)
    for feed in (mine(cast), team):
        found = calendar_feeds.entries_at(feed.secret_key, at=BEFORE)
        made = calendar_files.written(found, title="t", waiting="w", bring="b", at=BEFORE).decode()
        assert "13800000000" not in made
        assert cast.wang.name not in made
        assert cast.li_mei.volunteer.name not in made


def test_who_waits_sees_it_and_a_moved_or_cancelled_event_follows(cast, event) -> None:
    make.sign_up(event, cast.zhao)
    make.sign_up(event, cast.wang, state="waiting")
    feed, by = mine(cast), make.acting(cast.li_mei)
    (waits,) = read(feed)
    assert (waits.name[:4], waits.status) == ("（候补）", "TENTATIVE")
    later = event.starts_at + timedelta(days=1)
    rescheduling.put_off(event.id, starts_at=later, reason="雨", by=by, at=BEFORE)
    (moved,) = read(feed)
    assert (moved.uid, moved.begin.datetime) == (waits.uid, later)
    cancelling.cancel(event.id, reason="停课", by=by, at=BEFORE)
    (off,) = read(feed)
    assert (off.uid, off.status) == (waits.uid, "CANCELLED")


def test_another_address_ends_the_one_before_and_an_ended_one_finds_nothing(cast, event) -> None:
    first = mine(cast)
    second = mine(cast)
    assert first.secret_key != second.secret_key
    with pytest.raises(NotFound):
        read(first)
    assert read(second) == []
    by = make.acting(cast.wang_account)
    assert calendar_feeds.feed_of(None, by=by) is second
    calendar_feeds.end_feed(None, by=by, at=BEFORE)
    for secret in (second.secret_key, "", "x" * 32):
        with pytest.raises(NotFound):
            calendar_feeds.entries_at(secret, at=BEFORE)
    with pytest.raises(refusals.NoCalendarFeed):
        calendar_feeds.end_feed(None, by=by, at=BEFORE)


def test_the_database_keeps_no_address_in_plain(cast) -> None:
    feed = mine(cast)
    db.session.flush()
    raw = db.session.execute(
        select(CalendarFeed.__table__.c.secret_hash).where(CalendarFeed.__table__.c.id == feed.id)
    ).scalar_one()
    stored = db.session.connection().exec_driver_sql("SELECT secret_key FROM calendar_feeds")
    assert feed.secret_key.encode() not in bytes(stored.scalar_one())
    assert feed.secret_key not in raw


def test_who_left_the_register_has_no_calendar(cast, event) -> None:
    make.sign_up(event, cast.wang)
    feed = mine(cast)
    cast.wang.state = "left"
    assert read(feed) == []


def test_a_team_s_feed_is_its_leader_s_and_holds_published_events_alone(cast, event) -> None:
    make.event(team=cast.team, leader=cast.li_mei, published_at=None).state = "draft"
    make.event(team=cast.other_team, leader=cast.li_mei, published_at=BEFORE)
    feed = calendar_feeds.new_feed(cast.team.id, by=make.acting(cast.li_mei), at=BEFORE)
    assert len(read(feed)) == 1
    with pytest.raises(NotFound):
        calendar_feeds.new_feed(cast.team.id, by=make.acting(cast.wang_account), at=BEFORE)
    with pytest.raises(NotFound):
        calendar_feeds.feed_of(cast.team.id, by=make.acting(cast.wang_account))
