"""Forgotten check-outs: asked, stated by the volunteer, set by the leader as a person's word."""

from dataclasses import replace
from uuid import uuid4

import pytest

from tests import make, make_days
from tests.make_attendance import came
from tests.make_changes import told
from tests.statements import counted
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.attendance.records import forgotten_check_outs, record_decisions
from volunteer_service.attendance.refusals import EndNotPossible, RecordNotWaiting
from volunteer_service.db import db
from volunteer_service.errors import NotFound
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Message

LATER = make_days.instant("+12:00")


def forgot(places: str = "A", *acts: str) -> tuple[make_days.Day, ServiceRecord]:
    """Somebody's day without a check-out, closed by the service."""
    day = make_days.day(places)
    for act in acts or ("in 09:00",):
        assert day.act(act) is None, act
    day.close_all()
    return day, next(iter(day.by_shift().values()))


def own(day: make_days.Day) -> Actor:
    return make.acting(day.cast.wang_account)


def set_end(day: make_days.Day, record: ServiceRecord, at) -> ServiceRecord:
    key = uuid4().hex
    return record_decisions.set_end(record.id, ends_at=at, scan_id=key, by=day.leader, at=LATER)


def test_the_volunteer_is_asked_and_what_they_say_is_the_leader_s_word_once_agreed(session) -> None:
    day, record = forgot()
    assert told(day.who)[-1] == ("check_out_missing", None)
    stated = make_days.instant("10:30")
    forgotten_check_outs.state_end(record.id, ends_at=stated, by=own(day), at=LATER)
    assert (record.state, record.waits_for, record.minutes) == ("waiting", "end", 0)
    found = forgotten_check_outs.inbox(day.leader).items
    assert [(each.record.id, each.suggested, each.because) for each in found] == [
        (record.id, stated, "stated")
    ]
    set_end(day, record, stated)
    assert (record.minutes, record.grade, record.waits_for) == (90, "leader", "leader")
    assert record.reasons[-1]["code"] == "end_stated_agreed"
    assert forgotten_check_outs.inbox(day.leader).items == []


def test_the_leader_is_told_and_may_say_otherwise(session) -> None:
    day, record = forgot()
    stated = make_days.instant("11:00")
    forgotten_check_outs.state_end(record.id, ends_at=stated, by=own(day), at=LATER)
    kinds = [row.kind for row in db.session.query(Message).order_by(Message.id)]
    assert kinds[-1] == "end_stated"
    set_end(day, record, make_days.instant("10:30"))
    assert (record.minutes, record.reasons[-1]["code"]) == (90, "end_set_by_leader")
    assert record.stated_ends_at == stated


def test_it_is_said_anew_until_it_is_decided(session) -> None:
    day, record = forgot()
    for words in ("10:00", "10:30"):
        at = make_days.instant(words)
        forgotten_check_outs.state_end(record.id, ends_at=at, by=own(day), at=LATER)
    assert record.stated_ends_at == make_days.instant("10:30")
    set_end(day, record, make_days.instant("10:30"))
    with pytest.raises(RecordNotWaiting):
        forgotten_check_outs.state_end(record.id, ends_at=at, by=own(day), at=LATER)


@pytest.mark.parametrize("words", ["08:00", "09:00", "11:01", "+09:00"])
def test_an_end_lies_after_the_entry_and_within_the_shift(session, words: str) -> None:
    day, record = forgot()
    at = make_days.instant(words)
    with pytest.raises(EndNotPossible):
        forgotten_check_outs.state_end(record.id, ends_at=at, by=own(day), at=LATER)
    assert record.stated_ends_at is None


def test_nobody_else_says_it(session) -> None:
    day, record = forgot()
    at = make_days.instant("10:30")
    for by in (day.leader, make.acting(day.cast.zhao_account), Actor.system("jobs")):
        with pytest.raises(NotFound):
            forgotten_check_outs.state_end(record.id, ends_at=at, by=by, at=LATER)


def test_without_a_word_half_of_the_others_suggest_an_end_else_the_shift(session) -> None:
    day = make_days.day("A")
    assert day.act("in 09:00") is None
    for minutes in (60, 90, 100, 150):
        person = make.volunteer(f"同伴{minutes}", team=day.cast.team)
        came(day.event, person, 0, minutes)
    day.close_all()
    found = forgotten_check_outs.inbox(day.leader).items
    assert [(each.suggested, each.because) for each in found] == [
        (make_days.instant("10:30"), "others")
    ]


def test_where_nobody_else_left_the_end_of_the_shift_is_suggested(session) -> None:
    _day, record = forgot()
    mine = forgotten_check_outs.waiting_of(record)
    assert mine is not None
    assert (mine.suggested, mine.because) == (make_days.instant("11:00"), "shift")


def test_lunch_and_no_check_out_begins_with_the_last_entry(session) -> None:
    day, record = forgot("E", "in 09:00", "out 12:00", "in 13:00")
    found = forgotten_check_outs.of_volunteer(day.who.id)
    assert [(each.record.id, each.entered_at) for each in found] == [
        (record.id, make_days.instant("13:00"))
    ]


def test_nobody_finds_their_own_and_no_other_team_s(session) -> None:
    day, _record = forgot()
    other = make.account(
        "other", "别队队长", role="leader", team=make.team("别队", area=day.cast.community)
    )
    assert forgotten_check_outs.inbox(make.acting(other)).items == []
    assert len(forgotten_check_outs.inbox(make.acting(day.cast.coordinator)).items) == 1
    both = replace(day.leader, volunteer_id=day.who.id)
    assert forgotten_check_outs.inbox(both).items == []


def test_the_inbox_asks_as_much_of_many_as_of_one(app, session) -> None:
    day = make_days.day("A")
    for n in range(6):
        came(day.event, make.volunteer(f"人{n}", team=day.cast.team), 0, None)
    day.close_all()
    asked = []
    for limit in (1, 6):
        db.session.expunge_all()
        with counted(app) as statements:
            page = forgotten_check_outs.inbox(day.leader, limit=limit)
            assert [each.record.volunteer.name for each in page.items] == [
                f"人{n}" for n in range(limit)
            ]
        asked.append(len(statements))
    assert asked[0] == asked[1]
