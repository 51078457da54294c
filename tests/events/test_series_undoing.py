"""Carrying over to a series is undone as a whole: words, times, shifts, requirements of posts."""

from datetime import timedelta

import pytest

from tests import make
from tests.events.test_series import BEFORE, HOUR, WEEKS, hours, others
from volunteer_service import settings
from volunteer_service.db import db
from volunteer_service.errors import Conflict
from volunteer_service.events import (
    planning,
    post_requirements,
    refusals,
    rescheduling,
    series,
    series_changes,
    series_snapshots,
    series_undoing,
)
from volunteer_service.events.models import Event, SignUp


@pytest.fixture
def cast(session) -> make.Cast:
    return make.cast()


@pytest.fixture
def by(cast):
    return make.acting(cast.li_mei)


@pytest.fixture(params=["published", "draft"])
def event(cast, by, request) -> Event:
    row = make.event(
        team=cast.team,
        leader=cast.li_mei,
        state=request.param,
        published_at=BEFORE if request.param == "published" else None,
        capacity=2,
    )
    series.repeat(row.id, WEEKS, by=by, at=BEFORE)
    return row


def all_of(event: Event) -> list[tuple]:
    db.session.expire_all()
    return [
        (
            series_snapshots.taken(row)["words"],
            (row.starts_at, row.ends_at),
            hours(row),
            [series_snapshots.asked(post) for post in row.posts],
        )
        for row in others(event)
    ]


def changed(event, by) -> None:
    """Another title, an hour later, one more shift, and a post that asks for an age."""
    plan = {name: getattr(event, name) for name in planning.EventPlan.__dataclass_fields__}
    planning.edit(
        event.id,
        planning.EventPlan(**plan | {"title": "冬季护学", "bring": "手套"}),
        version=event.version,
        by=by,
        at=BEFORE,
    )
    rescheduling.put_off(
        event.id, starts_at=event.starts_at + HOUR, reason="天黑得早", by=by, at=BEFORE
    )
    planning.add_shift(
        event.id,
        post_id=event.posts[0].id,
        starts_at=event.starts_at,
        ends_at=event.starts_at + HOUR,
        capacity=1,
        by=by,
        at=BEFORE,
    )
    wanted = post_requirements.Requirements(min_age=16)
    post_requirements.require(event.posts[0].id, wanted, by=by, at=BEFORE)


def test_everything_goes_back_with_its_people(cast, event, by) -> None:
    was = all_of(event)
    first = others(event)[0]
    place = make.sign_up(first, cast.wang)
    changed(event, by)
    done = series_changes.carry_over(
        event.id, scope="all", shifts=True, reason="天黑得早", by=by, at=BEFORE
    )
    assert (len(done.done), done.left) == (len(was), ())
    assert all_of(event) != was
    back = series_undoing.undo_carry_over(event.id, by=by, at=BEFORE + HOUR)
    assert (len(back.done), back.left) == (len(was), ())
    assert all_of(event) == was
    assert db.session.get_one(SignUp, place.id).state == "confirmed"
    with pytest.raises(refusals.NothingToUndo):
        series_undoing.undo_carry_over(event.id, by=by, at=BEFORE + HOUR)


def test_one_that_was_changed_since_stays_and_the_others_go_back(cast, event, by) -> None:
    was = all_of(event)
    changed(event, by)
    series_changes.carry_over(
        event.id, scope="all", shifts=True, reason="天黑得早", by=by, at=BEFORE
    )
    other = others(event)[0]
    plan = {name: getattr(other, name) for name in planning.EventPlan.__dataclass_fields__}
    planning.edit(
        other.id,
        planning.EventPlan(**plan | {"place": "西门"}),
        version=other.version,
        by=by,
        at=BEFORE,
    )
    back = series_undoing.undo_carry_over(event.id, by=by, at=BEFORE)
    assert [(row.event.id, type(row.refusal)) for row in back.left] == [(other.id, Conflict)]
    assert all_of(event)[1:] == was[1:]


def test_only_on_its_day_and_only_where_something_was_carried(cast, event, by) -> None:
    with pytest.raises(refusals.NothingToUndo):
        series_undoing.undo_carry_over(event.id, by=by, at=BEFORE)
    changed(event, by)
    series_changes.carry_over(event.id, scope="all", shifts=True, reason="早", by=by, at=BEFORE)
    tomorrow = settings.day_ends(settings.local_day(BEFORE)) + timedelta(hours=1)
    with pytest.raises(refusals.NothingToUndo):
        series_undoing.undo_carry_over(event.id, by=by, at=tomorrow)
