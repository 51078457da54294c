"""A free place is offered to the first who waits: taken, declined, lapsed, given by the leader."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from tests import make
from tests.make import MORNING, Cast, acting
from volunteer_service import policies
from volunteer_service.db import db
from volunteer_service.errors import NotFound
from volunteer_service.events import (
    change_undoing,
    event_lists,
    offer_times,
    place_offers,
    refusals,
    rescheduling,
    sign_ups,
)
from volunteer_service.events.models import Event, SignUp
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.messages.message_models import MessageSettings
from volunteer_service.people.models import Message, Volunteer

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
#: A week before the shift: there is time to answer.
BEFORE = MORNING - 7 * DAY
JOB = Actor.system("job")


def signing(volunteer: Volunteer) -> Actor:
    return Actor(None, volunteer.id, volunteer.name, "page")


def waiting(cast: Cast, *, capacity: int = 1) -> tuple[Event, list[SignUp]]:
    """王建国 holds the place, 赵芳 and 陈桂英 wait."""
    event = make.event(team=cast.team, leader=cast.li_mei, capacity=capacity)
    people = [cast.wang, cast.zhao, make.volunteer("陈桂英")]
    rows = [
        sign_ups.sign_up(
            event.shifts[0].id, volunteer_id=who.id, by=Actor.system("cli"), at=BEFORE - DAY
        )
        for who in people
    ]
    return event, rows


def offered(cast: Cast, at: datetime = BEFORE) -> tuple[Event, list[SignUp]]:
    """王建国 has withdrawn."""
    event, rows = waiting(cast)
    sign_ups.withdraw(rows[0].id, by=signing(cast.wang), at=at)
    return event, rows


def told(volunteer_id: int) -> list[str]:
    query = select(Message.kind).where(Message.volunteer_id == volunteer_id)
    return list(db.session.scalars(query.order_by(Message.id)))


def states(rows: list[SignUp]) -> list[str]:
    return [row.state for row in rows]


def test_a_place_that_becomes_free_is_kept_for_the_first_who_waits(session: None) -> None:
    cast = make.cast()
    event, rows = offered(cast)
    assert states(rows) == ["cancelled", "waiting", "waiting"]
    assert [row.offered_until for row in rows] == [None, BEFORE + DAY, None]
    assert told(cast.zhao.id) == ["place_waiting", "place_offered"]
    place = event_lists.board(event.id, None).shifts[0]
    assert (place.taken, place.offered, place.free) == (0, 1, 0)
    stranger = make.volunteer("周强")
    late = sign_ups.sign_up(event.shifts[0].id, by=signing(stranger), at=BEFORE + HOUR)
    assert late.state == "waiting"


@pytest.mark.parametrize(
    ("left", "kept"),
    [
        (7 * DAY, DAY),
        (3 * DAY, DAY),
        (2 * DAY + 5 * HOUR, 5 * HOUR),
        (2 * DAY + HOUR, HOUR),
        (2 * DAY, None),
        (HOUR, None),
    ],
)
def test_the_nearer_the_shift_the_shorter_the_offer_and_near_it_is_given(
    session: None, left: timedelta, kept: timedelta | None
) -> None:
    cast = make.cast()
    _event, rows = offered(cast, MORNING - left)
    if kept is None:
        assert (rows[1].state, rows[1].offered_until) == ("confirmed", None)
        assert told(cast.zhao.id)[-1] == "sign_up_promoted"
    else:
        assert (rows[1].state, rows[1].offered_until) == ("waiting", MORNING - left + kept)


def test_hours_are_the_policy_s(session: None) -> None:
    awake = {"quiet_from_minute": 0, "quiet_to_minute": 0}
    numbers = {"offer_hours": 3, "offer_at_once_hours": 1} | awake
    policies.add_version(numbers, reason="试行", account_id=None, at=BEFORE - DAY)
    cast = make.cast()
    event = make.event(team=cast.team, leader=cast.li_mei)
    row, shift = make.sign_up(event, cast.zhao, state="waiting"), event.shifts[0]
    assert offer_times.ends(row, shift, BEFORE) == BEFORE + 3 * HOUR
    assert offer_times.ends(row, shift, MORNING - 2 * HOUR) == MORNING - HOUR
    assert offer_times.ends(row, shift, MORNING - HOUR) is None
    policies.add_version({"offer_hours": 0}, reason="停用", account_id=None, at=BEFORE)
    assert offer_times.ends(row, shift, BEFORE) is None


def test_who_accepts_has_the_place_and_only_once(session: None) -> None:
    cast = make.cast()
    _event, rows = offered(cast)
    place_offers.accept(rows[1].id, by=signing(cast.zhao), at=BEFORE + 5 * HOUR)
    assert states(rows) == ["cancelled", "confirmed", "waiting"]
    assert told(cast.zhao.id)[-1] == "place_confirmed"
    with pytest.raises(refusals.OfferOver):
        place_offers.accept(rows[1].id, by=signing(cast.zhao), at=BEFORE + 5 * HOUR)


def test_who_declines_leaves_it_to_the_next(session: None) -> None:
    cast = make.cast()
    _event, rows = offered(cast)
    place_offers.decline(rows[1].id, by=signing(cast.zhao), at=BEFORE + HOUR)
    assert states(rows) == ["cancelled", "cancelled", "waiting"]
    assert rows[2].offered_until == BEFORE + HOUR + DAY
    assert told(rows[2].volunteer_id) == ["place_waiting", "place_offered"]


def test_who_withdraws_from_the_list_passes_the_offer_on(session: None) -> None:
    cast = make.cast()
    _event, rows = offered(cast)
    sign_ups.withdraw(rows[1].id, by=signing(cast.zhao), at=BEFORE + HOUR)
    assert rows[2].offered_until == BEFORE + HOUR + DAY


def test_without_an_answer_it_lapses_to_the_next_and_its_reader_is_told(session: None) -> None:
    cast = make.cast()
    _event, rows = offered(cast)
    assert place_offers.lapse_due(by=JOB, at=BEFORE + DAY - HOUR) == 0
    with pytest.raises(refusals.OfferOver):
        place_offers.accept(rows[1].id, by=signing(cast.zhao), at=BEFORE + DAY)
    assert place_offers.lapse_due(by=JOB, at=BEFORE + DAY) == 1
    assert place_offers.lapse_due(by=JOB, at=BEFORE + DAY) == 0
    assert states(rows) == ["cancelled", "cancelled", "waiting"]
    assert told(cast.zhao.id)[-1] == "place_offer_lapsed"
    assert rows[2].offered_until == BEFORE + 2 * DAY
    again = sign_ups.sign_up(rows[1].shift_id, by=signing(cast.zhao), at=BEFORE + DAY + HOUR)
    assert (again.id, again.state, again.offered_until) == (rows[1].id, "waiting", None)


def test_the_leader_hears_of_an_offer_that_nobody_answered(session: None) -> None:
    cast = make.cast()
    event, rows = offered(cast)
    place_offers.lapse_due(by=JOB, at=BEFORE + DAY)
    place_offers.lapse_due(by=JOB, at=BEFORE + 2 * DAY)
    query = select(Message.facts).where(Message.kind == "offer_unanswered").order_by(Message.id)
    heard = db.session.scalars(query).all()
    # The next one was asked, then nobody is left to ask.
    assert [(facts["event"], facts["free"]) for facts in heard] == [(event.id, 0), (event.id, 1)]
    assert states(rows) == ["cancelled"] * 3


@pytest.mark.parametrize(("quiet_to", "state"), [(8 * 60 + 45, "waiting"), (11 * 60, "confirmed")])
def test_who_sleeps_until_the_offer_ends_has_the_place_at_once(
    session: None, quiet_to: int, state: str
) -> None:
    cast = make.cast()
    asleep = MessageSettings(
        volunteer_id=cast.zhao.id, language="zh", off=[], quiet_from=8 * 60, quiet_to=quiet_to
    )
    db.session.add(asleep)
    db.session.flush()
    # Made at 8:30, it ends at 9:00, two days before the shift.
    _event, rows = offered(cast, MORNING - 2 * DAY - HOUR / 2)
    assert rows[1].state == state


def test_nobody_answers_for_somebody_else(session: None) -> None:
    cast = make.cast()
    _event, rows = offered(cast)
    for answer in (place_offers.accept, place_offers.decline):
        with pytest.raises(NotFound):
            answer(rows[1].id, by=signing(cast.wang), at=BEFORE)


def test_a_leader_gives_the_place_to_who_was_asked(session: None) -> None:
    cast = make.cast()
    _event, rows = offered(cast)
    place_offers.give(rows[1].id, by=acting(cast.li_mei), at=BEFORE + HOUR)
    assert (states(rows)[1], told(cast.zhao.id)[-1]) == ("confirmed", "sign_up_promoted")
    with pytest.raises(refusals.NotWaiting):
        place_offers.give(rows[1].id, by=acting(cast.li_mei), at=BEFORE + HOUR)


def test_no_leader_gives_a_place_that_is_kept_for_another(session: None) -> None:
    cast = make.cast()
    _event, rows = offered(cast)
    with pytest.raises(refusals.NoPlaceToGive):
        place_offers.give(rows[2].id, by=acting(cast.li_mei), at=BEFORE + HOUR)
    with pytest.raises(NotFound):
        place_offers.give(rows[1].id, by=signing(cast.wang), at=BEFORE + HOUR)


def test_who_is_elsewhere_by_now_does_not_take_it(session: None) -> None:
    cast = make.cast()
    _event, rows = offered(cast)
    other = make.event(team=cast.other_team, leader=cast.li_mei)
    sign_ups.sign_up(other.shifts[0].id, by=signing(cast.zhao), at=BEFORE)
    with pytest.raises(refusals.SignUpOverlaps):
        place_offers.accept(rows[1].id, by=signing(cast.zhao), at=BEFORE + HOUR)
    assert rows[1].offered_until == BEFORE + DAY


def test_a_move_ends_the_offer_and_asks_anew_while_there_is_time(session: None) -> None:
    cast = make.cast()
    event, rows = offered(cast)
    shift, by = event.shifts[0], acting(cast.li_mei)
    moved = {"starts_at": shift.starts_at + HOUR, "ends_at": shift.ends_at + HOUR}
    sent = moved | {"capacity": 1, "reason": "让出操场"}
    rescheduling.edit_shift(shift.id, **sent, by=by, at=BEFORE + HOUR)
    assert (rows[1].state, rows[1].offered_until) == ("waiting", BEFORE + HOUR + DAY)
    assert rows[2].offered_until is None


def test_more_places_are_offered_and_the_preview_says_so(session: None) -> None:
    cast = make.cast()
    event, rows = waiting(cast)
    shift, by = event.shifts[0], acting(cast.li_mei)
    same = {"starts_at": shift.starts_at, "ends_at": shift.ends_at}
    done = rescheduling.edit_shift(
        shift.id, **same, capacity=3, reason="多两个人", by=by, at=BEFORE
    )
    assert [row.outcome for row in done.touched] == ["offered", "offered"]
    assert [row.offered_until for row in rows[1:]] == [BEFORE + DAY] * 2
    change_undoing.undo_change(event.id, version=event.version, by=by, at=BEFORE + HOUR)
    assert [(row.state, row.offered_until) for row in rows[1:]] == [("waiting", None)] * 2
