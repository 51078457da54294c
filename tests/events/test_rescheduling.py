"""Changing an event that people signed up for: whom it affects, who is told, whose minutes stay."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import make
from tests.make_attendance import came, scan
from tests.make_changes import (
    BEFORE,
    DAY,
    HOUR,
    WHY,
    edited,
    outcomes,
    second_shift,
    state_of,
    told,
)
from volunteer_service.attendance import closing
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db
from volunteer_service.errors import Invalid, NotAllowed, NotFound
from volunteer_service.events import (
    event_lists,
    event_states,
    planning,
    refusals,
    rescheduling,
    settled_places,
    sign_ups,
)
from volunteer_service.events.models import Event, EventChange
from volunteer_service.journal import Entry

NOW = make.MORNING + HOUR / 2


@pytest.fixture
def cast(session) -> make.Cast:
    return make.cast()


@pytest.fixture
def event(cast) -> Event:
    return make.event(team=cast.team, leader=cast.li_mei, published_at=BEFORE, capacity=2)


def test_a_published_shift_is_moved_and_its_people_are_told(cast, event) -> None:
    place = make.sign_up(event, cast.wang)
    start = make.MORNING + 5 * HOUR
    done = edited(cast, event, starts_at=start, ends_at=start + 2 * HOUR)
    assert outcomes(done) == {"王建国": "moved"}
    assert (event.starts_at, event.ends_at) == (start, start + 2 * HOUR)
    assert (state_of(place), told(cast.wang)) == ("confirmed", [("shift_changed", "moved")])
    scan(event, cast.wang, 0)
    scan(event, cast.wang, 120)
    closing.close(event.id, by=make.acting(cast.li_mei), at=event.ends_at)
    record = db.session.scalars(select(ServiceRecord)).one()
    assert (record.starts_at, record.minutes) == (start, 120)


def test_an_event_wider_than_its_shifts_stays_so_and_reaches_over_a_moved_one(cast, event) -> None:
    later = second_shift(cast, event)
    event.ends_at += HOUR
    edited(cast, event, shift=later, starts_at=event.ends_at, ends_at=event.ends_at + HOUR)
    assert (event.starts_at, event.ends_at) == (make.MORNING, later.ends_at)


def test_who_is_elsewhere_at_the_new_time_loses_the_place_to_who_waits(cast, event) -> None:
    mine = make.sign_up(event, cast.wang)
    event.shifts[0].capacity = 1
    waits = make.sign_up(event, cast.zhao, state="waiting")
    elsewhere = make.event(
        team=cast.other_team, leader=cast.coordinator, starts_at=make.MORNING + 3 * HOUR
    )
    make.sign_up(elsewhere, cast.wang)
    start = make.MORNING + 4 * HOUR
    done = edited(cast, event, starts_at=start, ends_at=start + HOUR)
    assert outcomes(done) == {"王建国": "clash", "赵芳": "promoted"}
    assert (state_of(mine), state_of(waits)) == ("cancelled", "confirmed")
    assert told(cast.wang) == [("place_ended", "clash")]
    assert told(cast.zhao) == [("sign_up_promoted", None)]


def test_fewer_places_put_the_last_ones_on_the_waiting_list_with_word(cast, event) -> None:
    first, last = make.sign_up(event, cast.wang), make.sign_up(event, cast.zhao)
    done = edited(cast, event, capacity=1)
    assert outcomes(done) == {"赵芳": "waiting"}
    assert (state_of(first), state_of(last)) == ("confirmed", "waiting")
    assert (told(cast.wang), told(cast.zhao)) == ([], [("shift_changed", "waiting")])
    back = edited(cast, event, capacity=2)
    assert outcomes(back) == {"赵芳": "promoted"}


def test_places_of_who_came_are_not_taken(cast, event) -> None:
    last = make.volunteer("李强", team=cast.team)
    rows = [make.sign_up(event, who) for who in (cast.wang, cast.zhao)]
    scan(event, cast.zhao, 0)
    edited(cast, event, capacity=1, at=NOW)
    assert [state_of(row) for row in rows] == ["waiting", "confirmed"]
    with pytest.raises(Invalid):
        edited(cast, event, capacity=0, at=NOW)
    edited(cast, event, capacity=2, at=NOW)
    scan(event, cast.wang, 40)
    with pytest.raises(refusals.CapacityBelowPresent):
        edited(cast, event, capacity=1, at=NOW + HOUR)
    assert told(last) == []


def test_a_shift_is_shortened_while_people_are_inside_and_their_time_counts(cast, event) -> None:
    """The work is done early: without it half a shift would be less than 60 % and worth nothing."""
    make.sign_up(event, cast.wang)
    scan(event, cast.wang, 0)
    end = make.MORNING + HOUR
    done = edited(cast, event, ends_at=end, at=NOW)
    assert outcomes(done) == {"王建国": "inside"}
    assert told(cast.wang) == [("shift_changed", "inside")]
    scan(event, cast.wang, 60)
    closing.close(event.id, by=make.acting(cast.li_mei), at=end)
    assert [row.minutes for row in db.session.scalars(select(ServiceRecord))] == [60]


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        (timedelta(), timedelta(minutes=-90)),  # over before what she has served
        (HOUR / 6, timedelta()),  # begins after she came
        (DAY, DAY),  # another day
        (timedelta(), 4 * HOUR),  # so long that her two hours are less than 60 %
    ],
)
def test_no_change_takes_minutes_from_who_is_inside(cast, event, starts, ends) -> None:
    make.sign_up(event, cast.wang)
    scan(event, cast.wang, 0)
    shift = event.shifts[0]
    first, last = shift.starts_at + starts, shift.ends_at + ends
    with pytest.raises((refusals.ChangeLosesMinutes, refusals.ChangedIntoPast)):
        rescheduling.preview(
            lambda: edited(cast, event, starts_at=first, ends_at=last, at=NOW + HOUR / 4)
        )


def test_nor_from_who_has_left(cast, event) -> None:
    make.sign_up(event, cast.wang)
    came(event, cast.wang, 0, 80)
    at = make.MORNING + timedelta(minutes=85)
    with pytest.raises(refusals.ChangeLosesMinutes) as refused:
        edited(cast, event, ends_at=make.MORNING + 3 * HOUR, at=at)
    assert refused.value.numbers["minutes"] == 78


def test_what_is_over_is_not_changed(cast, event) -> None:
    late = event.ends_at + HOUR
    with pytest.raises(refusals.ShiftOver):
        edited(cast, event, capacity=1, at=late)
    with pytest.raises(refusals.ShiftOver):
        rescheduling.remove_shift(
            event.shifts[0].id, reason=WHY, by=make.acting(cast.li_mei), at=late
        )
    with pytest.raises(refusals.ChangedIntoPast):
        edited(cast, event, starts_at=BEFORE - 2 * HOUR, ends_at=BEFORE - HOUR)
    with pytest.raises(refusals.NothingChanged):
        edited(cast, event)
    with pytest.raises(refusals.EndsBeforeStart):
        edited(cast, event, ends_at=event.starts_at)


def test_a_shift_is_removed_and_its_sign_ups_end(cast, event) -> None:
    later = second_shift(cast, event)
    row = make.sign_up(event, cast.wang, shift=later)
    by = make.acting(cast.li_mei)
    done = rescheduling.remove_shift(later.id, reason=WHY, by=by, at=BEFORE)
    assert outcomes(done) == {"王建国": "removed"}
    assert (state_of(row), told(cast.wang)) == ("cancelled", [("place_ended", "removed")])
    assert [place.shift.id for place in event_lists.board(event.id, None).shifts] == [
        event.shifts[0].id
    ]
    with pytest.raises(refusals.ShiftRemoved):
        sign_ups.sign_up(later.id, by=make.acting(cast.wang_account), at=BEFORE)
    with pytest.raises(refusals.LastShift):
        rescheduling.remove_shift(event.shifts[0].id, reason=WHY, by=by, at=BEFORE)
    with pytest.raises(refusals.ShiftRemoved):
        edited(cast, event, shift=later, capacity=1)


def test_the_only_shift_with_somebody_inside_says_how_it_ends(cast, event) -> None:
    """Not to call the event off, which is refused while somebody is inside."""
    make.sign_up(event, cast.wang)
    scan(event, cast.wang, 0)
    with pytest.raises(refusals.PeopleCameToShift):
        rescheduling.remove_shift(
            event.shifts[0].id, reason=WHY, by=make.acting(cast.li_mei), at=NOW
        )


def test_a_shift_to_which_somebody_came_is_not_removed(cast, event) -> None:
    second_shift(cast, event)
    make.sign_up(event, cast.wang)
    scan(event, cast.wang, 0)
    by = make.acting(cast.li_mei)
    with pytest.raises(refusals.PeopleCameToShift):
        rescheduling.remove_shift(event.shifts[0].id, reason=WHY, by=by, at=NOW)


def test_an_event_is_put_off_by_a_day_with_all_its_shifts(cast, event) -> None:
    later = second_shift(cast, event)
    make.sign_up(event, cast.wang)
    both = [make.sign_up(event, cast.zhao), make.sign_up(event, cast.zhao, shift=later)]
    elsewhere = make.event(
        team=cast.other_team, leader=cast.coordinator, starts_at=make.MORNING + DAY
    )
    make.sign_up(elsewhere, cast.wang)
    code, by = event.code, make.acting(cast.li_mei)
    done = rescheduling.put_off(
        event.id, starts_at=make.MORNING + DAY, reason="大雨", by=by, at=BEFORE
    )
    assert [row.outcome for row in done.touched] == ["clash", "moved", "moved"]
    assert [row.starts_at for row in event.shifts] == [
        make.MORNING + DAY,
        make.MORNING + DAY + 3 * HOUR,
    ]
    assert (event.starts_at, event.code) == (make.MORNING + DAY, code)
    assert [state_of(row) for row in both] == ["confirmed", "confirmed"]
    assert told(cast.wang) == [("place_ended", "clash")]


def test_an_event_to_which_somebody_came_is_not_put_off(cast, event) -> None:
    make.sign_up(event, cast.wang)
    scan(event, cast.wang, 0)
    with pytest.raises(refusals.PeopleCameAlready):
        rescheduling.put_off(
            event.id,
            starts_at=make.MORNING + DAY,
            reason="大雨",
            by=make.acting(cast.li_mei),
            at=NOW,
        )


def test_an_event_is_handed_to_another_team_by_who_plans_for_both(cast, event) -> None:
    place = make.sign_up(event, cast.wang)
    new = make.account("newlead", "周强", role="leader", team=cast.other_team)
    with pytest.raises(NotFound):
        rescheduling.hand_over(
            event.id,
            team_id=cast.other_team.id,
            reason=WHY,
            by=make.acting(cast.li_mei),
            at=BEFORE,
        )
    done = rescheduling.hand_over(
        event.id,
        team_id=cast.other_team.id,
        reason=WHY,
        by=make.acting(cast.coordinator),
        at=BEFORE,
    )
    assert outcomes(done) == {"王建国": "team"}
    assert (event.team_id, event.leader_id) == (cast.other_team.id, new.id)
    assert (state_of(place), told(cast.wang)) == ("confirmed", [("event_handed_over", None)])
    assert [kind for kind, _ in told(cast.li_mei.volunteer)] == ["event_given_away"]
    came(event, cast.wang)
    closing.close(event.id, by=make.acting(new), at=event.ends_at)
    record = db.session.scalars(select(ServiceRecord)).one()
    assert (record.organising_unit, record.leader_name) == (cast.other_team.name, "周强")


def test_a_preview_changes_nothing_and_its_mark_holds_what_was_shown(cast, event) -> None:
    row = make.sign_up(event, cast.wang)
    start = make.MORNING + 5 * HOUR

    def act(seen: str | None = None):
        return edited(cast, event, starts_at=start, ends_at=start + HOUR, seen=seen)

    shown = rescheduling.preview(act)
    assert (outcomes(shown), settled_places.counted(shown.touched)["moved"]) == (
        {"王建国": "moved"},
        1,
    )
    assert (event.starts_at, event.version, told(cast.wang)) == (make.MORNING, 1, [])
    other = sign_ups.sign_up(event.shifts[0].id, by=make.acting(cast.zhao_account), at=BEFORE)
    with pytest.raises(refusals.ChangedSincePreview), db.session.begin_nested():
        act(shown.mark)
    sign_ups.withdraw(other.id, by=make.acting(cast.zhao_account), at=BEFORE)
    assert act(shown.mark).mark == shown.mark
    assert state_of(row) == "confirmed"


def test_once_published_a_change_has_a_reason_that_is_kept(cast, event) -> None:
    with pytest.raises(Invalid) as refused:
        edited(cast, event, capacity=1, reason=None)
    assert refused.value.field == "reason"
    edited(cast, event, capacity=1)
    kept = db.session.scalars(select(EventChange)).one()
    assert (kept.kind, kept.reason, kept.account_id) == ("edit_shift", WHY, cast.li_mei.id)
    entry = db.session.scalars(select(Entry).where(Entry.verb == "events.edit_shift")).one()
    assert entry.facts["reason"] == WHY


def test_a_draft_is_changed_without_a_reason_and_nothing_is_kept(cast) -> None:
    draft = make.event(team=cast.team, leader=cast.li_mei, state="draft")
    edited(cast, draft, capacity=1, reason=None)
    rescheduling.remove_shift(draft.shifts[0].id, by=make.acting(cast.li_mei), at=BEFORE)
    assert (draft.shifts, event_states.changes_of(draft.id)) == ([], [])


def test_who_signed_up_hears_of_another_place(cast, event) -> None:
    make.sign_up(event, cast.wang)
    plan = planning.EventPlan(
        title=event.title,
        content=event.content,
        place="庆丰小学西门",
        starts_at=event.starts_at,
        ends_at=event.ends_at,
    )
    planning.edit(event.id, plan, version=event.version, by=make.acting(cast.li_mei), at=BEFORE)
    assert [kind for kind, _ in told(cast.wang)] == ["event_place_changed"]


def test_only_who_plans_the_event_changes_it(cast, event) -> None:
    for account, refusal in (
        (cast.zhao_account, NotFound),
        (cast.wang_account, NotFound),
        (cast.auditor, NotAllowed),
    ):
        with pytest.raises(refusal):
            edited(cast, event, capacity=1, by=account)
