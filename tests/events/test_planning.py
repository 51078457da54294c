"""Making an event, from draft to cancelled."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests import make
from volunteer_service.attendance.check_ins import event_codes
from volunteer_service.db import db
from volunteer_service.errors import Conflict, NotFound
from volunteer_service.events import cancelling, event_lists, planning, refusals
from volunteer_service.events.models import SignUp

HOUR = timedelta(hours=1)
PLAN = planning.EventPlan(
    title="庆丰小学门前护学",
    content="护送学生过马路",
    place="庆丰小学东门",
    starts_at=make.MORNING,
    ends_at=make.MORNING + 2 * HOUR,
)
BEFORE = make.MORNING - timedelta(days=7)


def drafted(cast: make.Cast):
    return planning.create(PLAN, team_id=cast.team.id, by=make.acting(cast.li_mei), at=BEFORE)


def with_shift(cast: make.Cast):
    by = make.acting(cast.li_mei)
    event = drafted(cast)
    post = planning.add_post(event.id, name="护学岗", by=by, at=BEFORE)
    planning.add_shift(
        event.id,
        post_id=post.id,
        starts_at=PLAN.starts_at,
        ends_at=PLAN.ends_at,
        capacity=2,
        by=by,
        at=BEFORE,
    )
    return event


def test_a_leader_makes_a_draft_that_only_leaders_see(session) -> None:
    cast = make.cast()
    event = drafted(cast)
    assert (event.state, event.leader_id) == ("draft", cast.li_mei.id)
    assert event_lists.seen_by(event.id, make.acting(cast.li_mei)) is event
    for stranger in (None, make.acting(cast.zhao_account), make.acting(cast.desk)):
        with pytest.raises(NotFound):
            event_lists.seen_by(event.id, stranger)


def test_a_stranger_makes_no_event_of_the_team(session) -> None:
    cast = make.cast()
    with pytest.raises(NotFound):
        planning.create(PLAN, team_id=cast.team.id, by=make.acting(cast.zhao_account), at=BEFORE)


def test_publishing_needs_a_shift_and_shows_the_event_to_all(session) -> None:
    cast = make.cast()
    by = make.acting(cast.li_mei)
    empty = drafted(cast)
    with pytest.raises(refusals.NothingToSignUpFor):
        planning.publish(empty.id, by=by, at=BEFORE)
    event = planning.publish(with_shift(cast).id, by=by, at=BEFORE)
    assert [row.id for row in event_lists.listing(None, event_lists.EventFilter()).items] == [
        event.id
    ]
    with pytest.raises(refusals.EventNotDraft):
        planning.publish(event.id, by=by, at=BEFORE)


def test_a_shift_lies_within_its_event(session) -> None:
    cast = make.cast()
    event = with_shift(cast)
    with pytest.raises(refusals.ShiftOutsideEvent):
        planning.add_shift(
            event.id,
            post_id=event.posts[0].id,
            starts_at=PLAN.starts_at - HOUR,
            ends_at=PLAN.ends_at,
            capacity=1,
            by=make.acting(cast.li_mei),
            at=BEFORE,
        )


def test_two_posts_have_two_names(session) -> None:
    cast = make.cast()
    event = with_shift(cast)
    with pytest.raises(refusals.PostNameTaken):
        planning.add_post(event.id, name="护学岗", by=make.acting(cast.li_mei), at=BEFORE)


def test_an_edit_of_what_somebody_else_changed_is_refused(session) -> None:
    cast = make.cast()
    event = with_shift(cast)
    by, read = make.acting(cast.li_mei), event.version
    planning.edit(event.id, replace(PLAN, place="西门"), version=read, by=by, at=BEFORE)
    assert event.place == "西门"
    with pytest.raises(Conflict):
        planning.edit(event.id, replace(PLAN, place="北门"), version=read, by=by, at=BEFORE)
    assert event.place == "西门"


def test_an_edit_leaves_no_shift_outside(session) -> None:
    cast = make.cast()
    event = with_shift(cast)
    shorter = replace(PLAN, ends_at=PLAN.ends_at - HOUR)
    with pytest.raises(refusals.ShiftOutsideEvent):
        planning.edit(
            event.id, shorter, version=event.version, by=make.acting(cast.li_mei), at=BEFORE
        )


def test_cancelling_ends_the_sign_ups(session) -> None:
    cast = make.cast()
    event = make.event(team=cast.team, leader=cast.li_mei)
    row = make.sign_up(event, cast.wang)
    cancelling.cancel(event.id, reason="大雨", by=make.acting(cast.li_mei), at=BEFORE)
    db.session.expire_all()
    assert db.session.get(SignUp, row.id).state == "cancelled"
    with pytest.raises(refusals.EventNotEditable):
        cancelling.cancel(event.id, reason="大雨", by=make.acting(cast.li_mei), at=BEFORE)


def test_the_short_code_on_the_poster_finds_the_event(session) -> None:
    event = drafted(make.cast())
    typed = event_codes.short_code(event)
    with pytest.raises(NotFound):
        event_lists.by_code(typed)  # nobody else knows of a draft
    event.state = "published"
    assert event_lists.by_code(typed.lower().replace("-", " ")) is event
    wrong = ("2" if typed[0] != "2" else "3") + typed[1:]
    with pytest.raises(NotFound):
        event_lists.by_code(wrong)


def test_lists_filter_by_day_area_team_and_state(session) -> None:
    cast = make.cast()
    day = make.MORNING.date()
    ours = make.event(team=cast.team, leader=cast.li_mei)
    make.event(team=cast.other_team, leader=cast.coordinator, starts_at=make.MORNING + 30 * HOUR)
    for wanted in (
        event_lists.EventFilter(to_on=day),
        event_lists.EventFilter(area_id=cast.community.id),
        event_lists.EventFilter(team_id=cast.team.id, state="published"),
    ):
        assert [row.id for row in event_lists.listing(None, wanted).items] == [ours.id]
    first = event_lists.listing(None, event_lists.EventFilter(area_id=cast.town.id), limit=1)
    rest = event_lists.listing(None, event_lists.EventFilter(), cursor=first.next, limit=1)
    assert first.items[0].id == ours.id != rest.items[0].id
    assert rest.next is None
