"""Places on shifts and in teams: one person holds one, the better of two."""

import pytest
from sqlalchemy import func, select

from tests import make
from tests.make_attendance import came, scan
from tests.make_merging import DAY, merge, picture, undo
from volunteer_service.attendance import closing
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db
from volunteer_service.events.models import Attendance, SignUp
from volunteer_service.merging import refusals
from volunteer_service.people.changes.change_models import PersonChange
from volunteer_service.people.registrations import consents
from volunteer_service.teams.models import Membership

BEFORE = make.MORNING - DAY


@pytest.fixture
def event(cast):
    return make.event(team=cast.team, leader=cast.li_mei, capacity=2)


def states(event) -> dict[int, str]:
    """State of each sign-up by volunteer."""
    query = select(SignUp.volunteer_id, SignUp.state).where(SignUp.event_id == event.id)
    return {row[0]: row[1] for row in db.session.execute(query)}


@pytest.mark.parametrize(
    ("mine", "theirs", "then"),
    [
        ("confirmed", "confirmed", ("confirmed", "cancelled")),
        ("waiting", "confirmed", ("confirmed", "cancelled")),
        ("cancelled", "waiting", ("waiting", "cancelled")),
        ("confirmed", "waiting", ("confirmed", "cancelled")),
        ("confirmed", "cancelled", ("confirmed", "cancelled")),
    ],
)
def test_of_two_places_on_a_shift_the_better_stays(
    cast, event, kept, other, mine, theirs, then
) -> None:
    make.sign_up(event, kept, state=mine)
    make.sign_up(event, other, state=theirs)
    before = picture()
    done = merge(cast, kept, other, at=BEFORE)
    assert states(event) == {kept.id: then[0], other.id: then[1]}
    undo(cast, done, at=make.MORNING)
    assert picture() == before


def test_the_second_place_goes_to_the_first_who_waits_and_stays_there(
    cast, event, kept, other
) -> None:
    make.sign_up(event, kept)
    make.sign_up(event, other)
    make.sign_up(event, cast.wang, state="waiting")
    done = merge(cast, kept, other, at=BEFORE)
    assert states(event)[cast.wang.id] == "confirmed"
    undo(cast, done, at=make.MORNING)
    # Nobody loses the place that they were given meanwhile.
    assert states(event) == {
        kept.id: "confirmed",
        other.id: "waiting",
        cast.wang.id: "confirmed",
    }


def test_who_came_with_the_other_entry_is_no_no_show(cast, event, kept, other) -> None:
    make.sign_up(event, kept)
    make.sign_up(event, other)
    came(event, other)
    merge(cast, kept, other, at=event.ends_at)
    closed = closing.close(event.id, by=make.acting(cast.li_mei), at=event.ends_at)
    assert (closed.records, closed.no_shows) == (1, 0)
    assert db.session.scalars(select(ServiceRecord.volunteer_id)).one() == kept.id
    assert db.session.scalars(select(Attendance.volunteer_id)).one() == kept.id


def test_both_inside_one_shift_is_ended_first(cast, event, kept, other) -> None:
    make.sign_up(event, kept)
    make.sign_up(event, other)
    scan(event, kept)
    scan(event, other, 30)
    with pytest.raises(refusals.BothCame):
        merge(cast, kept, other)
    closing.close(event.id, by=make.acting(cast.li_mei), at=event.ends_at)
    merge(cast, kept, other)
    standing = select(func.count(ServiceRecord.id)).where(ServiceRecord.state != "refused")
    assert db.session.scalar(standing) == 1


def test_what_was_closed_since_is_not_undone(cast, event, kept, other) -> None:
    make.sign_up(event, other)
    came(event, other)
    done = merge(cast, kept, other, at=event.ends_at)
    closing.close(event.id, by=make.acting(cast.li_mei), at=event.ends_at)
    with pytest.raises(refusals.ChangedSince) as told:
        undo(cast, done, at=event.ends_at + DAY)
    assert told.value.numbers["what"].worded(str) == "服务记录 1"
    assert other.state == "left"


def test_who_left_stays_in_no_team_and_is_not_revived(cast, kept, other) -> None:
    consents.withdraw_consent(other.id, "register", by=make.acting(cast.coordinator), at=BEFORE)
    with pytest.raises(refusals.KeepTheActiveOne):
        merge(cast, other, kept)
    merge(cast, kept, other)
    query = select(Membership.team_id, Membership.state).where(Membership.volunteer_id == kept.id)
    assert {(row[0], row[1]) for row in db.session.execute(query)} == {
        (cast.team.id, "active"),
        (cast.other_team.id, "left"),
    }


def test_an_entry_that_was_not_theirs_is_nobody_s(cast, kept, other) -> None:
    other.state = "disowned"
    db.session.flush()
    with pytest.raises(refusals.NotTheirs):
        merge(cast, kept, other)


def test_a_change_that_waits_comes_first(cast, kept, other) -> None:
    row = PersonChange(
        volunteer_id=other.id, field="name", reason="写错了", asked_at=BEFORE, state="waiting"
    )
    db.session.add(row)
    db.session.flush()
    with pytest.raises(refusals.ChangeWaits):
        merge(cast, kept, other)


def test_a_role_stays_with_its_entry(cast, kept) -> None:
    li = cast.li_mei.volunteer
    with pytest.raises(refusals.RolesFirst):
        merge(cast, kept, li, by=cast.admin)


def test_a_block_of_either_is_the_person_s(cast, kept, other) -> None:
    other.no_show_blocked_at = BEFORE
    db.session.flush()
    done = merge(cast, kept, other)
    assert kept.no_show_blocked_at == BEFORE
    undo(cast, done)
    db.session.refresh(kept)
    assert kept.no_show_blocked_at is None


@pytest.mark.parametrize(
    ("mine", "theirs", "then"),
    [
        ("coming", "active", "active"),
        ("active", "coming", "active"),
        ("coming", "left", "coming"),
        ("left", "coming", "coming"),
        ("coming", "coming", "coming"),
        ("asked", "coming", "coming"),
    ],
)
def test_a_place_in_a_team_that_is_to_begin_begins_on_its_day(
    cast, kept, other, mine, theirs, then
) -> None:
    team, begins = make.team("新队", area=cast.community), make.MORNING + 30 * DAY
    for who, state in ((kept, mine), (other, theirs)):
        joined_at = begins if state == "coming" else make.MORNING - 30 * DAY
        left_at = make.MORNING - DAY if state == "left" else None
        db.session.add(
            Membership(
                team_id=team.id,
                volunteer_id=who.id,
                state=state,
                joined_at=joined_at,
                left_at=left_at,
            )
        )
    before = picture()
    done = merge(cast, kept, other)
    query = select(Membership).where(Membership.team_id == team.id)
    rows = {row.volunteer_id: row for row in db.session.scalars(query)}
    assert (rows[kept.id].state, rows[kept.id].left_at) == (then, None)
    assert (rows[kept.id].joined_at == begins) == (then == "coming")
    assert rows[other.id].state == "left"
    undo(cast, done)
    assert picture() == before
