"""A no-show is taken back with a reason; after a block is lifted, counting begins anew."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import make
from tests.make import MORNING, Cast, acting
from tests.make_attendance import scan
from volunteer_service.attendance import closing
from volunteer_service.db import db
from volunteer_service.errors import NotFound
from volunteer_service.events import no_shows, refusals, sign_ups
from volunteer_service.events.models import SignUp
from volunteer_service.journal import Entry
from volunteer_service.people.authorization.conflicts import OwnCase
from volunteer_service.people.models import Message
from volunteer_service.people.registrations import registration

DAY = timedelta(days=1)


@pytest.fixture
def cast(session: None) -> Cast:
    return make.cast()


def missed(cast: Cast, first: int, last: int) -> list[SignUp]:
    """No-shows of 王建国 on these days."""
    rows = []
    for n in range(first, last):
        event = make.event(team=cast.team, leader=cast.li_mei, starts_at=MORNING + n * DAY)
        rows.append(make.sign_up(event, cast.wang))
        closing.close(event.id, by=acting(cast.li_mei), at=event.ends_at)
    db.session.expire_all()
    return rows


def told(volunteer_id: int) -> list[str]:
    query = select(Message.kind).where(Message.volunteer_id == volunteer_id).order_by(Message.id)
    return list(db.session.scalars(query))


def test_it_is_taken_back_with_a_reason_and_told(cast) -> None:
    row = missed(cast, 0, 1)[0]
    by, at = acting(cast.li_mei), MORNING + DAY
    with pytest.raises(NotFound):
        no_shows.take_back_no_show(row.id, reason="病了", by=acting(cast.zhao_account), at=at)
    no_shows.take_back_no_show(row.id, reason="住院", by=by, at=at)
    assert row.state == "cancelled"
    assert told(cast.wang.id) == ["no_show_taken_back"]
    kept = select(Entry).where(Entry.verb == "events.take_back_no_show")
    assert db.session.scalars(kept).one().facts["reason"] == "住院"
    with pytest.raises(refusals.NotANoShow):
        no_shows.take_back_no_show(row.id, reason="住院", by=by, at=at)


def test_a_block_that_rests_on_it_ends(cast) -> None:
    row = missed(cast, 0, 5)[-1]
    assert cast.wang.no_show_blocked_at is not None
    no_shows.take_back_no_show(row.id, reason="在场", by=acting(cast.li_mei), at=MORNING + 6 * DAY)
    db.session.refresh(cast.wang)
    assert cast.wang.no_show_blocked_at is None
    assert told(cast.wang.id)[-1] == "sign_up_block_lifted"


def test_after_a_block_is_lifted_counting_begins_anew(cast) -> None:
    missed(cast, 0, 5)
    by = acting(cast.coordinator)
    sign_ups.lift_block(cast.wang.id, "谈过了", by=by, at=MORNING + 4 * DAY + 3 * DAY / 24)
    missed(cast, 5, 9)
    assert cast.wang.no_show_blocked_at is None, "four since"
    missed(cast, 9, 10)
    assert cast.wang.no_show_blocked_at is not None


def test_a_leader_gives_an_absent_person_s_place_to_who_stands_there(cast) -> None:
    event = make.event(team=cast.team, leader=cast.li_mei, capacity=1)
    row = make.sign_up(event, cast.wang)
    waiting = make.sign_up(event, make.volunteer("周强"), state="waiting")
    by, now = acting(cast.li_mei), MORNING + timedelta(minutes=20)
    with pytest.raises(refusals.SignUpEnded):
        sign_ups.give_away(row.id, by=by, at=MORNING - timedelta(minutes=1))
    sign_ups.give_away(row.id, by=by, at=now)
    assert (row.state, waiting.state) == ("cancelled", "waiting")
    assert told(cast.wang.id) == ["sign_up_withdrawn"]
    scan(event, cast.zhao, 21)
    closing.close(event.id, by=by, at=event.ends_at)
    assert row.state == "cancelled", "no no-show"


def test_nobody_spares_themself_a_no_show(cast) -> None:
    herself = db.session.get_one(type(cast.wang), cast.li_mei.volunteer_id)
    event = make.event(team=cast.team, leader=cast.li_mei)
    row, by = make.sign_up(event, herself), acting(cast.li_mei)
    with pytest.raises(OwnCase):
        sign_ups.give_away(row.id, by=by, at=MORNING)
    closing.close(event.id, by=by, at=event.ends_at)
    with pytest.raises(OwnCase):
        no_shows.take_back_no_show(row.id, reason="在场", by=by, at=event.ends_at)


def test_who_only_waits_is_free_everywhere_else(cast) -> None:
    full = make.event(team=cast.team, leader=cast.li_mei, capacity=1)
    make.sign_up(full, cast.wang)
    waits = make.sign_up(full, cast.zhao, state="waiting")
    elsewhere = make.event(team=cast.team, leader=cast.li_mei)
    scan(elsewhere, cast.zhao, 5)
    # A promotion checks again, so people who serve elsewhere go on waiting.
    place = make.sign_up(full, make.volunteer("周强"), state="waiting")
    held = select(SignUp).where(SignUp.event_id == full.id, SignUp.volunteer_id == cast.wang.id)
    taken = db.session.scalars(held).one()
    sign_ups.withdraw(taken.id, by=acting(cast.li_mei), at=MORNING - timedelta(hours=1))
    assert (waits.state, place.state) == ("waiting", "confirmed")
    late = MORNING + timedelta(minutes=30)
    sign_ups.withdraw(waits.id, by=acting(cast.zhao_account), at=late)
    assert waits.state == "cancelled"


def test_who_left_the_register_frees_the_place(cast) -> None:
    event = make.event(team=cast.team, leader=cast.li_mei, capacity=1)
    row = make.sign_up(event, cast.wang)
    waits = make.sign_up(event, cast.zhao, state="waiting")
    registration.disown(cast.wang.id, by=acting(cast.wang_account), at=MORNING - DAY)
    assert (row.state, waits.state) == ("cancelled", "confirmed")
    assert told(cast.zhao.id) == ["sign_up_promoted"]
