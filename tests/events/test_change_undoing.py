"""A change of a published event is taken back with every place it took, on its day."""

from datetime import datetime

import pytest

from tests import make
from tests.make_changes import BEFORE, DAY, HOUR, WHY, edited, second_shift, state_of, told
from volunteer_service.errors import Conflict, NotAllowed, NotFound
from volunteer_service.events import change_undoing, refusals, rescheduling
from volunteer_service.events.models import Event


@pytest.fixture
def cast(session) -> make.Cast:
    return make.cast()


@pytest.fixture
def event(cast) -> Event:
    return make.event(team=cast.team, leader=cast.li_mei, published_at=BEFORE, capacity=2)


def undone(cast, event, *, at: datetime = BEFORE + HOUR, by=None, version: int | None = None):
    return change_undoing.undo_change(
        event.id, version=version or event.version, by=make.acting(by or cast.li_mei), at=at
    )


def test_a_change_is_undone_with_every_place_it_took(cast, event) -> None:
    mine, other = make.sign_up(event, cast.wang), make.sign_up(event, cast.zhao)
    start = make.MORNING + 5 * HOUR
    edited(cast, event, starts_at=start, ends_at=start + HOUR, capacity=1)
    assert state_of(other) == "waiting"
    undone(cast, event)
    shift = event.shifts[0]
    assert (shift.starts_at, shift.capacity) == (make.MORNING, 2)
    assert (event.starts_at, event.ends_at) == (make.MORNING, make.MORNING + 2 * HOUR)
    assert (state_of(mine), state_of(other)) == ("confirmed", "confirmed")
    assert told(cast.zhao)[-1][0] == "event_change_undone"
    with pytest.raises(refusals.NothingToUndo):
        undone(cast, event)


def test_a_removed_shift_comes_back_except_for_who_is_elsewhere_by_now(cast, event) -> None:
    later = second_shift(cast, event)
    stays = make.sign_up(event, cast.wang, shift=later)
    left = make.sign_up(event, cast.zhao, shift=later)
    rescheduling.remove_shift(later.id, reason=WHY, by=make.acting(cast.li_mei), at=BEFORE)
    elsewhere = make.event(
        team=cast.other_team, leader=cast.coordinator, starts_at=make.MORNING + 3 * HOUR
    )
    make.sign_up(elsewhere, cast.zhao)
    undone(cast, event)
    assert (len(event.shifts), state_of(stays), state_of(left)) == (2, "confirmed", "cancelled")
    assert stays.cancelled_at is None


def test_handing_over_is_undone_by_who_may_edit_it_now(cast, event) -> None:
    rescheduling.hand_over(
        event.id,
        team_id=cast.other_team.id,
        reason=WHY,
        by=make.acting(cast.coordinator),
        at=BEFORE,
    )
    with pytest.raises((NotFound, NotAllowed)):
        undone(cast, event)
    undone(cast, event, by=cast.coordinator)
    assert (event.team_id, event.leader_id) == (cast.team.id, cast.li_mei.id)


def test_it_is_undone_on_its_day_before_it_begins_and_once(cast, event) -> None:
    edited(cast, event, capacity=1)
    with pytest.raises(Conflict):
        undone(cast, event, version=1)
    for late in (BEFORE + DAY, make.MORNING):
        with pytest.raises(refusals.NothingToUndo):
            undone(cast, event, at=late)
