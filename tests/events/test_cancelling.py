"""Cancelling an event, bringing it back, and taking a place back lose nobody's minutes."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import make
from tests.make_attendance import came, scan
from volunteer_service.attendance import closing
from volunteer_service.attendance.check_ins import rosters
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db
from volunteer_service.errors import NotAllowed, NotFound
from volunteer_service.events import cancelling, refusals, sign_ups
from volunteer_service.events.models import SignUp
from volunteer_service.people.models import Message

MINUTE = timedelta(minutes=1)
BEFORE = make.MORNING - timedelta(days=1)
AFTER = make.MORNING + 125 * MINUTE


@pytest.fixture
def cast(session) -> make.Cast:
    return make.cast()


@pytest.fixture
def event(cast):
    return make.event(team=cast.team, leader=cast.li_mei, published_at=BEFORE, capacity=1)


def told(volunteer) -> list[tuple[str, str | None]]:
    query = select(Message).where(Message.volunteer_id == volunteer.id).order_by(Message.id)
    return [(row.kind, row.facts.get("place")) for row in db.session.scalars(query)]


def state_of(row) -> str:
    db.session.refresh(row)
    return row.state


def test_with_people_inside_it_is_ended_not_cancelled(cast, event) -> None:
    by = make.acting(cast.li_mei)
    make.sign_up(event, cast.wang)
    scan(event, cast.wang, 0)
    for minute in (1, 300, 5000):  # inside, after the end, days later
        with pytest.raises(refusals.PeopleCame):
            cancelling.cancel(event.id, reason="大雨", by=by, at=make.MORNING + minute * MINUTE)
    scan(event, cast.wang, 120)
    with pytest.raises(refusals.PeopleCame):
        cancelling.cancel(event.id, reason="大雨", by=by, at=AFTER)
    closing.close(event.id, by=by, at=AFTER)
    assert [row.minutes for row in db.session.scalars(select(ServiceRecord))] == [120]


def test_the_people_of_a_cancelled_event_are_told(cast, event) -> None:
    row = make.sign_up(event, cast.wang)
    cancelling.cancel(event.id, reason="大雨", by=make.acting(cast.li_mei), at=BEFORE)
    assert state_of(row) == "cancelled"
    assert (told(cast.wang), told(cast.zhao)) == ([("event_cancelled", None)], [])


def test_a_cancelled_event_comes_back_with_its_places_and_its_waiting_list(cast, event) -> None:
    by, shift = make.acting(cast.li_mei), event.shifts[0].id
    first = make.sign_up(event, cast.wang)
    soon = make.MORNING - 60 * MINUTE
    second = sign_ups.sign_up(shift, by=make.acting(cast.zhao_account), at=soon)
    gone = sign_ups.sign_up(shift, by=by, at=soon + MINUTE)
    sign_ups.withdraw(gone.id, by=by, at=soon + 2 * MINUTE)
    cancelling.cancel(event.id, reason="点错", by=by, at=soon + 5 * MINUTE)
    cancelling.bring_back(event.id, by=by, at=soon + 6 * MINUTE)
    assert (event.state, event.cancelled_at, event.cancel_reason) == ("published", None, None)
    assert [state_of(row) for row in (first, second, gone)] == ["confirmed", "waiting", "cancelled"]
    assert told(cast.wang)[-1] == ("event_brought_back", "confirmed")
    assert told(cast.zhao)[-1] == ("event_brought_back", "waiting")
    with pytest.raises(refusals.EventNotCancelled):
        cancelling.bring_back(event.id, by=by, at=make.MORNING)


def test_whoever_went_elsewhere_meanwhile_stays_there_and_is_told(cast, event) -> None:
    by = make.acting(cast.li_mei)
    row = make.sign_up(event, cast.wang)
    cancelling.cancel(event.id, reason="点错", by=by, at=BEFORE)
    other = make.event(team=cast.other_team, leader=cast.coordinator)
    make.sign_up(other, cast.wang)
    cancelling.bring_back(event.id, by=by, at=BEFORE + MINUTE)
    assert state_of(row) == "cancelled"
    assert told(cast.wang)[-1] == ("event_brought_back", "cancelled")


def test_only_who_may_cancel_brings_back(cast, event) -> None:
    cancelling.cancel(event.id, reason="点错", by=make.acting(cast.li_mei), at=BEFORE)
    for account, refusal in (
        (cast.zhao_account, NotFound),
        (cast.wang_account, NotFound),
        (cast.auditor, NotAllowed),
    ):
        with pytest.raises(refusal):
            cancelling.bring_back(event.id, by=make.acting(account), at=BEFORE)
    assert event.state == "cancelled"


def test_brought_back_late_it_makes_nobody_a_no_show(cast, event) -> None:
    """Cancelled with people inside, as it was possible once: their hours come back, no blame."""
    by = make.acting(cast.li_mei)
    there, away = make.sign_up(event, cast.wang), make.sign_up(event, cast.zhao)
    scan(event, cast.wang, 0)
    event.state, event.cancelled_at, event.cancel_reason = "cancelled", make.MORNING, "大雨"
    for row in (there, away):
        row.state, row.cancelled_at = "cancelled", make.MORNING
    db.session.flush()
    cancelling.bring_back(event.id, by=by, at=AFTER)
    assert (state_of(there), state_of(away)) == ("confirmed", "cancelled")
    done = closing.close(event.id, by=by, at=AFTER)
    assert (done.records, done.no_shows) == (1, 0)


def test_what_is_over_and_had_nobody_is_not_brought_back(cast, event) -> None:
    by = make.acting(cast.li_mei)
    cancelling.cancel(event.id, reason="大雨", by=by, at=BEFORE)
    with pytest.raises(refusals.NothingToBringBack):
        cancelling.bring_back(event.id, by=by, at=AFTER)
    assert event.state == "cancelled"


def test_a_draft_comes_back_as_a_draft(cast) -> None:
    draft = make.event(team=cast.team, leader=cast.li_mei, state="draft")
    by = make.acting(cast.li_mei)
    cancelling.cancel(draft.id, reason="点错", by=by, at=BEFORE)
    assert cancelling.bring_back(draft.id, by=by, at=BEFORE).state == "draft"


def test_nobody_withdraws_after_the_check_in(cast, event) -> None:
    """The door opens before the shift begins: then already the place is used."""
    row = make.sign_up(event, cast.wang)
    scan(event, cast.wang, -10)
    for account in (cast.wang_account, cast.li_mei):
        with pytest.raises(refusals.AlreadyThere):
            sign_ups.withdraw(row.id, by=make.acting(account), at=make.MORNING - 5 * MINUTE)
    scan(event, cast.wang, 120)
    with pytest.raises(refusals.AlreadyThere):
        sign_ups.withdraw(row.id, by=make.acting(cast.li_mei), at=AFTER)
    assert state_of(row) == "confirmed"


def test_a_mistaken_sign_up_to_a_running_event_is_taken_back_before_the_check_in(
    cast, event
) -> None:
    by, now = make.acting(cast.wang_account), make.MORNING + 10 * MINUTE
    row = sign_ups.sign_up(event.shifts[0].id, by=by, at=now)
    assert sign_ups.withdraw(row.id, by=by, at=now + MINUTE).state == "cancelled"
    closing.close(event.id, by=make.acting(cast.li_mei), at=AFTER)
    assert state_of(row) == "cancelled"  # no no-show


def test_staying_away_is_no_withdrawal_but_a_leader_may_take_the_place_back(cast, event) -> None:
    row = make.sign_up(event, cast.wang)
    now = make.MORNING + 10 * MINUTE
    with pytest.raises(refusals.SignUpEnded):
        sign_ups.withdraw(row.id, by=make.acting(cast.wang_account), at=now)
    assert sign_ups.withdraw(row.id, by=make.acting(cast.li_mei), at=now).state == "cancelled"
    assert told(cast.wang) == [("sign_up_withdrawn", None)]


def test_after_the_close_no_place_is_given_back(cast, event) -> None:
    row = make.sign_up(event, cast.wang)
    by = make.acting(cast.li_mei)
    closing.close(event.id, by=by, at=AFTER)
    with pytest.raises(refusals.SignUpEnded):
        sign_ups.withdraw(row.id, by=by, at=AFTER)
    assert db.session.get(SignUp, row.id).state == "no_show"


def test_a_place_that_was_used_is_on_the_roster_whatever_became_of_it(cast, event) -> None:
    row = make.sign_up(event, cast.wang)
    came(event, cast.wang)
    row.state = "cancelled"
    db.session.flush()
    shown = rosters.roster(event.id, by=make.acting(cast.li_mei))
    assert [each.sign_up.id for each in shown.rows] == [row.id]
