"""An event is copied, and held again on the days of a rule."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests import make
from volunteer_service import settings
from volunteer_service.db import db
from volunteer_service.errors import Invalid, NotFound
from volunteer_service.events import (
    copying,
    planned_breaks,
    planning,
    post_requirements,
    recurrence,
    refusals,
    rescheduling,
    school_terms,
    series,
    series_changes,
)
from volunteer_service.events.models import Attendance, Event, SignUp
from volunteer_service.events.series_models import EventSeries, SeriesDay
from volunteer_service.journal import Entry
from volunteer_service.people.models import Message
from volunteer_service.working_days import WorkingDayCorrection, is_working

HOUR = timedelta(hours=1)
BEFORE = make.MORNING - timedelta(days=7)
WEEKS = series.Repeat(rule="FREQ=WEEKLY", until=make.MORNING.date() + timedelta(days=28))


@pytest.fixture
def cast(session) -> make.Cast:
    return make.cast()


@pytest.fixture
def event(cast) -> Event:
    return make.event(team=cast.team, leader=cast.li_mei, published_at=BEFORE, capacity=2)


@pytest.fixture
def by(cast):
    return make.acting(cast.li_mei)


def others(event: Event) -> list[Event]:
    query = select(Event).where(Event.id != event.id).order_by(Event.starts_at)
    return list(db.session.scalars(query))


def hours(event: Event) -> list[tuple]:
    zone = settings.current().zone
    return [
        (row.post.name, row.starts_at.astimezone(zone), row.ends_at.astimezone(zone), row.capacity)
        for row in event.shifts
    ]


def test_a_copy_has_posts_and_shifts_and_nobody_signed_up(cast, event, by) -> None:
    make.sign_up(event, cast.wang)
    (shift,) = event.shifts
    pause = (shift.starts_at + HOUR / 2, shift.starts_at + HOUR)
    shift.breaks = planned_breaks.kept([pause])
    shift.post.serves = False
    week = timedelta(days=7)
    row = copying.copy(event.id, starts_at=event.starts_at + week, by=by, at=BEFORE)
    assert (row.state, row.title, row.leader_id) == ("draft", event.title, cast.li_mei.id)
    assert row.code != event.code
    assert hours(row) == [(name, a + week, b + week, n) for name, a, b, n in hours(event)]
    assert row.shifts[0].planned_breaks == ((pause[0] + week, pause[1] + week),)
    (post,) = row.posts
    assert (post.serves, post.id != shift.post_id) == (False, True)
    people = select(SignUp.volunteer_id).where(SignUp.event_id == row.id)
    assert db.session.scalars(people).all() == []
    entry = db.session.scalars(select(Entry).where(Entry.verb == "events.copy")).one()
    assert (entry.subject_id, entry.facts["source"]) == (row.id, event.id)


def test_a_copy_begins_in_the_future_and_is_made_by_who_plans_events(cast, event, by) -> None:
    with pytest.raises(refusals.ChangedIntoPast):
        copying.copy(event.id, starts_at=BEFORE, by=by, at=BEFORE)
    with pytest.raises(NotFound):
        copying.copy(event.id, starts_at=make.MORNING, by=make.acting(cast.zhao_account), at=BEFORE)
    assert others(event) == []


@pytest.mark.parametrize(
    ("rule", "plain"),
    [
        ("FREQ=WEEKLY;BYDAY=MO,WE", "FREQ=WEEKLY;BYDAY=MO,WE"),
        ("rrule:freq=daily;interval=2", "FREQ=DAILY;INTERVAL=2"),
        ("FREQ=MONTHLY;BYDAY=-1SA", "FREQ=MONTHLY;BYDAY=-1SA"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15,-1", "FREQ=MONTHLY;BYMONTHDAY=1,15,-1"),
    ],
)
def test_a_rule_is_read(rule, plain) -> None:
    assert recurrence.read(rule) == plain


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "WEEKLY",
        "INTERVAL=2",
        "FREQ=SECONDLY",
        "FREQ=WEEKLY;COUNT=100000",
        "FREQ=WEEKLY;UNTIL=20990101",
        "FREQ=WEEKLY;FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=WEEKLY;BYDAY=MO,",
        "FREQ=DAILY;BYMONTHDAY=32",
        "FREQ=DAILY\nEXDATE:20260101",
        "FREQ=MONTHLY;BYMONTHDAY=" + ",".join(["1"] * 31 + ["2"] * 31),
    ],
)
def test_a_rule_that_cannot_be_read_says_so(rule) -> None:
    with pytest.raises(Invalid) as refused:
        recurrence.read(rule)
    assert refused.value.field == "rule"


def test_a_rule_that_no_day_fits_ends() -> None:
    first = date(2026, 1, 1)
    days = recurrence.days_of("FREQ=MONTHLY;BYMONTHDAY=31;INTERVAL=12", first, date(2026, 12, 31))
    assert list(days) == [date(2026, 1, 31)]
    assert list(recurrence.days_of("FREQ=DAILY", first, date(9000, 1, 1)))[-1] == first + timedelta(
        days=recurrence.LONGEST.days
    )


def test_a_series_is_made_at_once_and_published_as_its_first_event_is(cast, event, by) -> None:
    row = series.repeat(event.id, WEEKS, by=by, at=BEFORE)
    made = others(event)
    assert [each.starts_at - event.starts_at for each in made] == [
        timedelta(days=7 * n) for n in (1, 2, 3, 4)
    ]
    assert {each.state for each in made} == {"published"}
    assert [len(each.shifts) for each in made] == [1] * 4
    held = series.held(made[0], by=by)
    assert [each.event.id for each in held] == [event.id, *(each.id for each in made)]
    assert (row.rule, row.ends_on) == ("FREQ=WEEKLY", WEEKS.until)


def test_an_event_is_in_one_series_and_a_second_one_is_refused(event, by) -> None:
    series.repeat(event.id, WEEKS, by=by, at=BEFORE)
    for each in (event, others(event)[0]):
        with pytest.raises(refusals.InSeriesAlready):
            series.repeat(each.id, WEEKS, by=by, at=BEFORE)
    assert len(others(event)) == 4
    assert len(db.session.scalars(select(EventSeries)).all()) == 1


def test_days_off_are_left_out_and_a_corrected_one_counts(event, by) -> None:
    first = settings.local_day(event.starts_at)
    days = [first + timedelta(days=n) for n in range(1, 15)]
    flipped = next(day for day in days if not is_working(day))
    db.session.add(
        WorkingDayCorrection(day=flipped, working=True, reason="调休", at=BEFORE, account_id=None)
    )
    wanted = series.Repeat(rule="FREQ=DAILY", until=days[-1], days="working")
    found = series.foresee(event.id, wanted, by=by, at=BEFORE)
    assert [row.on for row in found] == days
    assert {row.on for row in found if not row.left_out} == {day for day in days if is_working(day)}
    assert flipped in {row.on for row in found if not row.left_out}


def test_school_days_lie_within_a_term(cast, event, by) -> None:
    first = settings.local_day(event.starts_at)
    wanted = series.Repeat(rule="FREQ=DAILY", until=first + timedelta(days=20), days="school")
    with pytest.raises(refusals.NoSchoolTerm):
        series.foresee(event.id, wanted, by=by, at=BEFORE)
    last = first + timedelta(days=6)
    office = make.acting(cast.coordinator)
    school_terms.add_term(
        cast.team.area_id, name="秋季学期", starts_on=first, ends_on=last, by=office, at=BEFORE
    )
    found = series.foresee(event.id, wanted, by=by, at=BEFORE)
    assert all(row.on <= last for row in found if not row.left_out)
    assert {row.left_out for row in found if row.on > last} == {"no_term"}
    with pytest.raises(refusals.TermsOverlap):
        school_terms.add_term(
            cast.team.area_id, name="又一次", starts_on=last, ends_on=last, by=office, at=BEFORE
        )
    (term,) = school_terms.known_to(by=by)
    with pytest.raises(NotFound):
        school_terms.remove_term(term.id, by=by, at=BEFORE)
    school_terms.remove_term(term.id, by=office, at=BEFORE)
    assert school_terms.known_to(by=office) == []


def test_a_series_that_cannot_be_is_refused_and_leaves_nothing(event, by) -> None:
    first = settings.local_day(event.starts_at)
    far = series.Repeat(rule="FREQ=DAILY", until=first + timedelta(days=400))
    back = series.Repeat(rule="FREQ=DAILY", until=first)
    never = series.Repeat(rule="FREQ=MONTHLY", until=first + timedelta(days=3))
    odd = series.Repeat(rule="FREQ=DAILY", until=first + timedelta(days=3), days="sundays")
    for wanted, refusal in ((far, Invalid), (back, Invalid), (odd, Invalid)):
        with pytest.raises(refusal):
            series.repeat(event.id, wanted, by=by, at=BEFORE)
    with pytest.raises(refusals.NoDayOfSeries):
        series.repeat(event.id, never, by=by, at=BEFORE)
    assert (others(event), db.session.scalars(select(SeriesDay)).all()) == ([], [])


def test_words_and_time_of_day_are_carried_over_to_later_events(cast, event, by) -> None:
    series.repeat(event.id, WEEKS, by=by, at=BEFORE)
    first, second, third, fourth = others(event)
    make.sign_up(third, cast.wang)
    plan = {name: getattr(second, name) for name in planning.EventPlan.__dataclass_fields__}
    moved = {"place": "新校门", "starts_at": second.starts_at - HOUR, "ends_at": second.ends_at}
    planning.edit(
        second.id,
        planning.EventPlan(**plan | moved),
        version=second.version,
        by=by,
        at=BEFORE,
    )
    done = series_changes.carry_over(second.id, scope="later", reason="冬令时", by=by, at=BEFORE)
    assert [row.id for row in done.done] == [third.id, fourth.id]
    assert (first.place, third.place, fourth.place) == (event.place, "新校门", "新校门")
    kinds = select(Message.kind).where(Message.volunteer_id == cast.wang.id)
    assert "shift_changed" in set(db.session.scalars(kinds))
    again = series_changes.carry_over(second.id, scope="later", reason="冬令时", by=by, at=BEFORE)
    assert (again.done, [row.id for row in again.same]) == ((), [third.id, fourth.id])


def test_shifts_are_carried_over_with_their_people(cast, event, by) -> None:
    """Two shifts back to back move an hour: who holds both keeps both, the third one waits."""
    planning.add_shift_at(
        event.id,
        post="疏导",
        starts_at=event.starts_at,
        ends_at=event.starts_at + HOUR / 2,
        capacity=3,
        by=by,
        at=BEFORE,
    )
    series.repeat(event.id, WEEKS, by=by, at=BEFORE)
    first, second, *_rest = others(event)
    zone = settings.current().zone
    one = next(row for row in first.shifts if row.post.name == "护学岗")
    post = one.post
    guarded = next(row for row in second.shifts if row.post.name == "护学岗")
    for who in (cast.wang, cast.zhao):
        make.sign_up(second, who, shift=guarded)
    rescheduling.edit_shift(
        one.id,
        starts_at=one.starts_at + HOUR,
        ends_at=one.ends_at + HOUR,
        capacity=1,
        reason="冬令时",
        by=by,
        at=BEFORE,
    )
    other = next(row for row in first.shifts if row.id != one.id)
    rescheduling.remove_shift(other.id, reason="不用", by=by, at=BEFORE)
    planning.add_shift_at(
        first.id,
        post="登记",
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        capacity=4,
        by=by,
        at=BEFORE,
    )
    wanted = post_requirements.Requirements(min_age=16, skills="会急救")
    post_requirements.require(post.id, wanted, by=by, at=BEFORE)
    carried = {"scope": "later", "shifts": True, "reason": "冬令时", "by": by, "at": BEFORE}
    seen = rescheduling.preview(lambda: series_changes.carry_over(first.id, **carried))
    assert seen.counted(second) == {"moved": 1, "waiting": 1}
    assert hours(second) != hours(first)
    done = series_changes.carry_over(first.id, **carried)
    assert done.people == seen.people
    assert [row.refusal for row in done.left] == []
    week = timedelta(days=7)
    db.session.expire_all()
    found = sorted(hours(second))
    assert found == sorted((name, a + week, b + week, n) for name, a, b, n in hours(first))
    assert (second.starts_at, second.ends_at) == (
        first.starts_at.astimezone(zone) + week,
        first.ends_at.astimezone(zone) + week,
    )
    asks = {row.name: (row.min_age, row.skills) for row in second.posts}
    assert asks[post.name] == (16, "会急救")
    states = select(SignUp.state).where(SignUp.event_id == second.id).order_by(SignUp.id)
    assert db.session.scalars(states).all() == ["confirmed", "waiting"]
    again = series_changes.carry_over(first.id, **carried)
    assert (again.done, len(again.same)) == ((), 3)


def test_who_holds_two_shifts_that_move_keeps_both(cast, event, by) -> None:
    (shift,) = event.shifts
    half = timedelta(minutes=30)
    planning.add_shift(
        event.id,
        post_id=shift.post_id,
        starts_at=shift.starts_at + half,
        ends_at=shift.ends_at,
        capacity=2,
        by=by,
        at=BEFORE,
    )
    shift.ends_at = shift.starts_at + half
    db.session.flush()
    series.repeat(event.id, WEEKS, by=by, at=BEFORE)
    second = others(event)[0]
    for place in second.shifts:
        make.sign_up(second, cast.wang, shift=place)
    for row in reversed(event.shifts):
        rescheduling.edit_shift(
            row.id,
            starts_at=row.starts_at + half,
            ends_at=row.ends_at + half,
            capacity=row.capacity,
            reason="冬令时",
            by=by,
            at=BEFORE,
        )
    series_changes.carry_over(
        event.id, scope="later", shifts=True, reason="冬令时", by=by, at=BEFORE
    )
    states = select(SignUp.state).where(SignUp.event_id == second.id)
    assert db.session.scalars(states).all() == ["confirmed", "confirmed"]
    db.session.expire_all()
    week = timedelta(days=7)
    assert hours(second) == [(name, a + week, b + week, n) for name, a, b, n in hours(event)]


def test_a_change_of_time_without_a_reason_leaves_published_events_as_they_are(event, by) -> None:
    series.repeat(event.id, WEEKS, by=by, at=BEFORE)
    before = [row.starts_at for row in others(event)]
    event.starts_at -= HOUR
    done = series_changes.carry_over(event.id, scope="later", by=by, at=BEFORE)
    assert done.done == ()
    assert {row.refusal.field for row in done.left} == {"reason"}
    assert [row.starts_at for row in others(event)] == before


def test_later_events_are_called_off_and_one_that_people_came_to_stays(cast, event, by) -> None:
    series.repeat(event.id, WEEKS, by=by, at=BEFORE)
    first, second, third, fourth = others(event)
    make.sign_up(third, cast.wang)
    place = make.sign_up(fourth, cast.wang)
    presence = Attendance(
        event_id=fourth.id,
        shift_id=place.shift_id,
        sign_up_id=place.id,
        volunteer_id=cast.wang.id,
        checked_in_at=fourth.starts_at,
        grade="scanned",
    )
    db.session.add(presence)
    done = series_changes.cancel_series(second.id, scope="later", reason="停课", by=by, at=BEFORE)
    assert [row.id for row in done.done] == [second.id, third.id]
    assert [(row.event.id, row.refusal.code()) for row in done.left] == [(fourth.id, "people_came")]
    states = {row.id: row.state for row in others(event)}
    assert states == {
        first.id: "published",
        second.id: "cancelled",
        third.id: "cancelled",
        fourth.id: "published",
    }


def test_a_single_event_has_no_series_to_change(event, by) -> None:
    with pytest.raises(refusals.NotInSeries):
        series_changes.cancel_series(event.id, scope="later", reason="停课", by=by, at=BEFORE)
    assert series.held(event, by=by) == []
