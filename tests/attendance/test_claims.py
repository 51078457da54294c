"""«I was there»: a claim waits, somebody else agrees, and the no-show goes."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import make
from tests.make_attendance import scan
from volunteer_service.attendance import closing, refusals
from volunteer_service.attendance.records import claim_refusals, claims, disputes, record_decisions
from volunteer_service.db import db
from volunteer_service.errors import Invalid, NotFound
from volunteer_service.events.models import Post, SignUp
from volunteer_service.people.authorization.conflicts import OwnCase
from volunteer_service.people.models import Message
from volunteer_service.scoring.points.models import Transfer

START, END = make.MORNING, make.MORNING + timedelta(minutes=120)
LATER = END + timedelta(days=2)


@pytest.fixture
def missed(cast, event):
    """王建国 held a place, was not scanned, and the event is closed."""
    closing.close(event.id, by=make.acting(cast.li_mei), at=END)
    assert place_of(cast) == "no_show"
    return event.shifts[0]


def place_of(cast) -> str:
    return db.session.scalar(select(SignUp.state).where(SignUp.volunteer_id == cast.wang.id))


def claimed(cast, shift, at=LATER, **how):
    given = {"starts_at": START, "ends_at": END, "words": "和李梅一起站东门"} | how
    by = given.pop("by", None) or make.acting(cast.wang_account)
    return claims.claim(shift.id, **given, by=by, at=at)


def test_a_claim_waits_for_the_leader_and_is_graded_as_their_word(cast, missed) -> None:
    (offer,) = claims.claimable(cast.wang.id, at=LATER)
    assert offer.shift.id == missed.id
    record = claimed(cast, missed)
    assert (record.state, record.waits_for, record.minutes) == ("waiting", "leader", 120)
    assert "claim_made" in db.session.scalars(select(Message.kind)).all()
    assert claims.claimable(cast.wang.id, at=LATER) == []
    record_decisions.confirm([record.id], by=make.acting(cast.li_mei), at=LATER)
    assert (record.state, record.grade) == ("confirmed", "leader")
    assert place_of(cast) == "cancelled"
    assert db.session.scalar(select(Transfer.amount).where(Transfer.source_id == record.id)) == 200
    told = db.session.scalars(select(Message.kind).where(Message.volunteer_id == cast.wang.id))
    assert {"record_confirmed", "no_show_taken_back"} <= set(told)


def test_minutes_are_those_of_the_shift(cast, missed) -> None:
    early, late = START - timedelta(minutes=90), END + timedelta(minutes=90)
    record = claimed(cast, missed, starts_at=early, ends_at=late)
    assert (record.minutes, record.starts_at, record.ends_at) == (120, START, END)


def test_above_the_policy_s_minutes_a_coordinator_decides(cast) -> None:
    event = make.event(team=cast.team, leader=cast.li_mei, minutes=240)
    closing.close(event.id, by=make.acting(cast.li_mei), at=START + timedelta(minutes=241))
    at = START + timedelta(days=1)
    record = claimed(cast, event.shifts[0], at, ends_at=START + timedelta(minutes=240))
    assert (record.minutes, record.waits_for) == (240, "coordinator")
    with pytest.raises(refusals.RecordNotWaiting):
        record_decisions.confirm([record.id], by=make.acting(cast.li_mei), at=at)
    by = make.acting(cast.coordinator)
    record_decisions.decide_waiting(record.id, minutes=180, reason="队友作证", by=by, at=at)
    assert (record.state, record.minutes) == ("confirmed", 180)


def test_nobody_agrees_to_their_own_claim(cast, missed) -> None:
    leader = make.volunteer("李梅", team=cast.team)
    cast.li_mei.volunteer_id = leader.id
    db.session.flush()
    record = claimed(cast, missed, by=make.acting(cast.li_mei))
    with pytest.raises(OwnCase):
        record_decisions.confirm([record.id], by=make.acting(cast.li_mei), at=LATER)


def test_a_refused_claim_is_disputed_and_not_made_again(cast, missed) -> None:
    record = claimed(cast, missed)
    record_decisions.refuse(record.id, reason="那天没看到", by=make.acting(cast.li_mei), at=LATER)
    assert (record.state, place_of(cast)) == ("refused", "no_show")
    with pytest.raises(claim_refusals.ClaimedBefore):
        claimed(cast, missed)
    row = disputes.dispute(record.id, words="有合影", by=make.acting(cast.wang_account), at=LATER)
    assert row.state == "open"


def test_a_claim_is_taken_back_by_its_person_while_it_waits(cast, missed) -> None:
    record = claimed(cast, missed)
    with pytest.raises(NotFound):
        claims.take_back_claim(record.id, by=make.acting(cast.zhao_account), at=LATER)
    claims.take_back_claim(record.id, by=make.acting(cast.wang_account), at=LATER)
    assert (record.state, record.minutes) == ("withdrawn", 0)
    with pytest.raises(refusals.RecordNotWaiting):
        claims.take_back_claim(record.id, by=make.acting(cast.wang_account), at=LATER)


def test_who_was_scanned_disputes_instead(cast, event) -> None:
    scan(event, cast.wang, 0)
    scan(event, cast.wang, 120)
    closing.close(event.id, by=make.acting(cast.li_mei), at=END)
    with pytest.raises(claim_refusals.SeenAtShift):
        claimed(cast, event.shifts[0])


def test_an_open_shift_is_scanned_and_an_old_one_too_late(cast, event) -> None:
    with pytest.raises(claim_refusals.ClaimTooEarly):
        claimed(cast, event.shifts[0], END + timedelta(minutes=1))
    closing.close(event.id, by=make.acting(cast.li_mei), at=END)
    with pytest.raises(claim_refusals.ClaimTooLate):
        claimed(cast, event.shifts[0], END + timedelta(days=30, minutes=1))


@pytest.mark.parametrize(
    ("minutes", "refusal"),
    [
        ((0, 20), claim_refusals.ClaimWorthNothing),
        ((-120, -10), claim_refusals.ClaimWorthNothing),
        ((130, 200), claim_refusals.ClaimWorthNothing),
        ((60, 60), Invalid),
        ((90, 30), Invalid),
        ((0, 26 * 60), Invalid),
        ((0, 4 * 24 * 60), Invalid),
    ],
)
def test_times_that_cannot_be(cast, missed, minutes, refusal) -> None:
    starts, ends = (START + timedelta(minutes=n) for n in minutes)
    with pytest.raises(refusal):
        claimed(cast, missed, starts_at=starts, ends_at=ends)


def test_a_place_elsewhere_at_that_time_is_no_second_record(cast, missed) -> None:
    other = make.event(team=cast.team, leader=cast.li_mei)
    scan(other, cast.wang, 0)
    scan(other, cast.wang, 120)
    closing.close(other.id, by=make.acting(cast.li_mei), at=END)
    with pytest.raises(refusals.RecordOverlaps):
        claimed(cast, missed)


def test_five_claims_within_thirty_days(cast) -> None:
    days = [START + timedelta(days=n) for n in range(6)]
    shifts = []
    for day in days:
        event = make.event(team=cast.team, leader=cast.li_mei, starts_at=day)
        ended = day + timedelta(minutes=120)
        closing.close(event.id, by=make.acting(cast.li_mei), at=ended)
        shifts.append((event.shifts[0], day, ended))
    at = days[-1] + timedelta(days=1)
    for shift, day, ended in shifts[:5]:
        claimed(cast, shift, at, starts_at=day, ends_at=ended)
    with pytest.raises(claim_refusals.TooManyClaims):
        claimed(cast, shifts[5][0], at, starts_at=days[5], ends_at=shifts[5][2])


def test_a_class_has_no_hours_to_claim(cast, event) -> None:
    db.session.get(Post, event.shifts[0].post_id).serves = False
    closing.close(event.id, by=make.acting(cast.li_mei), at=END)
    with pytest.raises(claim_refusals.ServesNothing):
        claimed(cast, event.shifts[0])
